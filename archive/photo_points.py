"""The second look at two pictures: points that both have, at places that one movement explains.

It needs OpenCV (`pip install salname[photos]`). A collage, a screenshot or a narrow crop of a
picture shares too little of the whole for its hash; its corners and edges are still there.

Source: E. Rublee and others, ORB: an efficient alternative to SIFT or SURF, ICCV 2011.
"""

import io
import math
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

from archive.photo_hash import opened

LEAST_POINTS = 12
_LONGEST_PX = 640
_MOST_POINTS = 800
_RATIO = 0.8  # the nearest point is nearer than the second by so much
_STEP_PX = 4.0  # that a point may lie off its place
_SCALES = (0.15, 6.5)
_MOST_TURN = math.radians(12)
_SPREAD = 0.15  # of the picture's area that the points must span: words over it span a tenth
_NEAREST_PX = 6  # points nearer to each other count once


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What two pictures share.

    count      distinct points that one movement takes from the first picture to the second
    is_mirror  the second one was mirrored
    """

    count: int
    is_mirror: bool = False

    @property
    def is_same(self) -> bool:
        """Whether it is the same picture."""
        return self.count >= LEAST_POINTS


@cache
def can_look_twice() -> bool:
    """Whether OpenCV is installed."""
    return find_spec("cv2") is not None


def shared_points(one: bytes, other: bytes) -> Points:
    """The points that two image files share, as they are or with one of them mirrored.

    Raises:
        PageError: one of them cannot be decoded.
    """
    first, second = _grey(one), _grey(other)
    asked = _described(first)
    plain = _count(asked, _described(second))
    if plain >= LEAST_POINTS:
        return Points(count=plain)
    mirrored = _count(asked, _described(second[:, ::-1].copy()))
    return Points(count=max(plain, mirrored), is_mirror=mirrored > plain)


def _grey(body: bytes) -> Any:
    import numpy as np
    from PIL import ImageOps

    with opened(io.BytesIO(body).getvalue()) as image:
        image.draft("L", (_LONGEST_PX, _LONGEST_PX))
        grey = ImageOps.exif_transpose(image).convert("L")
    grey.thumbnail((_LONGEST_PX, _LONGEST_PX))
    return np.asarray(grey)


def _described(grey: Any) -> tuple[Any, Any, int]:
    """Where the points of a picture lie, and what each looks like."""
    import cv2
    import numpy as np

    orb = cv2.ORB.create(nfeatures=_MOST_POINTS, fastThreshold=10)
    points, looks = orb.detectAndCompute(grey, None)
    return np.array([point.pt for point in points], dtype=np.float32), looks, grey.size


def _count(one: tuple[Any, Any, int], other: tuple[Any, Any, int]) -> int:
    """The distinct points that one movement explains; 0 where the movement is absurd."""
    import cv2
    import numpy as np

    if one[1] is None or other[1] is None or min(len(one[0]), len(other[0])) < LEAST_POINTS:
        return 0
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(one[1], other[1], k=2)
    good = [
        a for a, b in (pair for pair in pairs if len(pair) == 2) if a.distance < _RATIO * b.distance
    ]
    if len(good) < LEAST_POINTS:
        return 0
    here = one[0][[each.queryIdx for each in good]]
    there = other[0][[each.trainIdx for each in good]]
    cv2.setRNGSeed(1)  # the same answer each time
    movement, inliers = cv2.estimateAffine2D(here, there, ransacReprojThreshold=_STEP_PX)
    if movement is None or not _is_sane(movement[:, :2]):
        return 0
    kept = inliers.ravel().astype(bool)
    counts = [_distinct(np.round(points[kept] / _NEAREST_PX)) for points in (here, there)]
    return min(counts) if _is_spread(here[kept], one[2]) else 0


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


def _is_spread(kept: Any, pixels: int) -> bool:
    """Whether the points span more of the picture than a logo or words over it would."""
    import numpy as np

    return bool(np.ptp(kept, axis=0).prod() > _SPREAD * pixels)
