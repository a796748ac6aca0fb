"""How well a picture is recognised that newsrooms reuse, and what that costs.

    python -m benchmarks.photos --photographs FOLDER

The photographs are divided into two halves by the SHA-256 of their names. Thresholds come from one
half, figures from the other, and both ways round. Negatives are all pairs of reuses of different
photographs, but for two collages, which share their other picture, and two screenshots, which share
their page: those are told apart.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import numpy as np

from archive.photo_hash import (
    HASH_BYTES,
    LEAST_CONTRAST,
    LIKE_VIEWS,
    SURE_BITS,
    VIEW_BYTES,
    VIEWS,
    PhotoHash,
    hash_photo,
    sure_bits,
)
from archive.photo_index import PhotoIndex
from archive.photo_points import can_look_twice
from benchmarks.photo_second_look import FRAMED, Pictures, look_twice, tables
from benchmarks.photo_set import EXPECTED, UNEXPECTED, photographs, reuses, written

_Array = np.ndarray[Any, Any]
_NO_PHOTOGRAPH = r"screenshot|/themes/|chessboard|logo|text\.|page\.|phantom|multipage|horse|color\.|_right|abstract/|desktop/|gnome/|origami|_dark|xfce-"
_FALSE = 1e-4
_HOW_TO_GET = """\
The photographs are not here. Debian's wallpaper packages and scikit-image hold some; in an empty
folder, without installing anything:
  apt-get download mate-backgrounds gnome-backgrounds plasma-workspace-wallpapers ukui-wallpapers \\
    lomiri-wallpapers-16.04 lomiri-wallpapers-20.04 lxqt-themes
  for each in *.deb; do dpkg-deb -x "$each" photographs; done
  pip download --no-deps scikit-image && unzip -q scikit_image-*.whl -d photographs
and then: python -m benchmarks.photos --photographs photographs"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One picture of the set: a photograph as it was, or one of its reuses."""

    photograph: int
    kind: str
    body: bytes
    hash: PhotoHash


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """One half of the set, with the bits that differ between any two of its pictures."""

    uses: list[Use]
    bits: _Array

    def negatives(self) -> _Array:
        """The bits of each pair of pictures that are not the same, sorted."""
        found: _Array = np.sort(self.bits[self._is_negative(is_framed=False)])
        return found

    def framed(self) -> _Array:
        """The same of pictures that stand in the same frame: a page, or beside one other picture."""
        found: _Array = self.bits[self._is_negative(is_framed=True)]
        return found

    @property
    def photographs(self) -> int:
        """How many photographs it was made of."""
        return len({use.photograph for use in self.uses})

    def pictures(self) -> Pictures:
        """What the second look needs of it."""
        return Pictures(
            photographs=[use.photograph for use in self.uses],
            kinds=[use.kind for use in self.uses],
            bodies=[use.body for use in self.uses],
            bits=self.bits,
        )

    def false_kinds(self, most_bits: int) -> Counter[str]:
        """What was done to the pairs that are taken for the same and are not."""
        pairs = np.nonzero(self._is_negative(is_framed=False) & (self.bits <= most_bits))
        told = (
            " / ".join(sorted(self.uses[at].kind for at in pair))
            for pair in zip(*pairs, strict=True)
        )
        return Counter(told)

    def _is_negative(self, *, is_framed: bool) -> _Array:
        owner = np.array([use.photograph for use in self.uses])
        framed = np.array([use.kind in FRAMED for use in self.uses])
        both = framed[:, None] & framed
        found: _Array = np.triu((owner[:, None] != owner) & (both == is_framed), 1)
        return found

    def positives(self) -> dict[str, _Array]:
        """By what was done: the bits between each photograph and what became of it."""
        first = {use.photograph: at for at, use in enumerate(self.uses) if use.kind == ""}
        found: dict[str, list[int]] = {}
        for at, use in enumerate(self.uses):
            if use.kind:
                found.setdefault(use.kind, []).append(int(self.bits[first[use.photograph], at]))
        return {kind: np.array(bits) for kind, bits in found.items()}


