"""Pictures: whether two are the same, and where one was used."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.errors import WrongUse
from archive.folder import ArchiveFolder, find_archive
from crawler.commands.options import (
    archive_option,
    json_option,
    local_time,
    open_catalogue,
    print_json,
    why_option,
)
from crawler.commands.writing import writing

if TYPE_CHECKING:
    from archive.picture_view import PictureView

_DIGEST_CHARS = 64


def _archive_if_needed(directory: Path | None) -> ArchiveFolder:
    return find_archive(directory or Path("archive-data"))


@click.group()
def photos() -> None:
    """Compare pictures, find every use of one, and say which are the same.

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
    from archive.picture_view import find_picture, pictures_of

    with open_catalogue(folder) as reader:
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
        click.echo("Its last version shows no photo that is in the archive.")
    for picture in found:
        _print_picture(picture)


@photos.command("join")
@click.argument("photo")
@click.argument("other")
@why_option
@archive_option
def join_command(photo: str, other: str, why: str, folder: ArchiveFolder) -> None:
    """Say that two photos, given by their SHA-256, show the same picture.

    \b
    Example:
      salname photos join 1f6a…c9 80d2…4e --why "the same, in a screenshot"
    """
    _judge(folder, photo, other, why, is_one=True)
    click.echo("They show the same picture now.")


@photos.command("part")
@click.argument("photo")
@click.argument("other")
@why_option
@archive_option
def part_command(photo: str, other: str, why: str, folder: ArchiveFolder) -> None:
    """Say that two photos, given by their SHA-256, show different pictures, whatever they look like.

    What only joined them to each other goes with the one that it is nearer to.

    \b
    Example:
      salname photos part 1f6a…c9 80d2…4e --why "two maps of the same agency"
    """
    _judge(folder, photo, other, why, is_one=False)
    click.echo("They show different pictures.")


@photos.command("hash")
@archive_option
def hash_command(folder: ArchiveFolder) -> None:
    """Look at the photos that a release without pictures took; `salname status` counts them.

    A crawl looks at some of them at its end, and a rebuild at all.

    \b
    Example:
      salname photos hash
    """
    from archive.late_looks import look_back

    with writing(folder, "salname photos hash") as (catalogue, _):
        looked = look_back(folder, catalogue)
    click.echo(f"{looked} photo{'' if looked == 1 else 's'} looked at.")


def _judge(folder: ArchiveFolder, photo: str, other: str, why: str, *, is_one: bool) -> None:
    from archive.moments import stamp
    from archive.picture_view import find_picture
    from archive.reading import PictureVerdict

    with open_catalogue(folder) as reader:
        for reference in (photo, other):
            if find_picture(reader, reference.lower()) is None:
                raise WrongUse(f"{reference} is not the SHA-256 of a photo in this archive.")
    if photo.lower() == other.lower():
        raise WrongUse("These are the same bytes, and so the same picture.")
    verdict = PictureVerdict(
        at=stamp(datetime.now(UTC)),
        is_one=is_one,
        sha256=photo.lower(),
        other_sha256=other.lower(),
        why=why,
    )
    with writing(folder, "salname photos") as (_, store):
        store.note(verdict)


def _print_picture(picture: "PictureView") -> None:
    stock = ", stock" if picture.is_stock else ""
    noun = "article" if picture.used_in == 1 else "articles"
    click.echo(f"Photo {picture.sha256}: in {picture.used_in} {noun}{stock}")
    if picture.not_hashed:
        click.echo(f"  not hashed: {picture.not_hashed}")
    if picture.is_flat:
        click.echo("  shows too little contrast to be recognised elsewhere")
    file_says = " / ".join(filter(None, (picture.file_caption, picture.file_credit)))
    if file_says:
        click.echo(f"  its file says: {file_says}")
    for use in picture.uses:
        own = "" if use.sha256 == picture.sha256 else f"  as {use.sha256[:12]}"
        click.echo(f"{use.article_id:>6}  {local_time(use.at)}  {use.source}  {use.title}{own}")
    for said in picture.verdicts:
        words = "the same" if said.is_one else "another picture"
        reason = f": {said.why}" if said.why else ""
        click.echo(f"  {words}, as a person said: {said.sha256}{reason}")
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
    from archive.web.photos import find_photo

    folder = _archive_if_needed(directory)
    with open_catalogue(folder) as reader:
        photo = find_photo(folder, reader, reference.lower())
    if photo is None:
        raise WrongUse(f"The archive in {folder.path} holds no photo {reference}.")
    return photo.body
