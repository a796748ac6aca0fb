"""A sealed segment is sent, read back, and only then let go of; what fails waits and is told."""

import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.catalogue.reader import CatalogueReader
from archive.errors import ArchiveError, IntegrityError, SpoolFull, StoreError
from archive.folder import ArchiveFolder, locked, sending
from archive.holdings import Holdings, object_name
from archive.integrity import Damage, verify
from archive.objects import FolderStore, ObjectStore
from archive.rebuilding import rebuild
from archive.replay import recover
from archive.s3 import S3Store
from archive.seals import seal_of
from archive.segment import name_of_segment
from archive.segment_reading import read_record
from archive.sending import require_room, send_beside, waiting_bytes
from archive.spool import segment_files
from archive.stores import find_store
from archive.upload import ANOTHER_SENDS, Sending, read_delays, send_sealed
from archive.web.photos import find_photo
from crawler.schedule import LookAgain
from tests.archive.failing_disk import each_failure, failing
from tests.archive.histories import Visitor, article, new_archive, rows_of
from tests.archive.s3_server import ACCESS_KEY, SECRET_KEY, Spoil, relaying, serving_s3

NOW = datetime.now(UTC)
AT_ONCE = timedelta(0)
FOR_EVER = timedelta(days=9999)


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    """Two sealed segments of two pages each; the store of the settings is a folder."""
    (tmp_path / "disk").mkdir()
    made = Visitor(new_archive(tmp_path))
    settings = f'[store]\nkind = "folder"\npath = "{tmp_path / "disk"}"\n'
    made.folder.settings_path.write_text(settings, encoding="utf-8")
    made.start_run()
    for number in (1, 3):
        made.see(article(number))
        made.see(article(number + 1))
        made.see_photo(number)
        made.store.close(seal_from_bytes=0)
    made.start_run()
    yield made
    made.store.abandon()
    made.catalogue.db.close()


def store_of(folder: ArchiveFolder) -> ObjectStore:
    store = find_store(folder)
    assert store is not None
    return store


def send(
    visitor: Visitor,
    store: ObjectStore | None = None,
    *,
    keep: timedelta = AT_ONCE,
    now: datetime | None = None,
) -> Sending:
    return send_sealed(
        visitor.folder,
        store or store_of(visitor.folder),
        visitor.catalogue,
        keep=keep,
        clock=lambda: (now or datetime.now(UTC)) + timedelta(minutes=1),
    )


def sealed_files(folder: ArchiveFolder) -> list[Path]:
    return sorted(folder.segments_path.glob("*.warc.gz"))


def test_a_sent_segment_lies_in_the_store_with_its_index_and_digests(
    visitor: Visitor, tmp_path: Path
) -> None:
    before = {path.name: path.read_bytes() for path in sealed_files(visitor.folder)}

    sending = send(visitor, keep=FOR_EVER)

    there = {path.name: path.read_bytes() for path in (tmp_path / "disk/segments").iterdir()}
    assert (len(sending.sent), sending.waiting, sending.error) == (2, 0, None)
    assert before.items() <= there.items()
    assert sorted(there) == sorted(
        f"{name}{ending}" for name in sending.sent for ending in (".warc.gz", ".cdxj", ".sha256")
    )
    assert sealed_files(visitor.folder)  # kept as long as it was asked for


def test_what_left_the_spool_is_read_from_the_store_and_rebuilt_the_same(visitor: Visitor) -> None:
    folder, spool = visitor.folder, visitor.folder.segments_path
    with CatalogueReader.open(folder.catalogue_path) as reader:
        captures = list(reader.all_captures())
    before = rows_of(folder)
    records = [read_record(spool, capture.location) for capture in captures]

    assert len(send(visitor).removed) == 2
    visitor.store.close()
    rebuild(folder, LookAgain())

    holdings, after = Holdings(folder), rows_of(folder)
    assert sealed_files(folder) == []
    assert [holdings.read(capture.location) for capture in captures] == records
    assert [row[2] for row in sorted(after["segment"])] == ["stored", "stored", "open"]
    assert {**before, "segment": []} == {**after, "segment": []}


