"""Hostile pages read in a process that may take only so much memory more than it has."""

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
MORE_MB = 512  # than the process takes before the first page; the largest page has 9 MB
READER = """
import json, resource, sys
from archive.errors import PageError
from crawler.deadline import CpuDeadline
from pipelines.extract import read_page
from tests.pipelines.pages import PROSE, page_of, paragraphs

PAGES = {
    "nested tags": lambda: b"<div>" * 100_000 + b"x",
    "attributes": lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(1_000_000)) + b">x",
    "entities without end": lambda: b"<p>" + b"&amp" * 1_000_000,
    "entities of entities": lambda: b"<!DOCTYPE html [<!ENTITY a0 'x'>%s]><p>&a9;" % b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
    ),
    "nul bytes": lambda: b"<p>" + b"\\0" * 4_000_000,
    "nul bytes in text": lambda: b"<p>M\\0tn " * 200_000,
    "utf-16": lambda: ("<p>" + "Mətn " * 200_000).encode("utf-16"),
    "half of utf-16": lambda: ("<p>" + "Mətn " * 200_000).encode("utf-16")[:-1],
    "lone surrogates": lambda: b"<p>" + "\\ud800 ".encode("utf-8", "surrogatepass") * 200_000,
    "references to surrogates": lambda: b"<p>" + b"&#xD800; " * 200_000,
    "surrogates in a script": lambda: b'<script>const rawContent = "' + b"\\\\ud800" * 200_000 + b'"</script>',
}

def taken_kb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

read_page(page_of("<h1>Yeni körpü</h1>" + paragraphs(PROSE)))  # imports what reading needs
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
limit = size + int(sys.argv[1]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
before_kb = taken_kb()
for name, body_of in PAGES.items():
    body = body_of()
    try:
        with CpuDeadline():
            article = read_page(page_of(body))
        became = article.kind.value if article.kind == "article" else f"{article.kind.value}: {article.reason}"
    except PageError as error:
        became = f"{type(error).__name__}: {error}"
    print(json.dumps([name, became, (taken_kb() - before_kb) // 1024]), flush=True)
"""


def test_hostile_pages_are_read_in_bounded_memory() -> None:
    run = subprocess.run(
        [sys.executable, "-c", READER, str(MORE_MB)],
        cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    rows = [json.loads(line) for line in run.stdout.splitlines()]

    assert run.returncode == 0, run.stderr
    assert len(rows) == 11
    assert all(became for _, became, _ in rows)
    assert max(peak_mb for _, _, peak_mb in rows) < MORE_MB, rows
