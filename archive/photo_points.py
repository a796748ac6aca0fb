"""The second look at two pictures: points that both have, at places that one movement explains.

It needs OpenCV (`pip install salname[photos]`). A collage, a screenshot or a narrow crop of a
picture shares too little of the whole for its hash; its corners and edges are still there.

The same words or the same banner over two pictures have points enough for a movement of their own.
So one picture is moved onto the other, and most places where they overlap must look alike, not only
those where the points lie. `benchmarks/photos.py` measured both thresholds.

Source: E. Rublee and others, ORB: an efficient alternative to SIFT or SURF, ICCV 2011.
"""

import math
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Any

from archive.photo_hash import opened

LEAST_POINTS = 10
LEAST_ALIKE = 0.75  # with the same words or banner over both it was 0.73 at most
_LONGEST_PX = 640
_FOUND_POINTS = 4000
_CELLS = 8  # of a side; words have the strongest corners, so no part of a picture gives more than
_POINTS_A_CELL = 16
_RATIO = 0.8  # the nearest point is nearer than the second by so much
_STEP_PX = 4.0  # that a point may lie off its place
_SCALES = (0.15, 6.5)
_MOST_TURN = math.radians(12)
_NEAREST_PX = 6  # points nearer to each other count once
_OVERLAP_PX = 128  # of a side, to which the overlap of two pictures is brought
_PLACE_PX = 16
_LEAST_OVERLAP_PX = 16
_LEAST_TEXTURE = 4.0  # grey levels of spread; a place with less in both says nothing
_LEAST_CORRELATION = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What two pictures share.

    count      distinct points that one movement takes from the first picture to the second
    alike      of the places where they overlap then, the share that looks alike, from 0 to 1
    is_mirror  the second one was mirrored
    """

    count: int
    alike: float = 0.0
    is_mirror: bool = False

    @property
    def is_same(self) -> bool:
        """Whether it is the same picture."""
        return self.count >= LEAST_POINTS and self.alike >= LEAST_ALIKE


@dataclass(frozen=True, slots=True)
class Described:
    """A picture in grey, where its points lie, and what each looks like."""

    grey: Any
    places: Any
    looks: Any


@cache
def can_look_twice() -> bool:
    """Whether OpenCV is installed."""
    return find_spec("cv2") is not None


def shared_points(one: bytes, other: bytes) -> Points:
    """What two image files share, as they are or with one of them mirrored; 40 ms of CPU.

    Raises:
        PageError: one of them cannot be decoded.
    """
    return shared_between(describe(one), describe(other))


def describe(body: bytes) -> Described:
    """The points of an image file; 10 to 20 ms of CPU.

    Raises:
        PageError: it cannot be decoded.
    """
    return _described(_grey(body))


def shared_between(one: Described, other: Described) -> Points:
    """The same as `shared_points`, of pictures that were described before."""
    plain = _shared(one, other)
    if plain.is_same:
        return plain
    mirrored = replace(_shared(one, _described(other.grey[:, ::-1].copy())), is_mirror=True)
    return max(plain, mirrored, key=lambda each: (each.is_same, each.count))


def _grey(body: bytes) -> Any:
    import numpy as np
    from PIL import ImageOps

    with opened(body) as image:
        image.draft("L", (_LONGEST_PX, _LONGEST_PX))
        grey = ImageOps.exif_transpose(image).convert("L")
    grey.thumbnail((_LONGEST_PX, _LONGEST_PX))
    return np.asarray(grey)


def _described(grey: Any) -> Described:
    import cv2
    import numpy as np

    orb = cv2.ORB.create(nfeatures=_FOUND_POINTS, fastThreshold=10)
    height, width = grey.shape
    cells: dict[tuple[int, int], list[Any]] = {}
    for point in sorted(orb.detect(grey, None), key=lambda each: -each.response):
        cell = int(point.pt[0] * _CELLS / width), int(point.pt[1] * _CELLS / height)
        held = cells.setdefault(cell, [])
        if len(held) < _POINTS_A_CELL:
            held.append(point)
    points, looks = orb.compute(grey, [point for held in cells.values() for point in held])
    return Described(grey, np.array([each.pt for each in points], dtype=np.float32), looks)


def _shared(one: Described, other: Described) -> Points:
    """What one movement explains; nothing where the movement is absurd."""
    import cv2
    import numpy as np

    nothing = Points(count=0)
    if min(len(one.places), len(other.places)) < LEAST_POINTS:
        return nothing
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(one.looks, other.looks, k=2)
    good = [
        a for a, b in (pair for pair in pairs if len(pair) == 2) if a.distance < _RATIO * b.distance
    ]
    if len(good) < LEAST_POINTS:
        return nothing
    here = one.places[[each.queryIdx for each in good]]
    there = other.places[[each.trainIdx for each in good]]
    cv2.setRNGSeed(1)  # the same answer each time
    movement, inliers = cv2.estimateAffine2D(here, there, ransacReprojThreshold=_STEP_PX)
    if movement is None or not _is_sane(movement[:, :2]):
        return nothing
    kept = inliers.ravel().astype(bool)
    count = min(_distinct(np.round(points[kept] / _NEAREST_PX)) for points in (here, there))
    return Points(
        count=count,
        alike=_alike(one.grey, other.grey, movement) if count >= LEAST_POINTS else 0.0,
    )


def _is_sane(linear: Any) -> bool:
    """Whether a picture may have been scaled, turned and stretched so."""
    import numpy as np

    scales = np.linalg.svd(linear, compute_uv=False)
    turn = math.atan2(linear[1, 0], linear[0, 0])
    return bool(
        np.linalg.det(linear) > 0
        and scales[1] > _SCALES[0]
        and scales[0] < _SCALES[1]
        and scales[0] < 1.5 * scales[1]
        and abs(turn) < _MOST_TURN
    )


def _distinct(places: Any) -> int:
    return len({tuple(place) for place in places.tolist()})


def _alike(one: Any, other: Any, movement: Any) -> float:
    """Of the places where two pictures overlap and something is to be seen, the share alike."""
    import numpy as np

    box = _overlap(one, other, movement)
    if box is None:
        return 0.0
    left, top, width, height = box
    # From the overlap's own pixels to those of each picture.
    to_one = np.array([[width, 0, left], [0, height, top]], np.float64)
    to_one[:, :2] /= _OVERLAP_PX
    to_other = movement[:, :2] @ to_one
    to_other[:, 2] += movement[:, 2]
    is_other = _warped(np.ones(other.shape, np.float32), to_other)
    seen = _places(is_other).min(axis=1) > 0.9
    a, b = (_places(_brought(grey, to))[seen] for grey, to in ((one, to_one), (other, to_other)))
    a, b = a - a.mean(axis=1, keepdims=True), b - b.mean(axis=1, keepdims=True)
    spreads = a.std(axis=1), b.std(axis=1)
    told = np.maximum(*spreads) > _LEAST_TEXTURE
    correlations = (a * b).mean(axis=1) / (spreads[0] * spreads[1] + 1e-6)
    return float((correlations[told] > _LEAST_CORRELATION).mean()) if told.any() else 0.0


def _overlap(one: Any, other: Any, movement: Any) -> tuple[float, float, float, float] | None:
    """The part of the first picture that the second covers: left, top, width and height."""
    import cv2
    import numpy as np

    height, width = other.shape
    back = cv2.invertAffineTransform(movement)
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]]) @ back[:, :2].T
    corners += back[:, 2]
    left, top = np.maximum(corners.min(axis=0), 0)
    right, bottom = np.minimum(corners.max(axis=0), one.shape[::-1])
    if min(right - left, bottom - top) < _LEAST_OVERLAP_PX:
        return None
    return left, top, right - left, bottom - top


def _brought(grey: Any, to_it: Any) -> Any:
    """A part of a picture in the overlap's pixels, softened, since the movement is not exact."""
    import cv2
    import numpy as np

    soft = grey.astype(np.float32)
    if (scale := np.linalg.svd(to_it[:, :2], compute_uv=False)[0]) > 1:
        soft = cv2.GaussianBlur(soft, (0, 0), 0.5 * scale)
    return cv2.GaussianBlur(_warped(soft, to_it), (0, 0), 1.0)


def _warped(image: Any, to_it: Any) -> Any:
    import cv2

    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, to_it, (_OVERLAP_PX, _OVERLAP_PX), flags=flags)


def _places(overlap: Any) -> Any:
    """The overlap cut into squares, a row of pixels for each."""
    side = _OVERLAP_PX // _PLACE_PX
    squares = overlap.reshape(side, _PLACE_PX, side, _PLACE_PX).swapaxes(1, 2)
    return squares.reshape(side * side, _PLACE_PX**2)
