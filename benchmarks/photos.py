"""How well a picture is recognised that newsrooms reuse, and what that costs.

    python -m benchmarks.photos --photographs FOLDER

The photographs are divided into two halves by the SHA-256 of their names. Thresholds come from one
half, figures from the other, and both ways round; the product's own are the smaller ones of both.
Negatives are all pairs of reuses of different photographs, but for two collages, which share their
other picture, and two screenshots, which share their page: those are told apart. It takes four
minutes of CPU and says on standard error how far it is.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256, shake_128
from pathlib import Path

import click
import numpy as np

from archive.photo_hash import (
    HASH_BYTES,
    LEAST_CONTRAST,
    SURE_BITS,
    VIEWS,
    PhotoHash,
    hash_photo,
    sure_bits,
)
from archive.photo_index import PhotoIndex
from archive.photo_points import can_look_twice
from benchmarks.photo_limits import Array, Strangers, bits_between, strangers
from benchmarks.photo_second_look import FRAMED, Pictures, look_twice, tables
from benchmarks.photo_set import EXPECTED, PRESS_PX, UNEXPECTED, photographs, reuses, written

# Drawings and screenshots; and of photographs of one thing all but the first.
_NO_PHOTOGRAPH = "|".join((
    r"screenshot|/themes/|chessboard|logo|text\.|page\.|phantom|multipage|horse|color\.|_right",
    r"abstract/|desktop/|gnome/|origami|_dark|xfce-|html|HTML|palapeli/backgrounds",
    r"/left|/right|Suzanne|aero3|aloe(?:GT|R)|basketball2|detect_|digits|ela_mod|ellipses|gradient",
    r"graf3|imageText|leuvenB|/ml|pca_|/pic\d|whale2|sudoku|text_|/mask|trimaps|mattes|shape_",
    r"segmented|polygon",
))  # fmt: skip
_LEAST_PHOTOGRAPHS = 10  # of a half; from fewer no limit can be learnt
_HOW_TO_GET = """\
The photographs are not here. Debian's wallpaper packages and scikit-image hold some; in an empty
folder, without installing anything:
  apt-get download mate-backgrounds gnome-backgrounds plasma-workspace-wallpapers ukui-wallpapers \\
    lomiri-wallpapers lomiri-wallpapers-16.04 lomiri-wallpapers-20.04 lxqt-themes xfdesktop4-data \\
    cinnamon-desktop-data opencv-doc palapeli-data
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


@dataclass(frozen=True, kw_only=True)
class Half:
    """One half of the set, with the bits that differ between any two of its pictures."""

    uses: list[Use]
    bits: Array

    @cached_property
    def strangers(self) -> Strangers:
        """The pairs of pictures that are not the same."""
        owners = [use.photograph for use in self.uses]
        return strangers(owners, self.bits, self._is_negative(is_framed=False))

    def framed(self) -> Array:
        """The bits of pictures that stand in the same frame: a page, or beside one other picture."""
        found: Array = self.bits[self._is_negative(is_framed=True)]
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

    def _is_negative(self, *, is_framed: bool) -> Array:
        owner = np.array([use.photograph for use in self.uses])
        framed = np.array([use.kind in FRAMED for use in self.uses])
        both = framed[:, None] & framed
        found: Array = np.triu((owner[:, None] != owner) & (both == is_framed), 1)
        return found

    def positives(self) -> dict[str, Array]:
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
    flat, press_ms, other_ms, progressive_ms = 0, [], [], []
    for number, (name, picture) in enumerate(photographs(folder, leave_out)):
        click.echo(f"photograph {number + 1}: {name}", err=True)
        half = halves[sha256(name.encode()).digest()[0] % 2]
        press = written(picture, 90)
        found, spent_ms = _timed(press)
        if found.is_flat:
            flat += 1
            continue
        press_ms.append(spent_ms)
        progressive_ms.append(_timed(written(picture, 90, progressive=True))[1])
        half.append(Use(photograph=number, kind="", body=press, hash=found))
        for kind, body in reuses(picture):
            found, spent_ms = _timed(body)
            other_ms.append(spent_ms)
            half.append(Use(photograph=number, kind=kind, body=body, hash=found))
    click.echo("holding all pictures against each other", err=True)
    first, second = (
        Half(uses=half, bits=bits_between([use.hash for use in half])) for half in halves
    )
    about = [
        f"| photographs, in two halves | {first.photographs} + {second.photographs} |",
        f"| left out, since they show too little (contrast below {LEAST_CONTRAST}) | {flat} |",
        f"| reuses of each | {len(EXPECTED) + len(UNEXPECTED) + 3} |",
        f"| of these, without a view made for it | {len(UNEXPECTED)} |",
        f"| CPU ms to hash a press photo of {PRESS_PX} px, with decoding, mean | "
        f"{np.mean(press_ms):.1f} |",
        f"| the same, 99 of 100 within | {np.percentile(press_ms, 99):.1f} |",
        f"| CPU ms to hash it as a progressive JPEG, mean | {np.mean(progressive_ms):.1f} |",
        f"| CPU ms to hash one of its reuses, mean | {np.mean(other_ms):.1f} |",
    ]
    return (first, second), about


