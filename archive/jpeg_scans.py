"""The scans of a progressive JPEG that a small picture needs; the fine ones are left out.

A baseline JPEG that is wanted small costs little: the decoder skips what it does not need. A
progressive one comes in ten scans or so, from coarse to fine, and all of them are decoded before
the first pixel. Without the fine ones a press photo costs a third, and its hash stays the same but
for some bits.

Source: ITU-T T.81 (JPEG), B.1.1 (markers), B.2 (segments) and G.1.2 (scans of the progressive mode).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_SCANS = (
    100  # encoders write ten; of a large picture each costs milliseconds, whatever it holds
)
_START_OF_IMAGE, _END_OF_IMAGE = b"\xff\xd8", 0xD9
_PROGRESSIVE, _SCAN, _ADOBE = 0xC2, 0xDA, 0xEE
# What is no marker: a byte of the picture that is 255, a restart, a filling byte.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])")
# The last frequency in zigzag order that a picture decoded at an n-th of its size takes part of.
_LAST_FREQUENCY = {8: 0, 4: 4, 2: 24}


@dataclass(frozen=True, slots=True)
class _Segment:
    """Where a segment lies; a scan ends with its picture's bytes."""

    marker: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a frame is of: the names of its components, a byte each."""

    shorter_px: int
    components: bytes


def has_absurd_scans(body: bytes) -> bool:
    """Whether a JPEG has so many scans that its decoding takes minutes.

    Counted are the bytes of the marker, which the bytes of a scan never hold.
    """
    return body.startswith(_START_OF_IMAGE) and body.count(b"\xff\xda") > MOST_SCANS


def coarse_scans(body: bytes, least_px: int) -> bytes:
    """A progressive JPEG without what a grey picture, whose smaller side is so long, does not need.

    What is no progressive JPEG, is cut off or too small comes back as it is; so does what cannot be
    understood, for the decoder to complain of.
    """
    if not body.startswith(_START_OF_IMAGE):
        return body
    segments = list(_segments(body))
    frames = [each for each in segments if each.marker == _PROGRESSIVE]
    if len(frames) != 1 or segments[-1].marker != _END_OF_IMAGE:
        return body
    frame = _frame(body, frames[0])
    part = next((n for n in _LAST_FREQUENCY if frame.shorter_px // n >= least_px), None)
    if part is None or not _has_grey(body, segments, frame):
        return body
    kept = (
        body[each.start : each.end]
        for each in segments
        if each.marker != _SCAN or _is_needed(body, each, frame.components[0], part)
    )
    return b"".join((_START_OF_IMAGE, *kept, body[segments[-1].end :]))


def _segments(body: bytes) -> Iterator[_Segment]:
    """The segments up to the end of the image; none follows where it is cut off."""
    found = _MARKER.search(body, len(_START_OF_IMAGE))
    while found:
        start, marker = found.start(), found[1][0]
        if marker == _END_OF_IMAGE:
            yield _Segment(marker, start, start + 2)
            return
        after = start + 2 + int.from_bytes(body[start + 2 : start + 4], "big")
        found = _MARKER.search(body, after)
        is_scan = marker == _SCAN
        end = found.start() if found and is_scan else after
        yield _Segment(marker, start, end)


def _frame(body: bytes, frame: _Segment) -> _Frame:
    held = body[frame.start + 4 : frame.end]
    height, width = (int.from_bytes(held[at : at + 2], "big") for at in (1, 3))
    return _Frame(shorter_px=min(height, width), components=held[6::3])


def _has_grey(body: bytes, segments: list[_Segment], frame: _Frame) -> bool:
    """Whether the first component is the picture in grey, and no colour of three or four."""
    without_grey = any(
        each.marker == _ADOBE and body[each.start + 4 : each.end][:12:11] == b"A\x00"
        for each in segments
    )
    return len(frame.components) == 1 or (
        len(frame.components) == 3 and frame.components != b"RGB" and not without_grey
    )


def _is_needed(body: bytes, scan: _Segment, grey: int, part: int) -> bool:
    """Whether a scan holds the means of all squares, or low frequencies of grey.

    A scan that refines such frequencies cannot be read without all those before it, and changes
    little.
    """
    count = body[scan.start + 4] if scan.start + 4 < len(body) else 0
    components = body[scan.start + 5 : scan.start + 5 + 2 * count : 2]
    spectrum = body[scan.start + 5 + 2 * count : scan.start + 8 + 2 * count]
    if len(spectrum) < 3:
        return True
    first, is_refining = spectrum[0], spectrum[2] >> 4 > 0
    return first == 0 or (grey in components and first <= _LAST_FREQUENCY[part] and not is_refining)
