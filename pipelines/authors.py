"""Finds who wrote an article, without rules: told to machines, or printed in a byline.

JSON-LD names the author best, a byline in markup of its own next, and meta tags least: many sites
put the web studio or themselves there. Names of the site, of “admin” and the editors' office are
no authors; an agency is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from archive.article import Block
from pipelines.attribution import read_attribution
from pipelines.datelines import names_of
from pipelines.heads import Listed
from pipelines.letters import folded, letters_of, words_of
from pipelines.parsing import ParsedPage, clean_text, string_of
from pipelines.structured import Structured

_MOST_NODES = 60
_MOST_NAMES = 12
_LONGEST_BYLINE_CHARS = 400
_LONGEST_NAME_CHARS = 60
_LONGEST_LINE_CHARS = 120
_MOST_LEVELS = 60
_MOST_PARTS = 10  # elements in a byline
_BEFORE = 30  # elements before the headline
_NEAR = 120  # elements after the headline in which its byline stands

_BYLINE_CLASS = re.compile("uthor|utor|uteur|yline|writer|muellif|vcard|verfasser")
_BYLINE_PATH = re.compile("/(?:author|autor|auteur|muellif|journalist)")
_LISTS = re.compile(
    r"/(?:authors?|autor(?:en|es)?|auteurs?|muellif(?:ler)?|journalists?)/?(?:[?#]|$)"
)
_NAMED = etree.XPath(
    ".//*[contains(concat(' ', @rel, ' '), ' author ') or @itemprop='name' or contains(concat(' ', @class, ' '), ' fn ')"
    " or contains(@class, 'author-name') or contains(@class, 'author__name')]"
    " | .//a[contains(@href, '/author') or contains(@href, '/autor')]"
)
_OTHERS = re.compile(
    r"comment|kommentar|disqus|respond|related|recent|(?:^|\s|right-|left-)sidebar(?:\s|-left|-right|$)|similar|popular"
    r"|most-?read|(?:^|\s)(?:social|share|credit|menu|nav)|(?:^|[\s_-])(?:caption|copyright)(?!-?subject)",
    re.IGNORECASE,
)
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "time", "button"})

_BY = re.compile(
    r"^(?:(?:written|posted|published|geschrieben|verfasst|veröffentlicht|publié|rédigé|écrit|publicado|escrito|scritto"
    r"|skrevet|skriven|geschreven)\b.{0,40}?\b)?(?:by|von|vom|par|por|di|da|av|af|door|przez|od)\b\s*:?\s*"
    r"|^(?:autor(?:in|en)?|auteurs?|authors?|autores?|müəllif(?:lər)?|автор)\b\s*:?\s*(?:von\b|by\b)?\s*"
    r"|^(?:text|texte|texto|words|story|reporter|redakteur(?:in)?|yazı|yazar|текст|interview|kommentar|bericht)"
    r"\s*(?:und fotos?|:|von)+\s*(?:von\b|by\b)?\s*",
    re.IGNORECASE,
)
_TEXT_BY = re.compile(
    r"^(?:(?:(?:eine?\s)?(?:kolumne|kommentar|(?:blog[\s-]?|gast)?beitrag|bericht|analyse|essay|glosse|text|column|opinion"
    r"|review|story|article|written|posted|geschrieben|publié|posted in)\s)?(?:by|von|par|por)\s+"
    r"|(?:text|texte)\s*:\s*|(?:autor(?:in|en)?|authors?|auteurs?|müəllif(?:lər)?|автор)\s*(?::|\s)\s*)(?=[^\W\d_])",
    re.IGNORECASE | re.MULTILINE,
)
_SURE_BY = re.compile(
    r"^(?:(?:written|posted|geschrieben|publié)\b.{0,20}\b(?:by|von|par)|(?:autor(?:in|en)?|author|müəllif|автор)\s*:)\s*",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"\s*(?:[,;&/|+•·]|\sim (?:Gespräch|Interview) mit\s|\s(?:and|und|et|y|e|og|och|və|ve|и|with|mit)\s)\s*"
)
_END = re.compile(
    r"\s+[-–—|•·]\s+|\s*[(\[@:\n]|\s+(?:in|am|on|le|el|um|at|from|für|for|bei|aus|vor|il)\s"
    r"|(?<!\w)\d|\s+(?:Illustrations?|Fotos?|Photos?|Bilder)\b"
)
_TOKEN = re.compile(r"(?:[^\W\d_]\.?)+(?:['’`.-](?:[^\W\d_]\.?)+)*\.?")
_DEGREE = re.compile(r"(?:ph\.?d|m\.?d|m\.?a|b\.?a|m\.?sc|jr|sr|mba|esq)\.?", re.IGNORECASE)
_PARTICLES = words_of(
    "von van der den de del della la le di da do dos du el al bin ibn ter ten zu zur af av y e oglu qizi ogly"
)
_PERSON = re.compile(r"[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){1,3}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,3}")
_NO_NAME = re.compile(
    r"https?:|www\.|\w\.[a-z]{2,5}(?:\s|$)|@|redaksiya|editor|admin|news|media|xəbər|agency|redaktion|redacción|rédaction"
    r"|redazione|staff|webmaster|team\b|studio|unknown|anonym|gast(?:autor|beitrag)",
    re.IGNORECASE,
)
_NO_WORDS = words_of(
    "авторы авторов автора muellif muellifler autoren autores authors auteurs by posted on comment comments share teilen artikel alle mehr more follow kontakt about the author autor autorin"
    " redakteur redakteurin written published photo foto fotos text home profil profile posts beitrage kommentare view"
    " all articles read contact email twitter facebook instagram linkedin abo login updated datum date stand lesezeit"
    " reporter correspondent korrespondent writer senior journalist freelance contributor contributing publie"
    " veroffentlicht publiziert geschrieben uber zur person move reply antworten bild image copyright getty images imago"
    " search reading time people archives collectif programme projektleiter projektleiterin minister ministre ministerin"
    " professor direktor leiter leiterin chefredakteur chefredakteurin geschaftsfuhrer geschaftsfuhrerin"
)


def find_authors(
    told: Structured,
    parsed: ParsedPage | None,
    headline: HtmlElement | None = None,
    *,
    host: str = "",
) -> Listed | None:
    """The authors of a page; a name that is not a person's counts only where it is marked up as one.

    parsed    of the page, for what is printed; None looks at testimony alone
    headline  the node of the headline; the byline nearest to it is the article's
    """
    if parsed is None and not told.of("authors"):
        return None
    own = _own_names(told, host)
    by_witness = {
        witness: names
        for witness in ("json-ld", "opengraph", "microdata", "meta")
        if (names := _told_names(told.by("authors", witness), own, is_sure=witness == "json-ld"))
    }
    sure = by_witness.get("json-ld", ())
    if parsed is not None and not (sure and all(" " in name for name in sure)):
        printed = _printed_names(parsed, headline, own)
        near = _text_near(parsed, headline) if headline is not None else ""
        ranked = {"json-ld": sure, "byline": printed} | by_witness
        by_witness = {
            witness: tuple(name for each in names if (name := _completed(each, printed, near)))
            for witness, names in ranked.items()
        }
    return _fullest({witness: names for witness, names in by_witness.items() if names})


def _fullest(by_witness: Mapping[str, Sequence[str]]) -> Listed | None:
    """The names of the first witness, or of other testimony that has all of them and more."""
    first = next(iter(by_witness), None)
    if first is None:
        return None
    told = [first, *(each for each in by_witness if each != "byline")]
    best = max(told, key=lambda each: _adds(by_witness[each], by_witness[first]))
    return Listed(tuple(dict.fromkeys(by_witness[best]))[:_MOST_NAMES], best)


def _adds(names: Sequence[str], to: Sequence[str]) -> int:
    """How many names are more than those that another witness gives, if all of those are among them."""
    own = {folded(name) for name in names}
    return len(own) - len(to) if {folded(name) for name in to} <= own else 0


def find_signed(blocks: Sequence[Block]) -> Listed | None:
    """The authors that sign in the last line of the body, some by their initials."""
    last = blocks[-1] if blocks else None
    if last is None or last.role != "signature":
        return None
    reading = read_attribution(last.text)
    names = [name.strip() for name in last.text.split(",")]
    is_persons = reading.site is None and reading.source is None
    if is_persons and all(_PERSON.fullmatch(name) or _INITIALS.fullmatch(name) for name in names):
        return Listed(tuple(names), "signature")
    return None


def _own_names(told: Structured, host: str) -> frozenset[str]:
    """The names under which the site itself goes, in letters alone."""
    label = host.removeprefix("www.").partition(".")[0]
    names = {letters_of(each.value) for each in told.of("site_name")}
    return frozenset(names | {letters_of(label), letters_of(host.removeprefix("www."))}) - {""}


def _told_names(values: Sequence[str], own: frozenset[str], *, is_sure: bool) -> tuple[str, ...]:
    """The names in testimony; one word is a name only where testimony is sure."""
    names = (
        name
        for value in values
        if not _NO_NAME.search(value)
        for name in _names_in(value, is_marked=is_sure)
    )
    return tuple(name for name in names if letters_of(name) not in own)


def _completed(name: str, printed: Sequence[str], near: str) -> str | None:
    """The name, or the printed one where testimony knows a part of it, or a short form, alone."""
    if " " in name:
        return name
    for each in printed:
        if (
            each == name
            or folded(name) in folded(each).split()
            or letters_of(each) == letters_of(name)
        ):
            return each
    if not name[0].isupper():
        return None
    longer = re.search(rf"\b{re.escape(name)}\s+(?:[A-ZÄÖÜ][\w.'’-]+\s?){{1,2}}", near)
    is_name = longer is not None and _is_name(longer[0].strip(), is_marked=False)
    return longer[0].strip() if longer and is_name else name


def _printed_names(
    parsed: ParsedPage, headline: HtmlElement | None, own: frozenset[str]
) -> tuple[str, ...]:
    """The names of the byline nearest to the headline: in markup of its own, in a line, far below."""
    order = parsed.places
    start = order.get(headline, 0) if headline is not None else 0
    above = set(headline.iterancestors()) if headline is not None else set()
    marked = [
        (_distance(order[node] - start), node)
        for node in islice(filter(_is_byline, parsed.elements), 4 * _MOST_NODES)
        if node not in above
        and not _LISTS.search(node.get("href", ""))
        and len(_whole(node)) <= _LONGEST_BYLINE_CHARS
        and not _is_of_others(node, above)
    ][:_MOST_NODES]
    marked.sort(key=lambda each: each[0])
    for distance, node in marked:
        if distance <= _NEAR and (names := tuple(_marked_names(node))):
            return _without_own(names, own)
        if distance <= _NEAR and _is_editors(node, own):
            return ()
    around = parsed.elements[max(0, start - _BEFORE) : start + _NEAR + 1]
    if names := tuple(_textual_names(around, above)):
        return _without_own(names, own)
    far = (_without_own(tuple(_marked_names(node)), own) for _, node in marked)
    return next((names for names in far if names), ())


def _is_byline(node: HtmlElement) -> bool:
    """Whether markup calls a node the author's: by its class, its relation, or where it leads."""
    classes, relation = node.get("class"), node.get("rel")  # most nodes have neither
    if classes is not None and _BYLINE_CLASS.search(classes):
        return True
    if relation is not None and "author" in relation.split():
        return True
    if node.get("itemprop") == "author":
        return True
    return node.tag == "a" and _BYLINE_PATH.search(node.get("href", "")) is not None


