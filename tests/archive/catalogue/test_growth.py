"""What a new article costs the catalogue does not grow with what it holds already."""

from pathlib import Path

from tests.archive.histories import Visitor, article, new_archive

STEPS = 100  # of SQLite's virtual machine, between two calls of the counter


def steps_of(visitor: Visitor, numbers: range) -> int:
    """The steps that SQLite takes for so many new articles, all with one text."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += STEPS
        return 0

    db = visitor.catalogue.db.conn
    visitor.store.commit()
    db.set_progress_handler(count, STEPS)
    for number in numbers:
        visitor.see(article(number))
    visitor.store.commit()
    db.set_progress_handler(None, 0)
    return taken


def test_an_article_costs_the_same_among_few_and_among_many(tmp_path: Path) -> None:
    visitor = Visitor(new_archive(tmp_path), group=50)
    visitor.start_run()
    visitor.store.commit()
    steps_of(visitor, range(100, 300))  # by then the newest are all that is compared
    early = steps_of(visitor, range(300, 350))
    steps_of(visitor, range(350, 950))

    late = steps_of(visitor, range(950, 1000))

    assert late < 1.2 * early, (early, late)
