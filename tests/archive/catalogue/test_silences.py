"""A silent source is told by `status` and `doctor`; what a backfill found tells nothing of a rate."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.article import Moment, Precision
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.standing import standing_of
from archive.doctor import examine
from archive.silence import Silence
from tests.archive.histories import SOURCE, Visitor, article, new_archive
from tests.crawler.crawling import ask


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    visitor = Visitor(new_archive(tmp_path), group=1000)
    visitor.start_run()
    for number in range(21 * 4):
        published = Moment(
            at=f"{visitor.now:%Y-%m-%d}", precision=Precision.DAY, printed="", how="iso"
        )
        visitor.see(article(number, published=published, photos=(), blocks=(), text=""))
        visitor.now += timedelta(hours=6)
    yield visitor
    visitor.close()


def silence(visitor: Visitor) -> Silence | None:
    visitor.start_run()
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        return standing_of(reader.db).sources[0].silence


def test_a_source_that_went_silent_is_told(visitor: Visitor) -> None:
    quiet = silence(visitor)
    visitor.now += timedelta(days=4)
    found = silence(visitor)

    assert quiet is not None
    assert found is not None
    assert (quiet.is_alarming, found.is_alarming) == (False, True)
    assert 15 < found.expected < 19
    said = ask("status", "--archive", str(visitor.folder.path)).out
    assert "silent: nothing new since 2026-03-07" in said
    signs = [each for each in examine(visitor.folder) if each.about == "sources"]
    assert [each.is_well for each in signs] == [False]
    assert signs[0].sentence.startswith(f"{SOURCE} is silent")


def test_old_articles_that_are_found_late_break_no_silence(visitor: Visitor) -> None:
    visitor.now += timedelta(days=4)
    for number in range(500, 560):
        visitor.see(article(number, photos=(), blocks=(), text=""))  # of February

    found = silence(visitor)

    assert found is not None
    assert found.is_alarming