def _without_own(names: Sequence[str], own: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in names if letters_of(name) not in own)


def _is_editors(node: HtmlElement, own: frozenset[str]) -> bool:
    """Whether a byline names the site or its editors' office: then nobody else wrote the article."""
    text = _BY.sub("", _whole(node)).strip(" ,")
    return len(text) <= _LONGEST_NAME_CHARS and (
        letters_of(text) in own or _NO_NAME.search(text) is not None
    )


def _text_near(parsed: ParsedPage, headline: HtmlElement) -> str:
    """The texts in the nodes that follow the headline, each apart."""
    place = parsed.places.get(headline, -1)
    nodes = parsed.elements[place + 1 : place + 1 + _NEAR] if place >= 0 else ()
    return " | ".join(
        text for node in nodes if node.tag not in _SILENT and (text := clean_text(node.text or ""))
    )


def _distance(offset: int) -> float:
    """How far a byline stands from its headline: behind it counts as nearer than before it."""
    return offset if offset >= 0 else -2 * offset + 10


def _marked_names(node: HtmlElement) -> Iterator[str]:
    """The names in an element that is called a byline: those in elements of their own, if any are."""
    named = [each for each in _NAMED(node) if not _NAMED(each)]
    for each in named or [node]:
        found = list(_names_of_pieces(_pieces(each), is_marked=bool(named) or _is_link(node)))
        yield from found


