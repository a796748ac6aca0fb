"""A catalogue of plain values: the change log, versions and articles that an index reads."""

from dataclasses import dataclass, field

from archive.article import Article, Moment, PageKind, Precision
from archive.catalogue.rows import ArticleRow, ChangeKind, ChangeRow, VersionRow

SEEN_AT = "2023-02-14T10:00:00.000000Z"


@dataclass
class SmallCatalogue:
    """Answers as `CatalogueReader` does, from lists in memory."""

    changes: list[ChangeRow] = field(default_factory=list)
    versions: dict[int, VersionRow] = field(default_factory=dict)
    articles: dict[int, ArticleRow] = field(default_factory=dict)

    def changes_after(self, cursor: int, limit: int) -> tuple[ChangeRow, ...]:
        return tuple(change for change in self.changes if change.id > cursor)[:limit]

    def version_by_id(self, version_id: int) -> VersionRow | None:
        return self.versions.get(version_id)

    def article_by_id(self, article_id: int) -> ArticleRow | None:
        return self.articles.get(article_id)

    def changes_of(self, article_id: int) -> tuple[ChangeRow, ...]:
        return tuple(change for change in self.changes if change.article_id == article_id)

    def add(
        self,
        title: str,
        text: str = "",
        *,
        article_id: int | None = None,
        source: str = "olke.example",
        section: str = "",
        language: str = "az",
        published_on: str | None = None,
    ) -> int:
        """Add a version, of a new article unless one is named; gives the article's number."""
        article_id = article_id or len(self.articles) + 1
        version_id = len(self.versions) + 1
        url = f"https://{source}/xeber/{article_id}"
        self.articles.setdefault(article_id, article_row(article_id, source, url, title))
        self.versions[version_id] = VersionRow(
            id=version_id,
            article_id=article_id,
            number=1,
            version_sha256="0" * 64,
            first_seen_at=SEEN_AT,
            last_seen_at=SEEN_AT,
            first_capture_id=version_id,
            observations=1,
            article=Article(
                kind=PageKind.ARTICLE,
                url=url,
                canonical_url=url,
                headline=title,
                title=title,
                text=text,
                section=section,
                language=language,
                published=moment(published_on) if published_on else None,
            ),
        )
        self.tell(ChangeKind.APPEARED, article_id, version_id)
        return article_id

    def tell(self, kind: ChangeKind, article_id: int, version_id: int | None) -> None:
        """Add an entry to the change log."""
        number = len(self.changes) + 1
        change = ChangeRow(
            id=number,
            at=f"2023-02-14T10:00:{number % 60:02}.000000Z",
            kind=kind,
            article_id=article_id,
            version_id=version_id,
            capture_id=None,
            detail={},
        )
        self.changes.append(change)


def article_row(article_id: int, source: str, url: str, title: str) -> ArticleRow:
    return ArticleRow(
        id=article_id,
        source=source,
        key=url,
        canonical_url=url,
        title=title,
        state="live",
        first_seen_at=SEEN_AT,
        last_seen_at=SEEN_AT,
        missing_since=None,
        versions=1,
    )


def moment(day: str) -> Moment:
    return Moment(at=day, precision=Precision.DAY, printed=day, how="rule")
