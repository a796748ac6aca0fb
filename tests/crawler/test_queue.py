"""What a crawl is handed next: what is expected to tell most."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.catalogue.work import Work
from crawler.queue import Queue
from crawler.source import Language, Source, SourceKind
from tests.archive.histories import ROOT, SOURCE, Visitor, article, new_archive

THIS_SOURCE = Source(
    name=SOURCE,
    publisher="Nümunə",
    host=SOURCE,
    kind=SourceKind.NEWS,
    language=Language.AZ,
    articles=("/",),
)


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    made = Visitor(new_archive(tmp_path))
    yield made
    made.store.abandon()
    made.catalogue.db.close()


def test_a_young_article_is_looked_at_before_an_old_one_that_was_due_long_ago(
    visitor: Visitor,
) -> None:
    visitor.start_run()
    visitor.see(article(1, photos=()))
    visitor.now += timedelta(hours=4)
    visitor.see(article(1, photos=()))
    visitor.now += timedelta(days=2)
    visitor.see(article(2, photos=()))
    visitor.now += timedelta(hours=2)
    visitor.fail(f"{ROOT}/rss")  # so that it is not due
    visitor.store.commit()
    queue = Queue(visitor.catalogue.db, lambda: visitor.now, limit=None)

    taken = [each.url for each in _until_nothing_is_due(queue)]

    assert taken == [article(2).url, article(1).url]


def _until_nothing_is_due(queue: Queue) -> Iterator[Work]:
    while (work := queue.take(THIS_SOURCE)) is not None:
        queue.done(THIS_SOURCE, work, 1)
        yield work
