"""Segments: append, sync, read, cut a torn tail, seal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where one record lies: its gzip member in a segment file, offset and length in bytes."""

    segment: str
    offset: int
    length: int
