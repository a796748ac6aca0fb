"""Tells whether two addresses deliver the same picture: what a delivery network adds is left out.

Sizes, quality, format, versions for caches and signatures change from one fetch to the next
although nobody touched the article; a number or a name in the query says which picture it is.
"""

import re
from functools import lru_cache

_DELIVERY = frozenset(
    [
        "w",
        "h",
        "width",
        "height",
        "maxwidth",
        "maxheight",
        "mw",
        "mh",
        "size",
        "resize",
        "fit",
        "crop",
        "gravity",
        "dpr",
        "q",
        "quality",
        "auto",
        "fm",
        "format",
        "f_auto",
        "fl",
        "strip",
        "sharp",
        "blur",
        "bg",
        "v",
        "ver",
        "version",
        "rev",
        "t",
        "ts",
        "time",
        "timestamp",
        "cb",
        "cache",
        "nocache",
        "rnd",
        "rand",
        "r",
        "_",
        "itok",
        "token",
        "sig",
        "signature",
        "expires",
        "exp",
        "hash",
        "utm_source",
        "utm_medium",
        "utm_campaign",
    ]
)
# What stands in the path for a size: /640x480/, /w_640,h_480,c_fill/, /fit-in/; and WordPress's
# photo-300x200.jpg. Cloudflare writes its options behind /cdn-cgi/image/.
_SIZE_STEP = re.compile(
    r"/(?:\d{2,4}x\d{2,4}|fit-in|(?:[whcqf]_[\w.:]+)(?:,[a-z]{1,3}_[\w.:]+)*|cdn-cgi/image/[^/]+)(?=/)",
    re.IGNORECASE,
)
_SIZE_ENDING = re.compile(r"[-_](?:\d{2,4}x\d{2,4}|scaled)$")
# A browser is sent the format that it takes: 1.jpg, 1.jpg.webp or 1.avif.
_FORMAT = re.compile(r"(?:\.(?:jpe?g|jfif|png|webp|avif|gif))+$", re.IGNORECASE)
_SHARD = re.compile(r"(?<=[a-z])-?\d{1,2}(?=\.)")  # cdn1. and cdn2. are one store
_CACHED = 1 << 12


@lru_cache(maxsize=_CACHED)
def photo_key(url: str) -> str:
    """What names the picture in an address: host, path without sizes and format, and the query's own
    part.

    >>> photo_key("https://cdn2.numune.example/640x480/foto/1.jpg?w=640&v=17")
    'cdn.numune.example/foto/1'
    >>> photo_key("https://numune.example/foto.php?id=7&q=80")
    'numune.example/foto.php?id=7'
    """
    address = url.partition("#")[0].partition("://")
    place, _, query = (address[2] or address[0]).partition("?")
    host, slash, path = place.removeprefix("www.").partition("/")
    path = _FORMAT.sub("", _SIZE_STEP.sub("", slash + path))
    path = _SIZE_ENDING.sub("", path)
    if host.count(".") > 1:
        first, dot, rest = host.partition(".")
        host = f"{_SHARD.sub('', first + dot)}{rest}"
    own = "&".join(
        part
        for part in query.split("&")
        if part and part.partition("=")[0].lower() not in _DELIVERY
    )
    return f"{host.lower()}{path}{'?' if own else ''}{own}"
