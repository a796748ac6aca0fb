"""How much of a bare Scrapy spider's speed is left when every page is recorded, read and indexed.

    python -m benchmarks.crawl [--pages 2000]

Serves a made-up site (2,000 pages of 30 to 200 kB, from a process of its own) on loopback and
crawls it twice in the same run: with a bare spider that drops the pages, and with the whole of
`salname crawl` (WARC, extraction, catalogue, search index). What is compared is CPU time, user
and system, of the crawling process alone, since the machine may be shared. Both find their modules
compiled, as `pip` leaves them: the first round compiles ours, and the best counts.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

from tests.web.bulk import BulkWeb

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "tests" / "web" / "sources_bulk"
GOAL = 0.6
MEMORY_GOAL_MB = 400

_BARE = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess

class Bare(Spider):
    name = "bare"
    async def start(self):
        for line in open(sys.argv[1]):
            yield Request(line.strip())
    def parse(self, response):
        pass

process = CrawlerProcess({
    "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
})
process.crawl(Bare)
process.start()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one crawl of all pages cost its own process."""

    name: str
    pages: int
    cpu_s: float
    wall_s: float
    memory_mb: float

    @property
    def pages_per_cpu_s(self) -> float:
        """Pages for each second of CPU."""
        return self.pages / self.cpu_s


def measure(name: str, command: list[str], pages: int, env: dict[str, str]) -> Cost:
    """Run a crawl and take its process's own CPU time and largest memory."""
    began = time.monotonic()
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise click.ClickException(f"{name} ended with exit code {process.returncode}: {said!r}")
    return Cost(
        name=name,
        pages=pages,
        cpu_s=usage.ru_utime + usage.ru_stime,
        wall_s=time.monotonic() - began,
        memory_mb=usage.ru_maxrss / 1024,
    )


def measure_bare(web: BulkWeb, folder: Path, env: dict[str, str]) -> Cost:
    """The bare spider."""
    urls = folder / "urls.txt"
    urls.write_text("\n".join(web.urls), encoding="utf-8")
    command = [sys.executable, "-c", _BARE, str(urls)]
    return measure("bare Scrapy spider", command, web.pages, env | {"http_proxy": web.proxy_url})


def measure_salname(web: BulkWeb, folder: Path, env: dict[str, str]) -> Cost:
    """The whole of `salname crawl`, into a new archive."""
    archive = folder / "archive"
    salname = [sys.executable, "-m", "crawler.cli"]
    subprocess.run([*salname, "init", str(archive)], check=True, stdout=subprocess.DEVNULL)
    (archive / "salname.toml").write_text(
        f'[crawler]\ncontact = "bench@salname.example"\npause_s = 0\nproxy = "{web.proxy_url}"\n'
        "allow_private_addresses = true\n",
        encoding="utf-8",
    )
    arguments = ["crawl", "--archive", str(archive), "--sources", str(SOURCES), "--json"]
    cost = measure("salname crawl", [*salname, *arguments], web.pages, env)
    status = subprocess.run(
        [*salname, "status", "--archive", str(archive), "--json"],
        check=True,
        stdout=subprocess.PIPE,
    )
    if (articles := json.loads(status.stdout)["articles"]) != web.pages:
        raise click.ClickException(f"salname crawl found {articles} of {web.pages} articles")
    return cost


@click.command()
@click.option("--pages", default=2000, show_default=True)
@click.option("--rounds", default=2, show_default=True, help="The best of so many is taken.")
def main(pages: int, rounds: int) -> None:
    """Compare the two crawls and print a table."""
    costs: dict[str, list[Cost]] = {}
    with tempfile.TemporaryDirectory() as compiled:
        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
        for _ in range(rounds):
            with BulkWeb(pages=pages) as web, tempfile.TemporaryDirectory() as folder:
                for crawl in (measure_bare, measure_salname):
                    cost = crawl(web, Path(folder), env)
                    costs.setdefault(cost.name, []).append(cost)
    bare, ours = (min(each, key=lambda cost: cost.cpu_s) for each in costs.values())
    print("| crawl | pages | CPU s | pages a CPU second | wall s | memory MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for cost in (bare, ours):
        print(
            f"| {cost.name} | {cost.pages} | {cost.cpu_s:.2f} | {cost.pages_per_cpu_s:.0f} "
            f"| {cost.wall_s:.1f} | {cost.memory_mb:.0f} |"
        )
    ratio = ours.pages_per_cpu_s / bare.pages_per_cpu_s
    print(
        f"\nratio {ratio:.2f} (goal {GOAL}); memory {ours.memory_mb:.0f} MB (goal {MEMORY_GOAL_MB})"
    )


if __name__ == "__main__":
    main()
