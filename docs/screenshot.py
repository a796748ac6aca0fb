"""Take the picture of the pages that the README shows: `python docs/screenshot.py ARCHIVE PNG`.

Serves the archive on a free port of loopback, opens one page in Debian's Chromium, and writes a
PNG of few colours, so that the repository stays small.
"""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import uvicorn
from PIL import Image
from playwright.sync_api import sync_playwright

from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ChangeKind
from archive.folder import find_archive
from archive.web.app import create_app

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync", "--no-first-run"]
MAX_BYTES = 200_000  # what the repository takes as one file
LOOKED_AT = 500  # newest changes


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("picture", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--path", help="The page; by default the newest edit, version against version.")
@click.option("--language", default="az", show_default=True, type=click.Choice(["az", "en"]))
@click.option("--width", default=1200, show_default=True, help="In pixels.")
@click.option("--height", default=900, show_default=True, help="In pixels.")
def main(
    archive: Path, picture: Path, path: str | None, language: str, width: int, height: int
) -> None:
    """Write the PICTURE of a page of the ARCHIVE."""
    if not CHROMIUM.exists():
        raise click.ClickException("Chromium is not installed: apt-get install chromium")
    path = path or newest_edit(archive)
    with served(archive) as address:
        shot = photograph(address + path, language, (width, height))
    small = of_few_colours(shot)
    if len(small) > MAX_BYTES:
        raise click.ClickException(f"The picture has {len(small)} bytes; take a smaller one.")
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(small)
    click.echo(f"{picture}: {path}, {len(small)} bytes")


def newest_edit(archive: Path) -> str:
    """The address of the difference that the newest edit made; the search page without one."""
    with CatalogueReader.open(find_archive(archive).catalogue_path) as reader:
        for change in reader.newest_changes(LOOKED_AT):
            if change.kind is ChangeKind.EDITED and change.version_id is not None:
                version = reader.version_by_id(change.version_id)
                if version is not None:
                    numbers = f"{version.number - 1}/{version.number}"
                    return f"/article/{change.article_id}/diff/{numbers}"
    return "/"


@contextmanager
def served(archive: Path) -> Iterator[str]:
    """Serve an archive on a free port; gives its address."""
    config = uvicorn.Config(create_app(archive), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def photograph(url: str, language: str, size_px: tuple[int, int]) -> bytes:
    """A PNG of the first screen of a page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(
            locale=language, viewport={"width": size_px[0], "height": size_px[1]}
        )
        page = context.new_page()
        page.goto(url, wait_until="networkidle")
        shot = page.screenshot()
        browser.close()
    return shot


def of_few_colours(png: bytes) -> bytes:
    """The picture with 128 colours, which is a third of the bytes."""
    written = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").quantize(128).save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    main()
