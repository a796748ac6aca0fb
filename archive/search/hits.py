"""Finding: a query put to an index gives a page of articles, the best first."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import tantivy
from tantivy import FieldType, Occur

from archive.search.documents import day_number
from archive.search.index import SearchIndex
from archive.search.query import Clause, ClauseKind, Labels, Query

EXACT_TOTAL_BELOW: Final = 5_000  # versions; above it the number of articles is an estimate
ENOUGH: Final = 10  # articles with all the words; with fewer, those with some of them follow
_TITLE_WEIGHT = 2.0


class Order(StrEnum):
    """In which order articles are given; the days are those of publication, else of first sight."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, by the version of it that fits best.

    score  BM25, comparable within one page alone; 0 where the order is that of days
    """

    article_id: int
    version_id: int
    score: float


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some of the articles that were found.

    total     articles in all; an estimate above `EXACT_TOTAL_BELOW` versions
    complete  how many of them have all that was sought; they come first, the others have some
              of the words
    is_exact  whether `total` is no estimate
    """

    total: int
    complete: int
    hits: tuple[Hit, ...]
    is_exact: bool = True


def search(
    index: SearchIndex,
    query: Query,
    limit: int = 20,
    offset: int = 0,
    order: Order = Order.BEST,
) -> SearchPage:
    """The articles that a query finds, one hit an article, the best first unless days order them.

    An exact form ranks above another form of the same word, a title above a body. A query without
    words gives the newest first. Where fewer than `ENOUGH` articles have all that was sought, those
    with some of the words follow (a pasted headline finds its article); exclusions, labels and
    days always hold, and so does a phrase that stands alone.
    """
    if (found := index.searcher()) is None:
        return SearchPage(total=0, complete=0, hits=())
    if order is Order.BEST and not query.sought:
        order = Order.NEWEST
    view = _View(*found, order)
    first = view.page(view.asked(query), limit, offset)
    if first.total >= ENOUGH or not _can_be_relaxed(query):
        return first
    complete = view.page(view.asked(query), ENOUGH, 0).hits
    known = frozenset(hit.article_id for hit in complete)
    rest = view.page(
        view.asked(query, relaxed=True),
        limit - len(first.hits),
        max(0, offset - len(complete)),
        known,
    )
    return SearchPage(
        total=len(complete) + rest.total,
        complete=len(complete),
        hits=first.hits + rest.hits,
        is_exact=rest.is_exact,
    )


def _can_be_relaxed(query: Query) -> bool:
    return len(query.sought) > 1


