"""How much a source publishes, by what the catalogue knows of it."""

from datetime import timedelta
from pathlib import Path

from archive.catalogue.pace import articles_since
from archive.catalogue.reader import CatalogueReader
from archive.moments import stamp
from tests.archive.histories import SOURCE, Visitor, article, new_archive


def test_new_articles_are_counted_once_a_source_is_known_for_long_enough(tmp_path: Path) -> None:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    begun = visitor.now
    for number in range(4):
        visitor.see(article(number, photos=(), blocks=(), text=""))
        visitor.now += timedelta(days=2)
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        counts = [
            articles_since(reader.db, SOURCE, stamp(begun + timedelta(days=days)))
            for days in (0, 1, 3, 30)
        ]
        unknown = articles_since(reader.db, "yoxdur.example", stamp(begun))
    visitor.close()

    assert counts == [None, 3, 2, 0]
    assert unknown is None