def test_verify_looks_for_what_is_stored_and_reads_it_when_deep(
    visitor: Visitor, tmp_path: Path
) -> None:
    send(visitor)
    folder = visitor.folder
    shallow, deep = verify(folder), verify(folder, deep=True)
    stored = min((tmp_path / "disk/segments").glob("*.warc.gz"))
    held = bytearray(stored.read_bytes())
    held[len(held) // 2] ^= 1
    stored.chmod(0o644)
    stored.write_bytes(held)

    damaged = verify(folder, deep=True)

    assert (shallow.unread, shallow.findings) == (2, ())
    assert (deep.unread, deep.findings) == (0, ())
    assert deep.records == shallow.records + 21  # 6 × 3, 2 warcinfo, a run-start
    assert Damage.SEGMENT in [finding.damage for finding in damaged.findings]


@pytest.mark.parametrize("is_deep", [False, True], ids=["shallow", "deep"])
def test_what_a_store_that_is_away_has_is_not_taken_for_missing(
    visitor: Visitor, tmp_path: Path, is_deep: bool
) -> None:
    send(visitor)
    (tmp_path / "disk").rename(tmp_path / "unmounted")

    found = verify(visitor.folder, deep=is_deep, schedule=LookAgain())

    assert [finding.damage for finding in found.findings] == [Damage.STORE]
    assert found.unread == 2


def test_a_new_catalogue_beside_a_store_reads_it_first(visitor: Visitor) -> None:
    send(visitor)
    visitor.store.close()
    folder, before = visitor.folder, rows_of(visitor.folder)
    visitor.catalogue.db.close()
    for path in folder.path.glob("catalogue.sqlite*"):
        path.unlink()

    fresh = Visitor(folder)
    recover(folder, fresh.catalogue)
    fresh.catalogue.db.close()

    assert {**before, "segment": []} == {**rows_of(folder), "segment": []}


def test_a_new_catalogue_beside_a_store_that_is_away_is_not_begun(
    visitor: Visitor, tmp_path: Path
) -> None:
    send(visitor)
    (tmp_path / "disk").rename(tmp_path / "unmounted")
    for path in visitor.folder.path.glob("catalogue.sqlite*"):
        path.unlink()

    fresh = Visitor(visitor.folder)
    with pytest.raises(StoreError, match="Mount its disk"):
        recover(visitor.folder, fresh.catalogue)
    fresh.catalogue.db.close()


def test_a_store_that_is_away_costs_one_attempt_and_is_asked_again_after_a_pause(
    visitor: Visitor, tmp_path: Path
) -> None:
    shutil.move(tmp_path / "disk", tmp_path / "unmounted")
    away = send(visitor)
    first, second = sealed_files(visitor.folder)
    delays = read_delays(visitor.folder)
    (tmp_path / "unmounted").rename(tmp_path / "disk")

    soon = send(visitor)
    later = send(visitor, now=NOW + timedelta(hours=1))

    assert (away.sent, away.waiting) == ((), 2)
    assert "Mount its disk" in (away.error or "")
    assert list(delays) == [name_of_segment(first)]
    assert soon.sent == (name_of_segment(second),)
    assert later.sent == (name_of_segment(first),)
    assert read_delays(visitor.folder) == {}


def test_a_copy_goes_only_when_the_store_still_gives_it_back(
    visitor: Visitor, tmp_path: Path
) -> None:
    send(visitor, keep=FOR_EVER)
    stored = min((tmp_path / "disk/segments").glob("*.warc.gz"))
    stored.chmod(0o644)
    stored.write_bytes(b"rotten" + stored.read_bytes()[6:])

    sending = send(visitor)

    assert sending.removed == ()
    assert "with other bytes" in (sending.error or "")
    assert len(sealed_files(visitor.folder)) == 2


def test_a_damaged_segment_is_not_stored_and_does_not_stand_in_the_way(visitor: Visitor) -> None:
    first, second = sealed_files(visitor.folder)
    held = bytearray(first.read_bytes())
    held[len(held) // 2] ^= 1
    first.chmod(0o644)
    first.write_bytes(held)

    sending = send(visitor)

    assert sending.sent == (name_of_segment(second),)
    assert "holds no whole record" in (sending.error or "")
    assert first.exists()


def test_segments_survive_a_server_that_fails_spoils_and_comes_back(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    digests = {path.name: seal_of(path).sha256 for path in sealed_files(visitor.folder)}
    (tmp_path / "s3/bucket").mkdir(parents=True)
    with serving_s3(tmp_path / "s3") as server:
        with relaying(server, Spoil(always=(403, "AccessDenied"))) as spoilt:
            refused = send(visitor, S3Store(bucket="bucket", endpoint=spoilt.endpoint))
        with relaying(server, Spoil(flips_bytes=True)) as spoilt:
            changed = send(
                visitor,
                S3Store(bucket="bucket", endpoint=spoilt.endpoint),
                now=NOW + timedelta(days=1),
            )
        stopped = server.endpoint
    away = send(visitor, S3Store(bucket="bucket", endpoint=stopped), now=NOW + timedelta(days=2))
    still_here = len(sealed_files(visitor.folder))
    with serving_s3(tmp_path / "s3") as server:
        store = S3Store(bucket="bucket", endpoint=server.endpoint)
        sent = send(visitor, store, now=NOW + timedelta(days=3))

    assert [each.sent for each in (refused, changed, away)] == [(), (), ()]
    assert "key's rights" in (refused.error or "")
    assert "gave other bytes" in (changed.error or "")
    assert still_here == 2
    assert (len(sent.sent), len(sent.removed), sent.error) == (2, 2, None)
    assert {
        name: hashlib.sha256((tmp_path / "s3/bucket/segments" / name).read_bytes()).hexdigest()
        for name in digests
    } == digests


def test_sending_again_after_a_kill_between_store_and_catalogue_changes_nothing(
    visitor: Visitor, tmp_path: Path
) -> None:
    send(visitor, FolderStore(tmp_path / "disk"), keep=FOR_EVER)
    with visitor.catalogue.db.atomic():
        visitor.catalogue.db.execute("UPDATE segment SET state = 'sealed' WHERE state = 'stored'")

    again = send(visitor, keep=FOR_EVER)

    assert (len(again.sent), again.error) == (2, None)


def sendings_cut_short(visitor: Visitor, tmp_path: Path) -> Iterator[tuple[int, list[str]]]:
    """After each call at which the power went: what is wrong once the next run has sent."""
    folder, kept = visitor.folder, tmp_path / "kept"
    shutil.copytree(folder.segments_path, kept)
    for disk in each_failure(error_number=errno.EIO, is_dead=True):
        for path in (folder.segments_path, tmp_path / "disk"):
            shutil.rmtree(path)
        shutil.copytree(kept, folder.segments_path)
        (tmp_path / "disk").mkdir()
        visitor.catalogue.db.execute("UPDATE segment SET state = 'sealed' WHERE state = 'stored'")
        with failing(disk), suppress(ArchiveError):
            send(visitor)
        cut_short = verify(folder, deep=True).findings
        send(visitor, now=NOW + timedelta(days=1))
        found = verify(folder, deep=True)
        sentences = [each.sentence for each in (*cut_short, *found.findings)]
        assert found.unread == len(sealed_files(folder)) == 0
        yield len(disk.calls), sentences


def test_cut_short_at_any_call_nothing_is_lost_and_the_next_run_sends_it(
    visitor: Visitor, tmp_path: Path
) -> None:
    found = list(sendings_cut_short(visitor, tmp_path))

    assert len(found) > 40
    assert [sentences for _, sentences in found if sentences] == []


def test_a_photo_of_the_store_whose_bytes_changed_there_is_not_shown(
    visitor: Visitor, tmp_path: Path
) -> None:
    send(visitor)
    folder = visitor.folder
    with CatalogueReader.open(folder.catalogue_path) as reader:
        (sha256, *_) = (row[0] for row in reader.db.execute("SELECT sha256 FROM photo"))
        capture = reader.photo_capture(sha256)
        assert capture is not None
        before = Holdings(folder).read(capture.location)
        stored = tmp_path / "disk" / object_name(capture.location.segment)
        held = bytearray(stored.read_bytes())
        held[capture.location.offset + capture.location.length // 2] ^= 1
        stored.chmod(0o644)
        stored.write_bytes(held)

        with pytest.raises(IntegrityError, match="does not hold the record"):
            find_photo(folder, reader, sha256)

    assert before.block
    assert not folder.cache_path.exists()


def test_what_was_read_from_a_store_is_read_again_while_it_is_away(
    visitor: Visitor, tmp_path: Path
) -> None:
    send(visitor)
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        first, second, *_ = [capture.location for capture in reader.all_captures()]
    holdings = Holdings(visitor.folder, is_cached=True)
    read = holdings.read(first)
    (tmp_path / "disk").rename(tmp_path / "unmounted")

    assert holdings.read(first) == read
    with pytest.raises(StoreError, match="Mount its disk"):
        holdings.read(second)
    with pytest.raises(StoreError, match="Mount its disk"):
        Holdings(visitor.folder).read(first)  # who proves the store asks the store


def test_a_damaged_copy_in_the_cache_is_read_from_the_store_again(visitor: Visitor) -> None:
    send(visitor)
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        location = next(iter(reader.all_captures())).location
    holdings = Holdings(visitor.folder, is_cached=True)
    read = holdings.read(location)
    (kept,) = visitor.folder.cache_path.iterdir()
    kept.write_bytes(b"\0" * location.length)

    assert holdings.read(location) == read
    assert kept.read_bytes() != b"\0" * location.length


def test_more_than_may_wait_is_sent_first_and_else_refused(
    visitor: Visitor, tmp_path: Path
) -> None:
    store, clock = store_of(visitor.folder), lambda: datetime.now(UTC)
    (tmp_path / "disk").rename(tmp_path / "unmounted")
    with pytest.raises(SpoolFull, match=r"more than store\.wait_bytes allows.*Mount its disk"):
        require_room(visitor.folder, store, visitor.catalogue, limit_bytes=1, clock=clock)
    before = waiting_bytes(visitor.folder)
    (tmp_path / "unmounted").rename(tmp_path / "disk")

    require_room(visitor.folder, store, visitor.catalogue, limit_bytes=1, clock=clock)

    assert before > 1
    assert waiting_bytes(visitor.folder) == 0
    assert len(sealed_files(visitor.folder)) == 2  # kept: only what waits is bounded


def test_segments_are_sent_while_a_crawl_holds_the_archive_and_noted_after_it(
    visitor: Visitor, tmp_path: Path
) -> None:
    folder, store = visitor.folder, store_of(visitor.folder)
    for path in sealed_files(folder):
        seal_of(path)
    clock = lambda: datetime.now(UTC) + timedelta(minutes=1)  # noqa: E731
    with locked(folder, "salname crawl"):
        first = send_beside(folder, store, LookAgain(), keep=AT_ONCE, clock=clock)
    there = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "disk/segments").iterdir()}
    waiting = waiting_bytes(folder)
    second = send_beside(folder, store, LookAgain(), keep=AT_ONCE, clock=clock)

    assert (len(first.sent), first.removed, first.error) == (2, (), None)
    assert len(there) == 6
    assert waiting > 0  # not noted yet
    assert (len(second.sent), len(second.removed)) == (2, 2)
    assert read_delays(folder) == {}
    assert {
        path.name: path.stat().st_mtime_ns for path in (tmp_path / "disk/segments").iterdir()
    } == there


def test_one_process_sends_at_a_time(visitor: Visitor) -> None:
    store = store_of(visitor.folder)
    clock = lambda: datetime.now(UTC)  # noqa: E731
    with sending(visitor.folder):
        beside = send_beside(visitor.folder, store, LookAgain(), keep=AT_ONCE, clock=clock)
        within = send(visitor)

    assert [(each.sent, each.waiting) for each in (beside, within)] == [((), 2)] * 2
    assert [each.error for each in (beside, within)] == [ANOTHER_SENDS] * 2


def test_the_names_in_a_store_are_those_of_the_archive(visitor: Visitor) -> None:
    (path, *_) = segment_files(visitor.folder.segments_path)

    assert object_name(name_of_segment(path)) == f"segments/{path.name}"
