"""Addresses: the one canonical form of a URL, and what an address says of its article.

Nothing here touches the network. `normal_address` is the form that any URL may take without
knowing its site (RFC 3986, section 6.2.2); `canonical_address` adds what the site's rules tell:
which hosts are the same, what of a query belongs to the address, where an article's number is.
Both are idempotent.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from pipelines.rules import Site

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PATH_SAFE = "/:@!$&'()*+,;="
_QUERY_SAFE = "/?:@!$'()*+,;&="

# Parameters that say where a visitor came from or in which dress the page is wanted, never which
# page it is. `at_` and `xtor` are BBC's, `fbclid` to `yclid` those of the networks.
_TRACKING = re.compile(
    r"""(?: utm_\w+ | at_(?:medium|campaign|custom\d|link_\w+) | mtm_\w+ | pk_\w+ | hsa_\w+ | ga_\w+
          | fbclid | gclid | gclsrc | dclid | yclid | ysclid | msclkid | igshid | igsh | mc_[ce]id
          | _ga | _gl | _openstat | xtor | ref_src | ref_url | feature=share
          | amp | outputtype | print | printable | from_rss | share | nocache | cache_?buster
        ) (?: = | $ )""",
    re.IGNORECASE | re.VERBOSE,
)

# The same article in another dress: light pages, print pages, frames for other sites.
_DRESS_SUFFIX = re.compile(r"/(?:amp|print|embed|amp\.html|print\.html)/?$", re.IGNORECASE)
_DRESS_PREFIX = re.compile(r"^/(?:amp|print)(?=/)", re.IGNORECASE)
_DATALIFE_PRINT = re.compile(r"/(?:print:)?page,\d+,(?=[^/]+$)")  # DataLife: print:page,1,12-a.html

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})?")
_KEPT_ESCAPE = re.compile(r"(%[0-9A-F]{2})")
_PLAIN = re.compile(r"[A-Za-z0-9\-._~/]*")  # what needs no second look: most paths of most sites
_DOTTED_I = re.compile("i\u0307+")


class _Address(NamedTuple):
    scheme: str
    host: str  # with its port where that is not the scheme's own
    path: str
    query: str


def normal_address(url: str) -> str:
    """The URL in normal form, its query whole: for feeds, listings, photos and unknown sites.

    Scheme and host in lower case, no fragment, no user, no default port, no dot segments; one
    percent-encoding (UTF-8 in NFC, upper-case hexadecimals), so that `ə`, `%c9%99` and `%C9%99`
    are one; `i` with a combining dot is `i`. What is no http address is given back stripped.
    """
    parts = _split(url, scheme="https")
    return url.strip() if parts is None else _joined(parts)


@lru_cache(maxsize=1024)  # of a page it is asked for half a dozen times
def canonical_address(url: str, site: Site | None = None) -> str:
    """The one address under which a page is kept; the same for each way of writing it.

    Beyond `normal_address`, tracking parameters are dropped. Of an address of `site` its host
    becomes the main host (mirrors keep theirs), its scheme the site's unless a port is given,
    print and AMP forms of an article the article, and its query goes where the path alone names
    an article or is cut to the parameters that name it. Doing it twice changes nothing.

    >>> canonical_address("HTTP://Numune.example:80/x%c9%99b%c9%99r/?utm_source=rss#top")
    'http://numune.example/x%C9%99b%C9%99r/'
    """
    parts = _split(url, scheme=site.scheme if site else "https")
    if parts is None:
        return url.strip()
    parts = parts._replace(query=_without_tracking(parts.query))
    if site is None or not _is_of(parts.host, site):
        return _joined(parts)
    return _joined(_canonical(parts, site))


def absolute_address(link: str, page_url: str) -> str:
    """A link of a page as an absolute address in normal form; empty where it leads to no page."""
    try:
        joined = urljoin(page_url, link.strip())
    except ValueError:  # a bracket without its pair
        return ""
    parts = _split(joined, scheme="https")
    return "" if parts is None else _joined(parts)


def is_article_address(url: str, site: Site) -> bool:
    """Whether the address lies on the site and has the shape of one of its articles."""
    return _article_match(url, site) is not None


def article_id_of(url: str, site: Site) -> str | None:
    """The part of an article's address that stays when the slug changes, or None.

    It is the group `id` of the first pattern in `site.articles` that matches.
    """
    found = _article_match(url, site)
    return None if found is None else found.groupdict().get("id")


def article_key(url: str, site: Site) -> str:
    """What makes an article the same article: `host#id`, else its canonical address.

    With an edition it is `host/edition#id`: president.az numbers a text alike in each language.
    A site that has moved keeps the host by which its articles were known.
    """
    article_id, host = article_id_of(url, site), site.known_as or site.hosts[0]
    if article_id is None:
        address = canonical_address(url, site)
        return address.replace(f"://{site.hosts[0]}/", f"://{host}/", 1)
    return "/".join(filter(None, (host, site.edition))) + f"#{article_id}"


def article_groups(url: str, site: Site) -> Mapping[str, str] | None:
    """What the named groups of the pattern match in an article's address; None where it is none."""
    found = _article_match(url, site)
    return None if found is None else found.groupdict(default="")


def is_address_of(url: str, site: Site) -> bool:
    """Whether the address lies on one of the site's hosts or mirrors."""
    parts = _split(url, scheme=site.scheme)
    return parts is not None and _is_of(parts.host, site)


@lru_cache(maxsize=1024)
def _article_match(url: str, site: Site) -> re.Match[str] | None:
    parts = _split(canonical_address(url, site), scheme=site.scheme)
    if parts is None or not _is_of(parts.host, site):
        return None
    return _match(parts.path, parts.query, site)