def make_halves(folder: Path, leave_out: re.Pattern[str]) -> tuple[tuple[Half, Half], list[str]]:
    """The set in two halves, and as rows what it holds and what a hash costs."""
    halves: tuple[list[Use], list[Use]] = ([], [])
    flat, spent_s, hashed = 0, 0.0, 0
    for number, (name, picture) in enumerate(photographs(folder, leave_out)):
        half = halves[sha256(name.encode()).digest()[0] % 2]
        for kind, body in (("", written(picture, 90)), *reuses(picture)):
            began = time.process_time()
            found = hash_photo(body)
            spent_s += time.process_time() - began
            hashed += 1
            if kind == "" and found.is_flat:
                flat += 1
                break
            half.append(Use(photograph=number, kind=kind, body=body, hash=found))
    first, second = (Half(uses=half, bits=_bits_of(half)) for half in halves)
    about = [
        f"| photographs, in two halves | {first.photographs} + {second.photographs} |",
        f"| left out, since they show too little (contrast below {LEAST_CONTRAST}) | {flat} |",
        f"| reuses of each | {len(EXPECTED) + len(UNEXPECTED) + 3} |",
        f"| of these, without a view made for it | {len(UNEXPECTED)} |",
        f"| CPU ms for a hash, with decoding | {1e3 * spent_s / hashed:.1f} |",
    ]
    return (first, second), about


