"""The same bytes read differently are a correction, never an edit by the publisher."""

from dataclasses import replace
from pathlib import Path

from archive.article import PageKind
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ChangeKind
from archive.ledger import AddressKind, LedgerState
from archive.moments import stamp
from archive.reading import Reading
from archive.rebuilding import rebuild
from crawler.schedule import LookAgain
from tests.archive.histories import SOURCE, TEXT, Visitor, article, new_archive, rows_of

MORE = TEXT.replace("iki yüz", "üç yüz")


def reread(visitor: Visitor, number: int, section: str) -> None:
    """A better extractor reads the section of the first answer of a version."""
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        version = reader.version_of(1, number)
        assert version is not None
        (capture, *_) = reader.captures_of(version.id)
    found = version.article
    reading = Reading(
        run=visitor.run,
        source=SOURCE,
        url=found.url,
        at=stamp(visitor.now),
        expected=AddressKind.PAGE,
        kind=PageKind.ARTICLE,
        state=LedgerState.FETCHED,
        article_key=f"{SOURCE}#1",
        article=replace(found, section=section),
        extractor="salname/better",
        reread=capture.record_id,
    )
    visitor.store.record(reading, None)
    visitor.store.commit()


def test_the_same_bytes_read_differently_make_a_correction_and_no_version(tmp_path: Path) -> None:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    visitor.see(article())
    visitor.see(article(section="Şəhər"))  # the body of the answer holds no section: same bytes
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        (version,) = reader.versions_of(1)
        assert version.article.section == "Şəhər"
        assert version.observations == 2
        change = reader.changes_of(1)[-1]
        assert change.kind is ChangeKind.CORRECTED
        assert change.detail["fields"] == ["section"]


def test_an_answer_that_is_read_anew_corrects_its_version_and_leaves_the_rest(
    tmp_path: Path,
) -> None:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    visitor.see(article())
    visitor.see(article(text=MORE))
    reread(visitor, 1, "Şəhər")
    reread(visitor, 1, "Şəhər")  # again: nothing is new

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        first, second = reader.versions_of(1)
        assert (first.article.section, second.article.section) == ("Şəhər", "Cəmiyyət")
        kinds = [each.kind for each in reader.changes_of(1)]
        assert kinds == [ChangeKind.APPEARED, ChangeKind.EDITED, ChangeKind.CORRECTED]
        _, after = reader.version_list(1)
        assert after.edit is not None
        assert "section" in after.edit["kinds"]  # between the two as they are read now


def test_a_rebuild_comes_to_the_same_corrections(tmp_path: Path) -> None:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    visitor.see(article())
    visitor.see(article(text=MORE))
    reread(visitor, 2, "Şəhər")
    visitor.end_run()
    visitor.close()
    before = rows_of(visitor.folder)

    rebuild(visitor.folder, LookAgain())

    assert rows_of(visitor.folder) == before
