"""A site's rules as data: which addresses are articles, and where the fields of a page are.

A selector is CSS, or XPath where it starts with `/`, `./` or `(`. `@name` at its end takes an
attribute instead of the text: `meta[name=author]@content`, `img@data-src`. Where it starts with
`$` it is a path of the JSON that an endpoint answers with: `$.data.photos[*].url`.
Each field takes a tuple of selectors, tried in order; the first that finds something answers. It
looks first inside the article's box, the smallest node that holds headline and body, and only when
nothing is found there on the whole page. What no rule answers is asked of the page's JSON-LD, and
where headline or body are missing, of all witnesses (`pipelines/extract.py`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the fields of a page are, in one layout of a site.

    since, until  first and last day (of the capture) on which this layout was seen, or None;
                  layouts of other days are tried after those of the day
    match         selectors of which one must be on the page for this layout to be tried;
                  empty means it may always be tried
    headline      its text, the first that is not empty
    badges        markers that stand beside the headline, not in it
    body          selectors of the node that holds the body; the match with most text wins
    script        names of variables, keys or attributes under which the body stands for scripts
                  alone, as in `const rawContent = "…"`; asked where no selector finds a body
    date, modified  up to four texts are read together (`18:28` beside `14 Fevral`), then each alone
    lead, section   the first text that is not empty
    authors, tags   all texts that the selector finds
    photos        of all selectors: images, links to pictures, boxes with either, addresses; they
                  come before the photos inside the body
    gallery       nodes, links or addresses that show further photos; they come last
    captions, credits  texts that stand apart from the photos, as many as these or one for the
                  first; where figures tell the words themselves these are not asked
    noise         what to take out of the body before it is read; all selectors count
    separator     fully matches the paragraphs that part the updates of a live story (a regex)
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}  # a typing error is told

    since: date | None = None
    until: date | None = None
    match: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    script: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    gallery: tuple[str, ...] = ()
    noise: tuple[str, ...] = ()
    separator: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a reader must know of a site.

    hosts      the site's own host first, then its variants that answer under the same paths
    mirrors    hosts that hold the same articles under paths of their own (`special.azertag.az`);
               their addresses stay as they are, their articles are the site's
    known_as   the host by which its articles are known where the site has moved to another one
               since, else its own
    scheme     the scheme of its canonical addresses
    edition    what tells this language version from others on the same host under the same
               numbers (`ru` of president.az), else empty
    language   the language its articles are mostly in: az, ru or en
    timezone   name in the tz database in which its pages print times
    articles   regexes searched in path+query of an address; a group named `id` is the part that
               stays when the slug changes
    never      regexes of addresses that are never an article, although `articles` would match
    keep_query whether the query belongs to the address although the path alone looks like an
               article (`/index.php?/az/legislation/view/4371`)
    trailing_slash  whether article addresses end in a slash; None leaves it as it is found
    endpoint   address of what an article's page is filled from by script, with groups of the
               pattern that matches in braces (`https://api.numune.example/xeber/{id}`); it is
               asked instead of the page, which says nothing without script
    layouts    the newest first
    """

    name: str
    hosts: tuple[str, ...]
    mirrors: tuple[str, ...] = ()
    known_as: str | None = None
    scheme: str = "https"
    edition: str = ""
    language: str = "az"
    timezone: str = "Asia/Baku"
    articles: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    keep_query: bool = False
    trailing_slash: bool | None = None
    endpoint: str | None = None
    layouts: tuple[Layout, ...] = ()
