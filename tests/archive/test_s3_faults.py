"""The S3 store while its server forgets, stalls, spoils, is restarted, or changes its key."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.s3 import Connection, S3Store
from tests.archive.certificates import made_certificates
from tests.archive.s3_server import (
    ACCESS_KEY,
    SECRET_KEY,
    S3Server,
    Spoil,
    needs_rclone,
    relaying,
    serving_s3,
)

BYTES = b"Salname " * 50_000
SHA256 = hashlib.sha256(BYTES).hexdigest()
NAME = "segments/salname-20261124T031417123456Z-arxiv.example-r1-00001.warc.gz"
BUCKET = "arxiv"
PART_BYTES = 150_000

pytestmark = needs_rclone


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sealed.warc.gz"
    path.write_bytes(BYTES)
    return path


class Restarted:
    """A server that can be started anew on its port, with another secret; it keeps its folder."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        (folder / BUCKET).mkdir(parents=True)
        self._folder = folder
        self._stack = stack
        self.server = stack.enter_context(serving_s3(folder))

    def restart(self, secret_key: str = SECRET_KEY) -> None:
        self._stack.close()
        port = int(self.server.endpoint.rpartition(":")[2])
        again = serving_s3(self._folder, port=port, secret_key=secret_key)
        self._stack.enter_context(again)


@pytest.fixture
def restarted(tmp_path: Path) -> Iterator[Restarted]:
    with ExitStack() as stack:
        yield Restarted(tmp_path / "s3", stack)


def store_at(server: S3Server) -> S3Store:
    return S3Store(bucket=BUCKET, endpoint=server.endpoint, part_bytes=PART_BYTES)


def once_at_part(number: int, act: Callable[[], None]) -> Callable[[str], None]:
    left = [act]

    def before(asked: str) -> None:
        if f"partNumber={number}&" in f"{asked}&" and left:
            left.pop()()

    return before


def test_an_upload_that_the_server_forgot_is_begun_again(restarted: Restarted, file: Path) -> None:
    begun: list[str] = []
    restart = once_at_part(2, restarted.restart)

    def before(asked: str) -> None:
        begun.extend([asked] if asked.startswith("POST") and "?uploads" in asked else [])
        restart(asked)

    with relaying(restarted.server, Spoil(before=before)) as relay:
        store_at(relay).put(NAME, file, SHA256)

    assert len(begun) == 2
    assert store_at(restarted.server).find_size(NAME) == len(BYTES)


def test_a_key_that_changes_in_the_middle_of_an_upload_is_told_and_the_new_one_sends_it(
    restarted: Restarted, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = once_at_part(2, lambda: restarted.restart("made-up-new-secret"))
    with (
        relaying(restarted.server, Spoil(before=change)) as relay,
        pytest.raises(StoreError, match="Check AWS_SECRET_ACCESS_KEY"),
    ):
        store_at(relay).put(NAME, file, SHA256)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up-new-secret")

    store_at(restarted.server).put(NAME, file, SHA256)

    assert store_at(restarted.server).find_size(NAME) == len(BYTES)


def test_a_server_that_is_busy_for_a_moment_is_asked_again(
    restarted: Restarted, file: Path
) -> None:
    asked: list[str] = []

    def busy_twice(method: str) -> tuple[int, str] | None:
        asked.append(method)
        return (503, "SlowDown") if len(asked) in (2, 3) else None

    with relaying(restarted.server, Spoil(sometimes=busy_twice)) as relay:
        store_at(relay).put(NAME, file, SHA256)

    assert store_at(restarted.server).find_size(NAME) == len(BYTES)


def test_a_server_that_stalls_is_not_waited_for_without_end(
    restarted: Restarted, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.s3._ATTEMPTS", 1)
    monkeypatch.setattr("archive.s3._READ_S", 0.3)

    with (
        relaying(restarted.server, Spoil(delay_s=1)) as relay,
        pytest.raises(StoreError, match=r"Read timeout.*the next run sends them"),
    ):
        store_at(relay).put(NAME, file, SHA256)


@pytest.mark.parametrize("part_bytes", [PART_BYTES, 1 << 20], ids=["parts", "whole"])
def test_what_arrives_changed_is_not_stored(
    restarted: Restarted, file: Path, part_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.s3._ATTEMPTS", 1)
    with relaying(restarted.server, Spoil(spoils_sent=True)) as relay:
        store = S3Store(bucket=BUCKET, endpoint=relay.endpoint, part_bytes=part_bytes)
        with pytest.raises(StoreError):
            store.put(NAME, file, SHA256)

    assert store_at(restarted.server).find_size(NAME) is None


def test_over_tls_a_server_is_held_against_the_authority_of_the_settings(
    tmp_path: Path, file: Path
) -> None:
    (tmp_path / "s3" / BUCKET).mkdir(parents=True)
    ours = made_certificates(tmp_path)
    pair = ("--cert", str(ours.certificate), "--key", str(ours.key))
    with serving_s3(tmp_path / "s3", *pair) as server:
        trusting = Connection(ca_bundle=ours.authority)
        whole, parts = (
            S3Store(
                bucket=BUCKET,
                endpoint=server.endpoint,
                prefix=prefix,
                connection=trusting,
                part_bytes=part_bytes,
            )
            for prefix, part_bytes in (("whole/", 1 << 20), ("parts/", PART_BYTES))
        )
        whole.put(NAME, file, SHA256)
        parts.put(NAME, file, SHA256)
        read = [each.open_range(NAME, 1001, 7) for each in (whole, parts)]
        with pytest.raises(StoreError, match=r"store\.ca_bundle"):
            store_at(server).find_size(NAME)

    assert server.endpoint.startswith("https://")
    assert read == [BYTES[1001:1008]] * 2
