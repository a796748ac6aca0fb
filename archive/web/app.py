"""The archivists' pages and the JSON API over one archive, read-only.

Nothing of a publisher's page is ever sent as markup: texts go out escaped, photos with their own
type, and the headers below keep a browser from running or fetching anything else.
"""

import logging
import socket
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archive.catalogue.reader import CatalogueReader
from archive.errors import ArchiveError, ArchiveLocked, SalnameError, WrongUse
from archive.folder import ArchiveFolder, find_archive
from archive.search.index import SearchIndex
from archive.web import api, pages
from archive.web.troubles import failed, refused

log = logging.getLogger(__name__)

_STATIC = Path(__file__).parent / "static"
_SAFETY = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(archive_folder: Path) -> Starlette:
    """The application over the archive in this folder; nothing in it writes.

    Raises:
        NotAnArchive: the folder holds no archive.
    """
    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(_SafeHeaders)],
        exception_handlers={HTTPException: refused, SalnameError: failed, Exception: failed},
    )
    app.state.archive = find_archive(archive_folder)
    return app


def serve(archive_folder: Path, port: int, host: str = "127.0.0.1") -> None:
    """Serve the archive until interrupted; the search index reads what it missed first.

    Raises:
        NotAnArchive: the folder holds no archive.
        WrongUse: the port is taken or not allowed.
    """
    app = create_app(archive_folder)
    _require_free(host, port)
    _feed_index(app.state.archive)
    uvicorn.run(app, host=host, port=port, server_header=False, access_log=False)


def _feed_index(folder: ArchiveFolder) -> None:
    if folder.catalogue_path.exists():
        with (
            CatalogueReader.open(folder.catalogue_path) as reader,
            SearchIndex.open(folder.search_path) as index,
        ):
            try:
                index.catch_up(reader)
            except ArchiveLocked:
                log.debug("index is being written")
            except ArchiveError as error:
                log.warning("index not caught up", extra={"error": str(error)})


def _require_free(host: str, port: int) -> None:
    """uvicorn itself would end with a line of its log and no sentence."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            raise WrongUse(
                f"Port {port} of {host} cannot be used ({error.strerror}). "
                "Name another one with --port."
            ) from error


def _routes() -> list[Route | Mount]:
    article = "/article/{article_id:int}"
    return [
        Route("/", pages.home),
        Route(article, pages.article),
        Route(article + "/version/{number:int}", pages.article),
        Route(article + "/diff", pages.choose_difference),
        Route(article + "/diff/{old:int}/{new:int}", pages.difference),
        Route("/photo/{sha256}", pages.photo),
        Route("/photo/{sha256}/small", pages.photo),
        Route("/picture/{sha256}", pages.picture),
        Route("/changes", pages.changes),
        Route("/sources", pages.sources),
        Route("/source/{name}", pages.source),
        Route("/api/search", api.search),
        Route("/api/changes", api.changes),
        Route("/api/picture/{sha256}", api.picture),
        Route("/api" + article, api.article),
        Route("/api" + article + "/versions", api.versions),
        Route("/api" + article + "/story", api.story),
        Route("/api" + article + "/versions/{number:int}", api.article),
        Route("/api" + article + "/diff/{old:int}/{new:int}", api.difference),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]


class _SafeHeaders:
    """Puts the headers of safety on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFETY.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, send_safely)
