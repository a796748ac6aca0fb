"""One of several writers of an archive: `python -m tests.faults.writers NUMBER FOLDER TOLD`.

It crawls a while again and again, as soon as the others let it. JSON objects are written to TOLD: what
was acknowledged, each turn, and how often it was barred.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from archive.errors import ArchiveLocked
from archive.folder import ArchiveFolder, locked
from tests.faults.lives import Tell, crawl

_TURNS = 8


def main(number: int, folder: ArchiveFolder, told: Path) -> None:
    """Take all turns."""
    with told.open("w", encoding="utf-8") as file:
        for turn in range(_TURNS):
            _take_turn(folder, 1 + _TURNS * number + turn, partial(_tell, file))


def _take_turn(folder: ArchiveFolder, life: int, tell: Tell) -> None:
    while True:
        try:
            with locked(folder, "a writer of many"):
                crawl(folder, life, tell)
                tell(turn=1)
                return
        except ArchiveLocked:
            tell(barred=1)
            time.sleep(0.05)


def _tell(file: TextIO, **what: Any) -> None:
    file.write(json.dumps(what) + "\n")
    file.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), ArchiveFolder(path=Path(sys.argv[2])), Path(sys.argv[3]))
