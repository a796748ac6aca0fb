"""Runs `salname` as people run it, each command in a process of its own, and looks at what is left.

Scrapy's reactor is spent after one crawl, and a kill must hit a whole process: nothing here calls
the crawl within the test's own process.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from archive.article import article_to_json
from archive.catalogue.reader import CatalogueReader
from archive.folder import ArchiveFolder
from archive.integrity import Verification, verify
from crawler.cli import main

WEB = Path(__file__).parents[1] / "web"
SOURCES = WEB / "sources"
FAULTY_SOURCES = WEB / "sources_faults"
_SALNAME = (sys.executable, "-W", "always", "-m", "crawler.cli")
_LONGEST_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A command that has ended: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One archive of a test, touched through the command line; looked at as it lies on the disk."""

    path: Path
    sources: Path = SOURCES

    @property
    def folder(self) -> ArchiveFolder:
        """Its paths."""
        return ArchiveFolder(path=self.path)

    def run(self, *arguments: str, stdin: str | None = None) -> Done:
        """Run a command on this archive to its end."""
        return salname(*arguments, "--archive", str(self.path), stdin=stdin)

    def ask(self, *arguments: str) -> Done:
        """Run a command that does not crawl on this archive, within this process."""
        return ask(*arguments, "--archive", str(self.path))

    def crawl(self, *arguments: str) -> Done:
        """Crawl this test's sources to the end."""
        return salname(*self.crawl_arguments(*arguments))

    def begin_crawl(self, *arguments: str) -> subprocess.Popen[str]:
        """Begin a crawl in a process of its own; whoever calls this waits for it."""
        return subprocess.Popen(
            [*_SALNAME, *self.crawl_arguments(*arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def crawl_arguments(self, *arguments: str) -> tuple[str, ...]:
        """What follows `salname` for a crawl of this test's sources."""
        places = ("--archive", str(self.path), "--sources", str(self.sources))
        return ("crawl", *arguments, *places)

    def set(self, **settings: Any) -> None:
        """Change lines of salname.toml."""
        text = self.folder.settings_path.read_text(encoding="utf-8")
        for key, value in settings.items():
            before = re.findall(rf"(?m)^{key} = .*$", text)
            assert len(before) == 1, f"salname.toml has {len(before)} lines for {key}"
            text = text.replace(before[0], f"{key} = {json.dumps(value)}")
        self.folder.settings_path.write_text(text, encoding="utf-8")

    def reader(self) -> CatalogueReader:
        """Its catalogue, to be closed."""
        return CatalogueReader.open(self.folder.catalogue_path)

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a question to the catalogue gives."""
        with self.reader() as reader:
            return reader.db.execute(sql, values).fetchall()

    def newest(self) -> dict[str, dict[str, Any]]:
        """The newest version of each article as JSON, by its address."""
        with self.reader() as reader:
            rows = reader.db.execute("SELECT canonical_url, last_version_id FROM article")
            versions = {url: reader.version_by_id(id_) for url, id_ in rows.fetchall()}
        return {
            url: json.loads(article_to_json(version.article))
            for url, version in versions.items()
            if version
        }

    def verify(self) -> Verification:
        """Every record read and checked, within this process."""
        return verify(self.folder)

    def copy_to(self, path: Path) -> "Archive":
        """A copy that a test may do anything with."""
        shutil.copytree(self.path, path)
        return Archive(path=path, sources=self.sources)


def salname(
    *arguments: str, stdin: str | None = None, env: Mapping[str, str] | None = None
) -> Done:
    """Run a command to its end."""
    done = subprocess.run(
        [*_SALNAME, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=_LONGEST_S,
        check=False,
        env={**os.environ, **(env or {})},
    )
    return Done(code=done.returncode, out=done.stdout, err=done.stderr)


def new_archive(path: Path, proxy_url: str, *, sources: Path = SOURCES, **settings: Any) -> Archive:
    """An archive whose crawls go to the made-up web, look at everything again, and never pause."""
    made = salname("init", str(path))
    assert made.code == 0, made.err
    archive = Archive(path=path, sources=sources)
    archive.set(
        **{
            "contact": "sinaq@salname.example",
            "pause_s": 0,
            "proxy": proxy_url,
            "allow_private_addresses": True,
            "look_again_s": [0],
            "gone_after_h": 0,
            **settings,
        }
    )
    return archive


def complaints_in(done: Iterable[Done]) -> list[str]:
    """What Python or a library said on standard error, which no person should ever read."""
    return [
        each.err
        for each in done
        if "Traceback" in each.err or "Warning" in each.err or "Exception ignored" in each.err
    ]


def ask(*arguments: str, stdin: str | None = None) -> Done:
    """Run a command that does not crawl within this process, where a warning is an error."""
    result = CliRunner().invoke(main, arguments, input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(code=result.exit_code, out=result.stdout, err=result.stderr)
