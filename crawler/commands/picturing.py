"""Pictures: whether two are the same."""

from dataclasses import asdict
from pathlib import Path

import click

from archive.errors import WrongUse
from archive.folder import ArchiveFolder, find_archive
from crawler.commands.options import json_option, print_json

_DIGEST_CHARS = 64


def _archive_if_needed(directory: Path | None) -> ArchiveFolder:
    return find_archive(directory or Path("archive-data"))


@click.group()
def photos() -> None:
    """Compare pictures, and find every use of one.

    \b
    Example:
      salname photos compare press.jpg cropped.webp
    """


@photos.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option(
    "--archive",
    "directory",
    metavar="DIR",
    envvar="SALNAME_ARCHIVE",
    type=click.Path(path_type=Path),
    help="The archive that holds a photo given by its SHA-256.",
)
@json_option
def compare(one: str, other: str, directory: Path | None, *, as_json: bool) -> None:
    """Say whether two pictures are the same, and by which step.

    A and B are image files, or SHA-256 digests of photos in the archive. Other sizes, crops,
    logos, bars and mirrored pictures are the same picture.

    \b
    Example:
      salname photos compare press.jpg cropped.webp
    """
    from archive.photo_compare import compare_photos

    found = compare_photos(_bytes_of(one, directory), _bytes_of(other, directory))
    if as_json:
        print_json(asdict(found))
        return
    click.echo(f"{found.verdict} (by {found.step}): {found.why}")


def _bytes_of(reference: str, directory: Path | None) -> bytes:
    path = Path(reference)
    if path.is_file():
        try:
            return path.read_bytes()
        except OSError as error:
            raise WrongUse(f"{reference} cannot be read: {error.strerror}.") from error
    if len(reference) != _DIGEST_CHARS:
        raise WrongUse(f"{reference} is neither a file nor the SHA-256 of a photo.")
    from archive.catalogue.reader import CatalogueReader
    from archive.web.photos import find_photo

    folder = _archive_if_needed(directory)
    with CatalogueReader.open(folder.catalogue_path) as reader:
        photo = find_photo(folder, reader, reference.lower())
    if photo is None:
        raise WrongUse(f"The archive in {folder.path} holds no photo {reference}.")
    return photo.body