def _bits_of(uses: list[Use]) -> _Array:
    """The bits between any two pictures, as `bits_apart` counts them; 999 where one is flat."""
    words = np.frombuffer(b"".join(use.hash.views for use in uses), dtype=np.uint64)
    views = words.reshape(len(uses), VIEWS, VIEW_BYTES // 8)
    bits = np.full((len(uses), len(uses)), 999, dtype=np.int16)
    for view in range(VIEWS):
        here = views[:, view]
        for there in (0, view) if view in LIKE_VIEWS else (0,):
            apart = np.bitwise_count(here[:, None] ^ views[None, :, there]).sum(-1)
            bits = np.minimum(bits, np.minimum(apart, apart.T)).astype(np.int16)
    is_flat = np.array([use.hash.is_flat for use in uses])
    bits[is_flat] = bits[:, is_flat] = 999
    return bits


def _recall(half: Half, most_bits: int) -> dict[str, float]:
    return {kind: float((bits <= most_bits).mean()) for kind, bits in half.positives().items()}


def _false(negatives: _Array, most_bits: int) -> int:
    return int(np.searchsorted(negatives, most_bits, side="right"))


def report(halves: tuple[Half, Half]) -> Iterator[str]:
    """Recall by transformation, thresholds from one half and figures from the other."""
    told: list[dict[str, float]] = []
    yield "| threshold | learnt on | mean recall on the other half | false there | of |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for learnt, judged in (halves, halves[::-1]):
        sorted_bits, negatives = learnt.negatives(), judged.negatives()
        limit = int(sorted_bits[int(_FALSE * len(sorted_bits))]) - 1
        none = int(sorted_bits[0]) - 1
        told += [_recall(judged, bits) for bits in (limit, none, SURE_BITS)]
        name = f"{learnt.photographs} photographs"
        yield _line(f"{limit} bits, 1 false in 10,000", name, told[-3], negatives, limit)
        yield _line(f"{none} bits, none false", name, told[-2], negatives, none)
    for photos in (3_000, 100_000, 1_000_000):
        bits = sure_bits(photos)
        for half in halves[::-1]:
            sure = f"{bits} bits, as is joined among {photos:,} photos"
            yield _line(sure, "fixed", _recall(half, bits), half.negatives(), bits)
    yield ""
    yield "| what was done | at 1 false in 10,000 | at none false | surely the same |"
    yield "| --- | ---: | ---: | ---: |"
    for kind in told[0]:
        name = f"{kind} (no view for it)" if kind in UNEXPECTED else kind
        both = [(told[at][kind] + told[at + 3][kind]) / 2 for at in range(3)]
        yield f"| {name} | " + " | ".join(f"{each:.2f}" for each in both) + " |"


def common_mistakes(halves: tuple[Half, Half]) -> Iterator[str]:
    """What the different pictures share that are taken for the same, as rows."""
    framed = np.concatenate([half.framed() for half in halves])
    false = sum((half.false_kinds(SURE_BITS) for half in halves), Counter())
    alike = sum(number for kinds, number in false.items() if _bear_the_same(kinds))
    yield f"| different pictures within {SURE_BITS} bits | {false.total()} |"
    yield f"| of these, with the same words, banner, strip or frame | {alike} |"
    yield f"| pairs in the same page, or beside the same other picture | {len(framed):,} |"
    yield f"| of these, within {SURE_BITS} bits | {int((framed <= SURE_BITS).sum())} |"


def _line(limit: str, learnt: str, recall: dict[str, float], negatives: _Array, bits: int) -> str:
    counts = f"{_false(negatives, bits):,} | {len(negatives):,}"
    return f"| {limit} | {learnt} | {_mean(recall):.3f} | {counts} |"


def _bear_the_same(kinds: str) -> bool:
    one, _, other = kinds.partition(" / ")
    return one == other and one not in ("", "JPEG quality 30", "JPEG quality 60", "WebP")


def _mean(recall: dict[str, float]) -> float:
    return sum(recall.values()) / len(recall)


def look_ups(most: int) -> list[str]:
    """What a look-up takes in an index of made-up hashes, as rows."""
    chance = np.random.default_rng(1)
    count = most // VIEWS
    made = chance.integers(0, 256, (count, HASH_BYTES), dtype=np.uint8)
    index = PhotoIndex(lambda at: made[at].tobytes())
    began = time.process_time()
    index.fill((at, made[at].tobytes()) for at in range(count))
    filled_s = time.process_time() - began
    spent = []
    for at in range(0, count, max(1, count // 200)):
        began = time.process_time()
        assert index.find(made[at].tobytes())[0].photo_id == at
        spent.append(1e3 * (time.process_time() - began))
    return [
        f"| hashes in an index ({count:,} pictures) | {count * VIEWS:,} |",
        f"| CPU s to fill it | {filled_s:.2f} |",
        f"| MB of it in memory | {index.size_bytes / 1e6:.0f} |",
        f"| CPU ms for a look-up, mean | {np.mean(spent):.1f} |",
        f"| CPU ms for a look-up, 99 of 100 within | {np.percentile(spent, 99):.1f} |",
    ]


@click.command()
@click.option(
    "--photographs",
    "folder",
    type=click.Path(path_type=Path),
    envvar="PHOTOGRAPHS",
    help="Where wallpaper packages and the like are unpacked.",
)
@click.option("--leave-out", default=_NO_PHOTOGRAPH, help="Files that are no photographs.")
@click.option("--look-ups", "most", default=1_000_000, help="Hashes in the index; 0: none.")
def main(folder: Path | None, leave_out: str, most: int) -> None:
    """Print the tables of docs/quality.md about pictures."""
    if folder is None or not folder.is_dir():
        click.echo(_HOW_TO_GET, err=True)
        click.get_current_context().exit(2)
    halves, about = make_halves(folder, re.compile(leave_out))
    lines = ["| figure | measured |", "| --- | ---: |", *about]
    lines += [*(look_ups(most) if most else ()), *common_mistakes(halves), "", *report(halves)]
    if can_look_twice():
        first, second = (look_twice(half.pictures()) for half in halves)
        lines += ["", *tables((first, second))]
    click.echo("\n".join(lines))


if __name__ == "__main__":
    main()
