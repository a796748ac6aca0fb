"""One small archive and one real server a session."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from archive.folder import ArchiveFolder
from archive.web.app import create_app
from tests.archive.web.small_archive import make_small_archive


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> ArchiveFolder:
    return make_small_archive(tmp_path_factory.mktemp("web") / "archive")


@pytest.fixture(scope="session")
def address(archive: ArchiveFolder) -> Iterator[str]:
    yield from served(archive.path)


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, headers={"Accept-Language": "az"}) as client:
        yield client


def served(folder: Path) -> Iterator[str]:
    """Serve an archive on a free port of loopback; gives its address, and stops when resumed."""
    config = uvicorn.Config(create_app(folder), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