def _timed(body: bytes) -> tuple[PhotoHash, float]:
    began = time.process_time()
    found = hash_photo(body)
    return found, 1e3 * (time.process_time() - began)


def _recall(half: Half, most_bits: int) -> dict[str, float]:
    return {kind: float((bits <= most_bits).mean()) for kind, bits in half.positives().items()}


def report(halves: tuple[Half, Half]) -> Iterator[str]:
    """Recall by transformation, thresholds from one half and figures from the other."""
    told: list[dict[str, float]] = []
    yield "| threshold | learnt on | mean recall on the other half | false there | of | rate |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for learnt, judged in (halves, halves[::-1]):
        limit, none = learnt.strangers.limit, learnt.strangers.none
        told += [_recall(judged, bits) for bits in (limit, none, SURE_BITS)]
        name = f"{learnt.photographs} photographs"
        yield _line(f"{limit} bits, 1 false in 10,000 at most", name, judged, limit)
        yield _line(f"{none} bits, none false", name, judged, none)
    for photos in (3_000, 100_000, 1_000_000):
        bits = sure_bits(photos)
        for half in halves[::-1]:
            yield _line(f"{bits} bits, as is joined among {photos:,} photos", "fixed", half, bits)
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


def _line(limit: str, learnt: str, judged: Half, bits: int) -> str:
    false, of = judged.strangers.counts(bits)
    recall = _mean(_recall(judged, bits))
    return f"| {limit} | {learnt} | {recall:.3f} | {false:,} | {of:,} | {false / of:.1g} |"


def _bear_the_same(kinds: str) -> bool:
    one, _, other = kinds.partition(" / ")
    return one == other and one not in ("", "JPEG quality 30", "JPEG quality 60", "WebP")


def _mean(recall: dict[str, float]) -> float:
    return sum(recall.values()) / len(recall)


def look_ups(hashes: int) -> list[str]:
    """What a look-up takes in an index of made-up pictures with so many hashes, as rows."""
    count = hashes // VIEWS
    index = PhotoIndex(_made_up)
    began = time.process_time()
    index.fill((at, _made_up(at)) for at in range(count))
    filled_s = time.process_time() - began
    spent = []
    for at in range(0, count, max(1, count // 200)):
        began = time.process_time()
        assert index.find(_made_up(at))[0].photo_id == at
        spent.append(1e3 * (time.process_time() - began))
    name = f"among {hashes:,} hashes ({count:,} pictures)"
    return [
        f"| CPU ms for a look-up {name}, mean | {np.mean(spent):.1f} |",
        f"| the same, 99 of 100 within | {np.percentile(spent, 99):.1f} |",
        f"| MB of that index in memory | {index.size_bytes / 1e6:.0f} |",
        f"| CPU s to fill it, with making up its hashes | {filled_s:.1f} |",
    ]


def _made_up(at: int) -> bytes:
    return shake_128(str(at).encode()).digest(HASH_BYTES)


@click.command()
@click.option(
    "--photographs",
    "folder",
    type=click.Path(path_type=Path),
    envvar="PHOTOGRAPHS",
    help="Where wallpaper packages and the like are unpacked.",
)
@click.option("--leave-out", default=_NO_PHOTOGRAPH, help="Files that are no photographs.")
@click.option(
    "--look-ups",
    "hashes",
    multiple=True,
    default=(1_000_000, VIEWS * 1_000_000),
    help="Hashes in an index of made-up pictures; 0: none.",
)
def main(folder: Path | None, leave_out: str, hashes: tuple[int, ...]) -> None:
    """Print the tables of docs/quality.md about pictures."""
    if folder is None or not folder.is_dir():
        click.echo(_HOW_TO_GET, err=True)
        click.get_current_context().exit(2)
    halves, about = make_halves(folder, re.compile(leave_out))
    if min(half.photographs for half in halves) < _LEAST_PHOTOGRAPHS:
        click.echo(f"Each half needs {_LEAST_PHOTOGRAPHS} photographs at least.", err=True)
        click.get_current_context().exit(2)
    lines = ["| figure | measured |", "| --- | ---: |", *about]
    for count in filter(None, hashes):
        click.echo(f"looking up among {count:,} hashes", err=True)
        lines += look_ups(count)
    lines += [*common_mistakes(halves), "", *report(halves), ""]
    click.echo("\n".join(lines))
    if can_look_twice():
        click.echo("looking for points", err=True)
        first, second = (look_twice(half.pictures()) for half in halves)
        click.echo("\n".join(tables((first, second))))


if __name__ == "__main__":
    main()
