"""The families' made-up pages; run as a program it writes what is expected of them again."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import click

from archive.article import Article
from crawler.family_file import family_names
from crawler.saved_pages import SavedPage, expected_text, files_of, read_saved_pages
from crawler.source import source_of_family
from pipelines.extract import read_page

FOLDER = Path(str(files("crawler") / "sources" / "families"))


def family_pages() -> Iterator[tuple[str, SavedPage]]:
    """Each page with the name of its family."""
    for family in family_names():
        yield from ((family, saved) for saved in read_saved_pages(FOLDER, family))


def reading_of(family: str, saved: SavedPage) -> Article:
    """What the rules of the family alone make of a page."""
    source = source_of_family(family, urlsplit(saved.page.url).netloc)
    return read_page(saved.page, source.site)


@click.command()
def main() -> None:
    """Write every expectation again; look at the difference before it is committed."""
    for family, saved in family_pages():
        _, _, expected = files_of(FOLDER, family, saved.stem)
        expected.write_text(expected_text(reading_of(family, saved)), encoding="utf-8")


if __name__ == "__main__":
    main()
