"""False versions of a page that nobody edits, missed edits, time of a difference, bytes a version.

    python -m benchmarks.versions [--looks 10000] [--versions 1000]

A made-up page with a view counter, a clock, rotating related links, slots for advertisements, CDN
parameters and two layouts is rendered and read again and again; then one live article is edited
so many times and the catalogue's file is weighed.
"""

import random
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from archive.article import Article, Block, BlockKind, article_to_json, text_of
from archive.diff import compare
from archive.versions import changed_fields, is_page_clock
from benchmarks.story_set import made_up_text
from pipelines.extract import read_page
from pipelines.items import Page
from tests.archive.histories import TEXT, Visitor, article, new_archive
from tests.archive.test_diff import mixed_words, one_of_two_words, words_of_their_own

_URL = "https://numune.example/xeber/41/park/"
_BEGAN = datetime(2026, 2, 14, 8, 0, tzinfo=UTC)
_RELATED = tuple(f"Rayonda {number} yeni layihə başa çatıb" for number in range(5, 60))


def page(chance: random.Random, at: datetime, figure: int) -> bytes:
    """The page as one visitor gets it at one moment; `figure` is the one thing that is content."""
    related = "".join(f'<li><a href="/xeber/{n}/">{_RELATED[n]}</a></li>' for n in _some(chance))
    advert = f'<div class="reklam" id="ad{chance.randrange(10**6)}"><ins></ins></div>'
    width, version = chance.choice((640, 1200)), chance.randrange(10**9)
    body = TEXT.replace("iki yüz", str(figure)).split(". ")
    text = "".join(f"<p>{each.rstrip('.')}.</p>" for each in body)
    photo = f'<img src="https://cdn.numune.example/foto/1.jpg?w={width}&v={version}">'
    aside = f'<aside class="related"><ul>{related}</ul></aside>'
    inner = (
        f'<div class="top">{aside}</div><main>{{}}</main>'
        if chance.random() < 0.5
        else f'<main>{{}}</main><div class="bottom">{aside}{advert}</div>'
    ).format(
        f"<article><h1>Park yenidən qurulur</h1>"
        f'<div class="meta"><time datetime="2026-02-14T11:00:00+04:00">14.02.2026 11:00</time> '
        f'<span class="views">Baxış sayı: {chance.randrange(10**5)}</span></div>'
        f'{photo}<div class="body">{text}</div>{advert}</article>'
    )
    return (
        f"<!doctype html><html lang=az><head><title>Park yenidən qurulur - Nümunə</title>"
        f'<meta property="og:type" content="article">'
        f'<meta property="article:modified_time" content="{at.isoformat()}"></head>'
        f'<body><div class="clock">{at:%H:%M:%S}</div>{inner}</body></html>'
    ).encode()


def _some(chance: random.Random) -> list[int]:
    return chance.sample(range(len(_RELATED)), 6)


def read(chance: random.Random, at: datetime, figure: int) -> Article:
    """The page of that moment, read by the general path."""
    return read_page(Page(url=_URL, captured_at=at, body=page(chance, at, figure)), None)


def is_edit(old: Article, new: Article, at: datetime) -> bool:
    """Whether the catalogue would make a version of it."""
    changed = changed_fields(old, new)
    return bool(changed) and not is_page_clock(changed, new, at)


def count_false(looks: int) -> int:
    """How many looks at the page make a version although nothing was edited."""
    chance = random.Random(11)  # noqa: S311 (a made-up page)
    first = read(chance, _BEGAN, 200)
    times = [_BEGAN + timedelta(minutes=7 * number) for number in range(1, looks + 1)]
    return sum(is_edit(first, read(chance, at, 200), at) for at in times)


def count_missed(edits: int) -> int:
    """How many edits of one figure make none."""
    chance = random.Random(12)  # noqa: S311
    first = read(chance, _BEGAN, 200)
    at = _BEGAN + timedelta(hours=1)
    return sum(not is_edit(first, read(chance, at, 201 + number), at) for number in range(edits))


def weigh(versions: int) -> float:
    """Bytes of the catalogue a version, of one article that is edited so many times."""
    with tempfile.TemporaryDirectory() as folder:
        visitor = Visitor(new_archive(Path(folder)))
        visitor.start_run()
        for number in range(versions):
            visitor.see(live_article(number))
        visitor.store.commit()
        visitor.catalogue.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = visitor.folder.catalogue_path.stat().st_size
        visitor.store.abandon()
        visitor.catalogue.db.close()
    return size / versions


def live_article(number: int) -> Article:
    """One article of some 2,000 letters as it stands at one of its updates."""
    chance = random.Random(5)  # noqa: S311
    text = "\n".join(made_up_text(chance) for _ in range(3))
    texts = (*text.split("\n"), f"Yeniləmə: {number}-ci saat.")
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=each) for each in texts)
    return replace(article(), text=text_of(blocks), blocks=blocks)


def time_worst(size: int) -> float:
    """Milliseconds of CPU for the difference of the worst two texts of so many letters, the least
    of three."""
    worst = 0.0
    for make in (mixed_words, one_of_two_words, words_of_their_own):
        old, new = (
            replace(article(), text=make(20_000, step)[:size], blocks=()) for step in (3, 7)
        )
        taken = []
        for _ in range(3):
            began = time.process_time()
            compare(old, new)
            taken.append(time.process_time() - began)
        worst = max(worst, min(taken))
    return 1e3 * worst


@click.command()
@click.option("--looks", default=10_000, show_default=True)
@click.option("--versions", default=1_000, show_default=True)
def main(looks: int, versions: int) -> None:
    """Count false versions and missed edits, time differences, and weigh versions."""
    live = live_article(0)
    letters, held = len(live.text), len(article_to_json(live))
    print("| what | measured | goal |")
    print("| --- | ---: | ---: |")
    print(f"| false versions in {looks:,} looks | {count_false(looks)} | 0 |", flush=True)
    print(f"| edits of one figure that are missed, of 100 | {count_missed(100)} | 0 |", flush=True)
    for size, goal in ((5_000, 10), (100_000, 150)):
        took = time_worst(size)
        print(
            f"| ms for the worst difference of {size:,} letters | {took:.0f} | {goal} |", flush=True
        )
    print(
        f"| bytes a version of a live article of {letters:,} letters, {held:,} bytes as JSON "
        f"| {weigh(versions):,.0f} | |"
    )


if __name__ == "__main__":
    main()
