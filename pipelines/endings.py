"""Reads whether a page's markup came to its end, from its bytes: no tree is needed."""

_END = b"</html"


def is_unclosed(body: bytes) -> bool:
    """Whether a page has no end tag of its document.

    HTML lets a page leave it out, yet a page that always had one and has none came half, whatever
    length its server announced.

    >>> is_unclosed(b"<html><body><p>Yol")
    True
    """
    return body.rfind(_END) < 0 and _END not in body.lower()