class _View:
    """One commit of the index with its schema, and the order that is asked of it."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, order: Order) -> None:
        self.searcher = searcher
        self.schema = schema
        self.order = order

    # The query

    def asked(self, query: Query, *, relaxed: bool = False) -> tantivy.Query:
        """The query in tantivy's terms; relaxed, a version needs but one of the words."""
        must = [self._clause(clause) for clause in query.sought]
        if relaxed:
            must = [_any(*must, *self._words_in_phrases(query))]
        parts = [(Occur.Must, each) for each in must]
        parts += [(Occur.MustNot, self._clause(clause)) for clause in query.unsought]
        parts += [(Occur.MustNot, label) for label in self._labels(query.unwanted)]
        filters = [*self._labels(query.wanted), *self._days(query)]
        parts += [(Occur.Must, tantivy.Query.const_score_query(each, 0.0)) for each in filters]
        parts.append((Occur.MustNot, self._term("mark", "mark")))
        if not query.sought:
            parts.append((Occur.Must, _everything_or_nothing(query, has_filters=bool(filters))))
        return tantivy.Query.boolean_query(parts)

    def _clause(self, clause: Clause) -> tantivy.Query:
        match clause.kind:
            case ClauseKind.WORD:
                return self._word(clause.terms.surface[0], clause.terms.stems[0])
            case ClauseKind.PREFIX:
                return self._prefix(clause.terms.surface[0])
            case ClauseKind.PHRASE:
                return self._phrase(clause)

    def _word(self, surface: str, stem: str) -> tantivy.Query:
        """A text with the word has its stem, so that the exact form only adds to the score."""
        return _any(
            _weighed(self._term("title_stems", stem), _TITLE_WEIGHT),
            _weighed(self._term("title", surface), _TITLE_WEIGHT),
            self._term("body_stems", stem),
            self._term("body", surface),
        )

    def _words_in_phrases(self, query: Query) -> list[tantivy.Query]:
        return [
            self._word(surface, stem)
            for clause in query.sought
            if clause.kind is ClauseKind.PHRASE
            for surface, stem in zip(clause.terms.surface, clause.terms.stems, strict=True)
        ]

    def _prefix(self, surface: str) -> tantivy.Query:
        title = tantivy.Query.regex_query(self.schema, "title", surface + ".*")
        return _any(
            _weighed(title, _TITLE_WEIGHT),
            tantivy.Query.regex_query(self.schema, "body", surface + ".*"),
        )

    def _phrase(self, clause: Clause) -> tantivy.Query:
        stems = list(clause.terms.stems)
        title = tantivy.Query.phrase_query(self.schema, "title_stems", [*stems])
        body = tantivy.Query.phrase_query(self.schema, "body_stems", [*stems])
        surface = [self._term("body", each) for each in clause.terms.surface]
        surface += [self._term("title", each) for each in clause.terms.surface]
        return tantivy.Query.boolean_query(
            [
                (Occur.Must, _any(_weighed(title, _TITLE_WEIGHT), body)),
                *((Occur.Should, each) for each in surface),
            ]
        )

    def _labels(self, labels: Labels) -> list[tantivy.Query]:
        """One query a kind of label; any of its values will do."""
        kinds = (
            [self._term("source", source) for source in labels.sources],
            [_all(self._term("section", word) for word in each) for each in labels.sections],
            [self._term("language", language) for language in labels.languages],
        )
        return [_any(*values) for values in kinds if values]

    def _days(self, query: Query) -> list[tantivy.Query]:
        if query.first_day is None and query.last_day is None:
            return []
        return [
            tantivy.Query.range_query(
                self.schema,
                "day",
                FieldType.Integer,
                lower_bound=day_number(query.first_day) if query.first_day else None,
                upper_bound=day_number(query.last_day) if query.last_day else None,
            )
        ]

    def _term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, field, value, "freq")

    # The answer

    def page(
        self,
        asked: tantivy.Query,
        limit: int,
        offset: int,
        known: frozenset[int] = frozenset(),
    ) -> SearchPage:
        """The page of articles that fit `asked`, those in `known` left out."""
        found = self.searcher.search(asked, limit=1)
        versions: int = found.count  # type: ignore[attr-defined]  # its stub forgets it
        is_exact = versions <= EXACT_TOTAL_BELOW
        wanted = versions if is_exact else offset + limit + len(known)
        hits = self._hits(asked, wanted, versions)
        total = len(hits) if is_exact else round(self.searcher.cardinality(asked, "article_id"))
        unknown = tuple(hit for hit in hits if hit.article_id not in known)
        total -= len(hits) - len(unknown)
        return SearchPage(
            total=total,
            complete=total,
            hits=unknown[offset : offset + limit],
            is_exact=is_exact,
        )

    def _hits(self, asked: tantivy.Query, wanted: int, versions: int) -> tuple[Hit, ...]:
        """At least `wanted` articles, or all there are, among the best of so many versions."""
        taken = max(1, wanted)
        while True:
            found = self._versions(asked, taken)
            if versions <= EXACT_TOTAL_BELOW:
                # All of them: ties go to the newest. Of a part, tantivy alone knows the order in
                # which the next page goes on.
                found.sort(key=self._rank)
            hits = _collapsed(hit for _, hit in found)
            if len(hits) >= wanted or taken >= versions:
                return hits
            taken *= 4

    def _rank(self, found: tuple[float, Hit]) -> tuple[float, int]:
        key, hit = found
        return (key, hit.version_id) if self.order is Order.OLDEST else (-key, -hit.version_id)

    def _versions(self, asked: tantivy.Query, limit: int) -> list[tuple[float, Hit]]:
        """The first versions in the order asked for, each with its score or its day."""
        is_best = self.order is Order.BEST
        found = self.searcher.search(
            asked,
            limit=limit,
            count=False,
            order_by_field=None if is_best else "day",
            order=tantivy.Order.Asc if self.order is Order.OLDEST else tantivy.Order.Desc,
        ).hits
        addresses = [address for _, address in found]
        articles = self.searcher.fast_field_values("article_id", addresses)
        versions = self.searcher.fast_field_values("version_id", addresses)
        return [
            (
                float(key),
                Hit(int(article or 0), int(version or 0), float(key) if is_best else 0.0),
            )
            for article, version, (key, _) in zip(articles, versions, found, strict=True)
        ]


def _collapsed(versions: Iterable[Hit]) -> tuple[Hit, ...]:
    """The best version of each article, in the order given."""
    best: dict[int, Hit] = {}
    for hit in versions:
        best.setdefault(hit.article_id, hit)
    return tuple(best.values())


def _everything_or_nothing(query: Query, *, has_filters: bool) -> tantivy.Query:
    """A query of labels or exclusions alone asks for the rest; one of mere signs for nothing."""
    is_meant = query.is_blank or has_filters or query.unsought or query.unwanted != Labels()
    return tantivy.Query.all_query() if is_meant else tantivy.Query.empty_query()


def _any(*queries: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Should, each) for each in queries])


def _all(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Must, each) for each in queries])


def _weighed(query: tantivy.Query, weight: float) -> tantivy.Query:
    return tantivy.Query.boost_query(query, weight)