def _textual_names(near: Iterable[HtmlElement], above: set[HtmlElement]) -> Iterator[str]:
    """The names after `By`, `Von`, `Müəllif:` in a line of its own."""
    for node in near:
        if (
            node in above
            or node.tag in _SILENT
            or node.tag == "a"
            or len(node) > _MOST_PARTS
            or not _is_short(node)
        ):
            continue
        text = "\n".join(_pieces(node))
        found = _TEXT_BY.search(text) if len(text) <= _LONGEST_LINE_CHARS else None
        if found is None or _is_of_others(node, above):
            continue
        is_sure = _SURE_BY.match(text[found.start() :]) is not None
        if names := list(_names_in(text[found.end() :], is_marked=is_sure)):
            yield from names
            return


def _names_of_pieces(pieces: Sequence[str], *, is_marked: bool) -> Iterator[str]:
    """The names that follow each other in the pieces of a byline, up to its first other words."""
    has_any = False
    for piece in pieces:
        bare = _BY.sub("", piece).strip(" ,;|&/")
        if not bare or _JOINT.fullmatch(f" {bare} "):
            continue
        names = list(_names_in(piece, is_marked=is_marked))
        if not names and has_any:
            return
        yield from names
        has_any = has_any or bool(names)


def _names_in(text: str, *, is_marked: bool) -> Iterator[str]:
    """The names in one piece of text.

    is_marked  whether the markup says that it is a name: then one word, or a nickname, is one
    """
    text = _END.split(_BY.sub("", text.strip()), maxsplit=1)[0]
    for part in _JOINT.split(text):
        if _DEGREE.fullmatch(part.strip()):
            continue
        name = part.strip(" .,;:-–|") if not part.strip().endswith(".") else part.strip(" ,;:-–|")
        if 2 <= len(name) <= _LONGEST_NAME_CHARS and _is_name(name, is_marked=is_marked):
            yield name
        elif name:
            return


