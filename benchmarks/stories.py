"""How well stories are found; what that costs as the archive grows is in `benchmarks.growth`.

    python -m benchmarks.stories [--texts 3000] [--templates 100000]

Story F1 is counted by pairs within found and true stories, but a story that holds two truths is
also counted by itself: one wrong link joins whole families.
"""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import click
from sqlite_utils import Database

from archive.catalogue.anchors import ANCHOR_TABLE, AnchorTable
from archive.stories import StoryText, read_story_text
from benchmarks.story_set import Piece, made_up_text, make_set


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Precision and recall over stories (B-cubed), the same over pairs, and joined templates:
    templated pieces of different days in one story that are not letter for letter the same."""

    precision: float
    recall: float
    pair_f1: float
    joined_templates: int

    @property
    def f1(self) -> float:
        """Of stories."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


class Stories:
    """Places texts one after the other, seeing the past alone."""

    def __init__(self, db: Database) -> None:
        db.execute(ANCHOR_TABLE)
        self._texts: dict[int, StoryText] = {}
        self.story: dict[int, int] = {}
        self._members: defaultdict[int, list[int]] = defaultdict(list)
        self.table = AnchorTable(db, self._texts.get, self.story.get)

    def place(self, piece: Piece, text: StoryText) -> None:
        """Find the story of one piece."""
        links = self.table.place(piece.id, piece.day, text)
        self._texts[piece.id] = text
        own = [piece.id]
        for link in links:
            if not link.is_later:
                own += self._members.pop(self.story[link.article_id], [])
        first = min(own)
        for each in own:
            self.story[each] = first
        self._members[first] = own


def score_of(pieces: Iterable[Piece], story: dict[int, int]) -> Score:
    """Hold found stories against the truth."""
    pieces = list(pieces)
    found, true = (Counter(map(key, pieces)) for key in (lambda p: story[p.id], lambda p: p.story))
    both = Counter((story[piece.id], piece.story) for piece in pieces)
    real = [piece for piece in pieces if not piece.is_template]
    precision = sum(both[story[p.id], p.story] / found[story[p.id]] for p in real) / max(
        1, len(real)
    )
    recall = sum(both[story[p.id], p.story] / true[p.story] for p in real) / max(1, len(real))
    pairs = [sum(n * (n - 1) // 2 for n in each.values()) for each in (both, found, true)]
    days: defaultdict[int, dict[str, int]] = defaultdict(dict)  # one piece may come twice by chance
    for piece in pieces:
        if piece.is_template:
            days[story[piece.id]][piece.text] = piece.day
    return Score(
        precision=precision,
        recall=recall,
        pair_f1=2 * pairs[0] / max(1, pairs[1] + pairs[2]),
        joined_templates=sum(len(set(each.values())) - 1 for each in days.values()),
    )


def score_set(pieces: list[Piece]) -> Score:
    """Place a whole set in its order and score it."""
    stories = Stories(Database(memory=True))
    for piece in pieces:
        stories.place(piece, read_story_text(piece.text))
    return score_of(pieces, stories.story)


@click.command()
@click.option("--texts", default=3000, show_default=True, help="Made-up texts with reprints.")
@click.option("--templates", default=100_000, show_default=True, help="Templated pieces.")
def main(texts: int, templates: int) -> None:
    """Score the developers' half and the other."""
    print(
        "| half | pieces | story F1 | precision | recall | pairs F1 | joined templates | ms a piece |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for seed in (1, 2):
        chance = random.Random(seed)  # noqa: S311
        made = [made_up_text(chance) for _ in range(texts)]
        pieces = make_set(made, seed=seed, days=60, reprints=1.8, templates=templates)
        began = time.process_time()
        found = score_set(pieces)
        cost_ms = 1e3 * (time.process_time() - began) / len(pieces)
        print(
            f"| {seed} | {len(pieces):,} | {found.f1:.3f} | {found.precision:.3f} "
            f"| {found.recall:.3f} | {found.pair_f1:.3f} | {found.joined_templates} "
            f"| {cost_ms:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