def _match(path: str, query: str, site: Site) -> re.Match[str] | None:
    if _is_never(path, query, site):
        return None
    target = _target(path, query)
    found = (pattern.search(target) for pattern in _compiled(site.articles))
    return next((match for match in found if match), None)


def _is_never(path: str, query: str, site: Site) -> bool:
    target = _target(path, query)
    return any(pattern.search(target) for pattern in _compiled(site.never))


def _target(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=1024)
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


def _canonical(parts: _Address, site: Site) -> _Address:
    path, query = re.sub("//+", "/", parts.path), parts.query
    if not _is_never(path, query, site):
        path = _undressed(path, query, site)
        if not site.keep_query and (naming := _naming_query(path, query, site)) is not None:
            query = naming
        path = _with_slash_policy(path, query, site)
    has_port = parts.host.rpartition(":")[2].isdigit()
    return _Address(
        scheme=parts.scheme if has_port else site.scheme,
        host=_main_host(parts.host, site),
        path=path,
        query=query,
    )


def _undressed(path: str, query: str, site: Site) -> str:
    """The path without its print or AMP dress, where an article is left without it."""
    for dress, bare in ((_DRESS_SUFFIX, ""), (_DRESS_PREFIX, ""), (_DATALIFE_PRINT, "/")):
        stripped = dress.sub(bare, path)
        if stripped == path:
            continue
        for form in (stripped, f"{stripped}/"):
            if _naming_query(form, query, site) is not None:
                return _undressed(form, query, site)
    return path


def _naming_query(path: str, query: str, site: Site) -> str | None:
    """What of the query an article's address needs beside this path, None where it is no article's.

    Mostly nothing; `newsid=12` of `/index.php?newsid=12&start=3`.
    """
    if _match(path, "", site):
        return ""
    parameters = query.split("&")
    enough = next((each for each in (query, *parameters) if _match(path, each, site)), None)
    if enough is None:
        return None
    needed = enough.split("&")
    article_id = _id_in(path, enough, site)
    for parameter in tuple(needed):
        fewer = [each for each in needed if each != parameter]
        if (
            _match(path, "&".join(fewer), site)
            and _id_in(path, "&".join(fewer), site) == article_id
        ):
            needed = fewer
    return "&".join(needed)


def _id_in(path: str, query: str, site: Site) -> str | None:
    found = _match(path, query, site)
    return None if found is None else found.groupdict().get("id")


def _with_slash_policy(path: str, query: str, site: Site) -> str:
    if site.trailing_slash is None or not _match(path, query, site):
        return path
    bare = path.rstrip("/")
    is_file = "." in bare.rpartition("/")[2]
    other = f"{bare}/" if site.trailing_slash and not is_file else bare
    return other if other and _match(other, query, site) else path


def _without_tracking(query: str) -> str:
    if not query:
        return ""
    parameters = (each.removeprefix("amp;") for each in query.split("&"))
    return "&".join(each for each in parameters if each and not _TRACKING.match(each))


def _is_of(host: str, site: Site) -> bool:
    return _known_host(host, site.hosts) or _known_host(host, site.mirrors)


def _known_host(host: str, hosts: tuple[str, ...]) -> bool:
    return host in hosts or host.removeprefix("www.") in hosts or f"www.{host}" in hosts


def _main_host(host: str, site: Site) -> str:
    return site.hosts[0] if _known_host(host, site.hosts) else host


def _split(url: str, *, scheme: str) -> _Address | None:
    """The parts of an http address in normal form, or None where it is none."""
    url = url.strip()
    try:
        parts = urlsplit(f"{scheme}:{url}" if url.startswith("//") else url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return None
        host = _host_of(parts)
    except ValueError:  # a bracket without its pair, a port that is no number
        return None
    return _Address(
        scheme=parts.scheme,
        host=host,
        path=_without_dots(_recoded(parts.path, _PATH_SAFE)) or "/",
        query=_recoded(parts.query, _QUERY_SAFE),
    )


def _joined(parts: _Address) -> str:
    return f"{parts.scheme}://{parts.host}{_target(parts.path, parts.query)}"


def _host_of(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    if ":" in name:
        name = f"[{name}]"
    if not name:
        raise ValueError("no host")
    return name if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{name}:{parts.port}"


def _recoded(text: str, safe: str) -> str:
    """The text in one percent-encoding; escapes of reserved characters stay escapes."""
    if _PLAIN.fullmatch(text):
        return text
    raw = _ESCAPE.sub(_unescaped, text.encode("utf-8", "surrogatepass"))
    # Apart from the escapes that stay: a combining mark would join the last digit of one.
    runs = _KEPT_ESCAPE.split(raw.decode("utf-8", "surrogateescape"))
    return "".join(run if _KEPT_ESCAPE.fullmatch(run) else _quoted(run, safe) for run in runs)


def _quoted(run: str, safe: str) -> str:
    folded = _DOTTED_I.sub("i", unicodedata.normalize("NFC", run))
    return quote(unicodedata.normalize("NFC", folded), safe=safe, errors="surrogateescape")


def _unescaped(escape: re.Match[bytes]) -> bytes:
    if escape[1] is None:  # a percent sign that escapes nothing
        return b"%25"
    value = int(escape[1], 16)
    if value >= 0x80 or value in _UNRESERVED:
        return bytes((value,))
    return escape[0].upper()


def _without_dots(path: str) -> str:
    """The path without `.` and `..` (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    segments = path.split("/")
    kept: list[str] = []
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)
