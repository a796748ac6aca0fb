"""Histories of real feeds: every retitling is a version, and noise in between makes none."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.article import Article, ShownPhoto
from archive.catalogue.rows import ChangeKind
from archive.versions import changed_fields, version_sha256
from pipelines.headlines import read_headline
from pipelines.letters import tidied
from tests.archive.histories import ROOT, Visitor, article, new_archive

FEEDS = Path(__file__).parents[2].parent / "shared/real/feeds"
pytestmark = pytest.mark.skipif(
    not FEEDS.is_dir(), reason="../shared/real is absent: real feeds are private test data"
)


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FEEDS / name).read_text(encoding="utf-8").splitlines()]


def read(state: dict[str, Any]) -> Article:
    """The article as the feed told it at that moment."""
    headline = read_headline(tidied(state["title"]))
    image = state.get("image")
    return replace(
        article(),
        headline=state["title"],
        title=headline.title,
        markers=headline.markers,
        update_no=headline.update_no,
        photos=(ShownPhoto(url=image),) if image and "placeholder" not in image else (),
    )


def noisy(state: dict[str, Any]) -> dict[str, Any]:
    """The same state as another answer of the same site may print it."""
    title = state["title"].replace("“", '"').replace("”", '"').replace(" – ", " - ")
    image = state["image"]
    return {
        "title": f"  {title.replace(' ', chr(160), 1)} ",
        "image": f"{image}?v=17" if image else image,
    }


def test_no_state_of_a_feed_becomes_a_version_by_noise_alone() -> None:
    states = [state for row in rows_of("rss_titles.jsonl") for state in row["versions"]]
    false = [s for s in states if changed_fields(read(s), read(noisy(s)))]

    assert len(states) > 5000
    assert false == []


def test_every_edit_of_a_real_history_is_a_version_and_nothing_else_is() -> None:
    found: Counter[str] = Counter()
    for row in rows_of("rss_titles.jsonl"):
        for before, after in zip(row["versions"], row["versions"][1:], strict=False):
            old, new = read(before), read(after)
            is_edit = (before["title"], old.photos) != (after["title"], new.photos)
            is_version = bool(changed_fields(old, new))
            assert is_version == (version_sha256(old) != version_sha256(new))
            found[f"{is_edit=} {is_version=}"] += 1

    assert found["is_edit=False is_version=True"] == 0
    assert found["is_edit=True is_version=False"] == 0
    assert found["is_edit=True is_version=True"] >= 30


def test_a_new_slug_after_a_new_headline_is_the_same_article(tmp_path: Path) -> None:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    rows = rows_of("same_id_new_address.jsonl")
    moves = 0
    for number, row in enumerate(rows, 1):
        moves += len({state["url"] for state in row["states"]}) - 1
        for place, state in enumerate(row["states"]):
            url = f"{ROOT}/{number}/{state['url'].rsplit('/', 1)[1]}"
            seen = replace(read(state), article_id=str(number), url=url, canonical_url=url)
            visitor.see(replace(seen, text=f"{seen.text} {number}"), at=url)
            assert place < 20
    visitor.store.commit()
    kinds = Counter(
        dict(visitor.catalogue.db.execute("SELECT kind, count(*) FROM change GROUP BY kind"))
    )
    visitor.store.abandon()
    visitor.catalogue.db.close()

    assert kinds[ChangeKind.APPEARED] == len(rows)
    assert kinds[ChangeKind.MOVED] >= moves * 0.95  # one that goes back to a known slug is none
