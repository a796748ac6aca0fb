"""Reads what a page's meta robots asks of archives, from the bytes of its head: no tree is needed."""

import re
from collections.abc import Iterator

_HEAD_BYTES = 16_000  # sites write the tag near the top; its place is the head alone
_LONGEST_TAG = 500
_NAMES = (b"obots", b"OBOTS", b"salname")  # found so, a page costs some microseconds
_NAME = re.compile(rb"\bname\s*=\s*[\"']?\s*(?:robots|salname)\s*[\"'\s/>]", re.IGNORECASE)
_CONTENT = re.compile(rb"\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


def asks_noarchive(body: bytes) -> bool:
    """Whether meta robots says `noarchive` or `none`, to all robots or to this one.

    It is kept as a flag and changes nothing else. Source: Google Search Central, "Robots meta tag,
    data-nosnippet, and X-Robots-Tag specifications".

    >>> asks_noarchive(b'<head><meta content="noindex, NOARCHIVE" name=robots></head>')
    True
    """
    end = body.find(b"</head", 0, _HEAD_BYTES)
    head = body[: end if end >= 0 else _HEAD_BYTES]
    return any(
        _NAME.search(tag) and _says_so(tag) and not _is_in_comment(head, at)
        for at, tag in _tags(head)
    )


def _tags(head: bytes) -> Iterator[tuple[int, bytes]]:
    """The meta tags that name a robot, and where they begin."""
    for name in _NAMES:
        at = head.find(name)
        while at >= 0:
            start = head.rfind(b"<", max(0, at - _LONGEST_TAG), at)
            end = head.find(b">", at, at + _LONGEST_TAG)
            if start >= 0 and end >= 0 and head[start : start + 5].lower() == b"<meta":
                yield start, head[start : end + 1]
            at = head.find(name, at + 1)


def _says_so(tag: bytes) -> bool:
    content = _CONTENT.search(tag)
    rules = b"".join(part or b"" for part in content.groups()) if content else b""
    said = {rule.strip() for rule in rules.lower().split(b",")}
    return not {b"noarchive", b"none"}.isdisjoint(said)


def _is_in_comment(head: bytes, at: int) -> bool:
    return head.rfind(b"<!--", 0, at) > head.rfind(b"-->", 0, at)
