"""Pictures: whether two are the same, and where one was used."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import WrongUse
from archive.folder import ArchiveFolder, find_archive
from crawler.commands.options import archive_option, json_option, local_time, print_json

if TYPE_CHECKING:
    from archive.picture_view import PictureView

_DIGEST_CHARS = 64


def _archive_if_needed(directory: Path | None) -> ArchiveFolder:
    return find_archive(directory or Path("archive-data"))


@click.group()
def photos() -> None:
    """Compare pictures, and find every use of one.

    \b
    Examples:
      salname photos compare press.jpg cropped.webp
      salname photos uses 12
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


@photos.command()
@click.argument("reference", metavar="PHOTO|ARTICLE")
@archive_option
@json_option
def uses(reference: str, folder: ArchiveFolder, *, as_json: bool) -> None:
    """List every use of a picture, in any size and cut, the first one first.

    PHOTO is the SHA-256 of a photo; of an ARTICLE all pictures of its last version are listed.

    \b
    Example:
      salname photos uses 12
    """
    from archive.catalogue.reader import CatalogueReader
    from archive.picture_view import find_picture, pictures_of

    with CatalogueReader.open(folder.catalogue_path) as reader:
        if len(reference) == _DIGEST_CHARS and (photo := find_picture(reader, reference.lower())):
            found: tuple[PictureView, ...] = (photo,)
        elif row := reader.find_article(reference):
            version = reader.version_of(row.id, row.versions)
            found = pictures_of(reader, version.id) if version else ()
        else:
            raise WrongUse(f"{reference} is neither the SHA-256 of a photo nor a known article.")
    if as_json:
        print_json([asdict(picture) for picture in found])
        return
    if not found:
        click.echo("No photo of it is in the archive.")
    for picture in found:
        _print_picture(picture)


def _print_picture(picture: "PictureView") -> None:
    stock = ", stock" if picture.is_stock else ""
    noun = "article" if picture.used_in == 1 else "articles"
    click.echo(f"Photo {picture.sha256}: in {picture.used_in} {noun}{stock}")
    if picture.not_hashed:
        click.echo(f"  not hashed: {picture.not_hashed}")
    said = " / ".join(filter(None, (picture.file_caption, picture.file_credit)))
    if said:
        click.echo(f"  its file says: {said}")
    for use in picture.uses:
        own = "" if use.sha256 == picture.sha256 else f"  as {use.sha256[:12]}"
        click.echo(f"{use.article_id:>6}  {local_time(use.at)}  {use.source}  {use.title}{own}")
    for like in picture.maybe:
        click.echo(f"  may be the same: {like.sha256} ({like.bits} of 256 bits differ)")


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
