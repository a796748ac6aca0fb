"""Stories and versions are the same in whatever order a day's articles come, and when they come again."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.article import Article, Block, BlockKind, Moment, Precision
from archive.catalogue.reader import CatalogueReader
from archive.rebuilding import rebuild
from benchmarks.story_set import Piece, made_up_text, make_set
from crawler.schedule import LookAgain
from tests.archive.histories import DAY_ONE, Visitor, article, new_archive, rows_of


def printed(piece: Piece) -> Article:
    """The piece as an article of its day."""
    day = (DAY_ONE + timedelta(days=piece.day)).date().isoformat()
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=each) for each in piece.text.split("\n"))
    return replace(
        article(piece.id),
        text=piece.text,
        blocks=blocks,
        published=Moment(at=day, precision=Precision.DAY, printed=day, how="iso"),
    )


def history(seed: int) -> list[Piece]:
    chance = random.Random(seed)  # noqa: S311 (made-up texts)
    return make_set(
        [made_up_text(chance) for _ in range(5)], seed=seed, days=4, reprints=1.5, templates=8
    )


def with_edits(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """The pieces, and of some of them another text on a later day: another's, half, or both."""
    edited = []
    for piece in chance.sample(pieces, len(pieces) // 4):
        own, other = piece.text, chance.choice(pieces).text
        text = chance.choice((other, own[: len(own) // 2], f"{own}\n{other}"))
        edited.append(replace(piece, text=text, day=piece.day + chance.randint(1, 2)))
    return sorted([*pieces, *edited], key=lambda piece: piece.day)


def archived(pieces: list[Piece], folder: Path) -> Visitor:
    visitor = Visitor(new_archive(folder), now=DAY_ONE + timedelta(days=10))
    visitor.start_run()
    for piece in pieces:
        visitor.see(printed(piece))
    visitor.store.commit()
    return visitor


def told(visitor: Visitor) -> tuple[set[frozenset[str]], dict[str, tuple[str, ...]]]:
    """Stories, and the digests of the versions of each article, by the articles' own keys."""
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        rows = reader.db.execute("SELECT id, key, coalesce(story_id, id) FROM article").fetchall()
        stories: dict[int, set[str]] = {}
        for _, key, story in rows:
            stories.setdefault(story, set()).add(key)
        versions = {
            key: tuple(each.version_sha256 for each in reader.versions_of(id_))
            for id_, key, _ in rows
        }
    return set(map(frozenset, stories.values())), versions


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), order=st.randoms(use_true_random=False), again=st.booleans())
def test_a_history_comes_to_the_same_in_any_order_within_a_day(
    seed: int, order: random.Random, again: bool
) -> None:
    pieces = with_edits(history(seed), random.Random(seed))  # noqa: S311 (made-up edits)
    shuffled = sorted(pieces, key=lambda piece: (piece.day, order.random()))
    newest = list({piece.id: piece for piece in shuffled}.values())
    repeated = shuffled + (newest if again else [])

    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        straight, mixed = archived(pieces, Path(one)), archived(repeated, Path(other))
        expected, found = told(straight), told(mixed)
        for visitor in (straight, mixed):
            visitor.end_run()
            visitor.close()
        before = rows_of(mixed.folder)
        rebuild(mixed.folder, LookAgain())
        after = rows_of(mixed.folder)

    assert found == expected
    assert after == before
