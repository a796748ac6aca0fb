"""Writing to an archive beside the crawl: what a person decides, and what is read anew."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from archive.folder import ArchiveFolder, locked

if TYPE_CHECKING:
    from archive.catalogue.writer import CatalogueWriter
    from pipelines.store import Store


@contextmanager
def writing(folder: ArchiveFolder, what: str) -> Iterator[tuple["CatalogueWriter", "Store"]]:
    """The archive's catalogue and a store to record into, with the lock held, after recovery."""
    from archive.recovery import start
    from archive.spool import SegmentLimits, Spool
    from crawler.crawl import EXTRACTOR
    from crawler.schedule import LookAgain
    from pipelines.store import GroupLimits, Store

    now = datetime.now(UTC)
    with locked(folder, what):
        begun = start(folder, LookAgain())
        try:
            if begun.sentence is not None:
                click.echo(begun.sentence, err=True)
            spool = Spool(
                folder.segments_path,
                SegmentLimits(max_bytes=1_000_000_000, max_age=timedelta(days=1)),
                f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
                about=(("software", EXTRACTOR),),
            )
            spool.resume()
            limits = GroupLimits(captures=500, age=timedelta(seconds=10))
            store = Store(spool, begun.catalogue, limits, lambda: datetime.now(UTC))
            try:
                yield begun.catalogue, store
            except BaseException:
                store.abandon()
                raise
            store.close()
        finally:
            begun.db.close()
