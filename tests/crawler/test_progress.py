"""The progress table shows every source, or those that did most where not all find room."""

from io import StringIO

from rich.console import Console

from crawler.progress import table_of
from crawler.tally import Count, Tally


def shown(tally: Tally, rows: int) -> list[str]:
    console = Console(file=StringIO(), width=100)
    console.print(table_of(tally, {"b.example": 2}, rows))
    assert isinstance(console.file, StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_every_source_has_a_row_with_its_counts() -> None:
    tally = Tally(("a.example", "b.example"))
    tally.sources["b.example"].counts.update({Count.PAGES: 7, Count.ARTICLES: 5, Count.ERRORS: 1})

    assert shown(tally, rows=20) == [
        "source pages articles photos unchanged errors new versions",
        "a.example 0 0 0 0 0 0",
        "b.example 7 5 0 0 1 2",
    ]


def test_where_room_is_short_the_busiest_are_shown_and_the_others_counted() -> None:
    tally = Tally(tuple(f"{number}.example" for number in range(80)))
    tally.sources["70.example"].counts[Count.REQUESTS] = 9

    lines = shown(tally, rows=10)

    assert len(lines) == 11
    assert lines[1].startswith("70.example")
    assert lines[-1] == "and 71 more"