def _is_name(name: str, *, is_marked: bool) -> bool:
    tokens = name.split()
    words = folded(name).replace(".", " ").split()
    if not 1 <= len(tokens) <= 6 or _NO_NAME.search(name) or _NO_WORDS.intersection(words):
        return False
    if len(tokens) == 1:
        return is_marked and len(name) > 2 and name[0].isalpha()
    if is_marked and name[0].isupper():
        return all(_TOKEN.fullmatch(token) for token in tokens)
    return all(
        _TOKEN.fullmatch(token)
        and (token[0].isupper() or folded(token) in _PARTICLES or not token[0].islower())
        for token in tokens
    )


def _is_of_others(node: HtmlElement, above: set[HtmlElement]) -> bool:
    for each in (node, *islice(node.iterancestors(), _MOST_LEVELS)):
        if each in above:
            return False
        if each.tag in {"figure", "figcaption"}:
            return True
        if each.tag in {"nav", "footer"} and not any(
            a.tag == "article" for a in each.iterancestors()
        ):
            return True
        if _OTHERS.search(names_of(each)):
            return True
    return False


def _is_link(node: HtmlElement) -> bool:
    return node.tag == "a" or node.get("itemprop") in {"author", "name"}


def _pieces(node: HtmlElement) -> list[str]:
    """The texts inside a node, each as it stands between two tags."""
    pieces = []
    for each in node.iter():
        if isinstance(each.tag, str) and each.tag not in _SILENT and each.text:
            pieces.append(clean_text(each.text))
        if each is not node and each.tail:
            pieces.append(clean_text(each.tail))
    return [piece for piece in pieces if piece]


def _whole(node: HtmlElement) -> str:
    return " ".join(_pieces(node)) if _is_short(node) else " " * 2 * _LONGEST_BYLINE_CHARS


def _is_short(node: HtmlElement) -> bool:
    return len(node) < 40 and len(string_of(node)) <= 10 * _LONGEST_BYLINE_CHARS
