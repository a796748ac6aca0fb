"""CDXJ: the index of a segment's captures that other tools read (pywb, ReplayWeb.page).

One line a capture: the address as a sort key (SURT), the moment in UTC, and JSON with the fields
`url`, `mime`, `status`, `digest`, `length`, `offset` and `filename`.

Source: the CDXJ format of pywb and cdxj-indexer; the canonical form is that of the Internet
Archive's `surt`, which makes one key of addresses that differ in `www.`, case or order of query.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote_to_bytes, urlsplit

from archive.errors import IntegrityError
from archive.http_message import http_of
from archive.spool import mime_of
from archive.warc import Location, Record, RecordType

_INDEXED = (RecordType.RESPONSE, RecordType.REVISIT, RecordType.RESOURCE)
_WWW = re.compile(r"www\d*\.")
_SESSION_IN_QUERY = re.compile(
    r"(?i)(?:^|(?<=&))"
    r"(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24})(?:&|$)"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNESCAPED = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"  # what Google's canonical form leaves as it is


def surt_of(url: str) -> str:
    """The sort key of an address.

    >>> surt_of("https://www.Numune.example/Xeber/?b=2&a=1#son")
    'example,numune)/xeber?a=1&b=2'
    """
    parts = urlsplit(url.strip())
    host = _WWW.sub("", (parts.hostname or "").rstrip("."), count=1)
    if not host:
        return url
    key = ",".join(reversed(host.split(".")))
    try:
        port = parts.port
    except ValueError:
        port = None  # out of range: the address never led anywhere
    if port not in (None, _DEFAULT_PORTS.get(parts.scheme)):
        key += f":{port}"
    path = _escaped(re.sub(r"/{2,}", "/", parts.path) or "/").lower()
    query = _SESSION_IN_QUERY.sub("", parts.query, count=1)
    words = sorted(tuple(word.split("=", 1)) for word in _escaped(query).lower().split("&"))
    query = "&".join("=".join(word) for word in words)
    return f"{key}){path.rstrip('/') or '/'}{f'?{query}' if query else ''}"


def cdxj_of(records: Iterable[tuple[Location, Record]], filename: str) -> bytes:
    """The index of a segment, sorted by key and moment.

    filename  of the sealed segment, as the index names it
    """
    lines = [
        _line(location, record, filename) for location, record in records if is_indexed(record)
    ]
    return "".join(sorted(lines)).encode()


def is_indexed(record: Record) -> bool:
    """Whether an index has a line for a record."""
    return record.type in _INDEXED and bool(record.target_uri)


def _line(location: Location, record: Record, filename: str) -> str:
    status, mime = "", record.content_type or ""
    if record.type is not RecordType.RESOURCE:
        try:
            message = http_of(record)
        except IntegrityError:
            pass  # an answer of another protocol: dns:, ftp:
        else:
            status, mime = str(message.status), mime_of(message.headers)
    shape = {
        "url": record.target_uri,
        "mime": "warc/revisit" if record.type is RecordType.REVISIT else mime,
        "status": status,
        "digest": record.find_field("WARC-Payload-Digest") or "",
        "length": str(location.length),
        "offset": str(location.offset),
        "filename": filename,
    }
    told = {name: value for name, value in shape.items() if value}
    moment = f"{record.date:%Y%m%d%H%M%S}"
    return f"{surt_of(record.target_uri or '')} {moment} {json.dumps(told, ensure_ascii=False)}\n"


def _escaped(text: str) -> str:
    """Percent-encoded once, whatever it was before."""
    return quote(unquote_to_bytes(text), safe=_UNESCAPED)
