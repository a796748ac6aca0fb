"""What makes bytes stay, and the sentences for when they do not."""

import errno
import os
from pathlib import Path

import pytest

from archive.disk import sync_folder, write_all, write_error
from archive.errors import ArchiveError, SpoolFull


def test_all_bytes_are_written_also_where_the_system_takes_them_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    fd = os.open(tmp_path / "a", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:3]))

    write_all(fd, b"0123456789")
    os.close(fd)

    assert (tmp_path / "a").read_bytes() == b"0123456789"


def test_a_folder_that_is_not_there_cannot_be_synced(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no space is left on its disk"),
        (errno.EDQUOT, "disk quota"),
        (errno.EFBIG, "ulimit -f"),
    ],
)
def test_a_full_disk_says_how_much_room_there_is_and_what_to_do(
    tmp_path: Path, number: int, words: str
) -> None:
    error = write_error(tmp_path / "a", OSError(number, "x"), "Nothing is lost.")

    assert isinstance(error, SpoolFull)
    assert words in str(error)
    assert "KiB free of" in str(error)
    assert "Nothing is lost. Make room" in str(error)


def test_a_broken_disk_is_not_called_full(tmp_path: Path) -> None:
    error = write_error(tmp_path / "gone" / "a", OSError(errno.EIO, "Input/output error"), "So.")

    assert type(error) is ArchiveError
    assert "Input/output error. So." in str(error)


def test_room_that_cannot_be_measured_is_not_made_up(tmp_path: Path) -> None:
    error = write_error(tmp_path / "gone" / "a", OSError(errno.ENOSPC, "x"), "So.")

    assert "free space is not known" in str(error)
