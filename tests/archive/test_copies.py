"""Several stores: each gets every segment, one that is away hinders no other, any heals any."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.catalogue.reader import CatalogueReader
from archive.errors import ConfigurationError, StoreError
from archive.folder import ArchiveFolder
from archive.holdings import Holdings
from archive.integrity import verify
from archive.rebuilding import rebuild
from archive.repair import repair_from_store
from archive.replay import recover
from archive.segment import name_of_segment
from archive.store_check import check_store
from archive.store_repair import fill_stores
from archive.stores import find_store, find_stores
from archive.upload import Sending, read_delays, send_sealed
from crawler.schedule import LookAgain
from tests.archive.histories import Visitor, article, new_archive, rows_of
from tests.archive.s3_server import ACCESS_KEY, SECRET_KEY, Spoil, relaying, serving_s3

PLACES = ("disk", "cellar", "tower")
_GETS = 4  # a list, the two small segments, and the first 8 MB of the large one
FOR_EVER = timedelta(days=9999)


def settings_for(root: Path, *places: str) -> str:
    first, *further = (f'kind = "folder"\npath = "{root / place}"\n' for place in places)
    return "".join((f"[store]\n{first}", *(f"[[stores]]\n{each}" for each in further)))


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    """Two sealed segments; three stores, each a folder."""
    for place in PLACES:
        (tmp_path / place).mkdir()
    made = Visitor(new_archive(tmp_path))
    made.folder.settings_path.write_text(settings_for(tmp_path, *PLACES), encoding="utf-8")
    made.start_run()
    for number in (1, 2):
        made.see(article(number))
        made.store.close(seal_from_bytes=0)
    yield made
    made.store.abandon()
    made.catalogue.db.close()


def send(visitor: Visitor, *, keep: timedelta = timedelta(0), days: int = 0) -> Sending:
    store = find_store(visitor.folder)
    assert store is not None
    now = datetime.now(UTC) + timedelta(days=days, minutes=1)
    return send_sealed(visitor.folder, store, visitor.catalogue, keep=keep, clock=lambda: now)


def sealed_files(folder: ArchiveFolder) -> list[Path]:
    return sorted(folder.segments_path.glob("*.warc.gz"))


def held(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (place / "segments").glob("*")}


def spoil(path: Path) -> None:
    path.chmod(0o644)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


def test_each_sealed_segment_goes_to_every_store(visitor: Visitor, tmp_path: Path) -> None:
    sending = send(visitor)

    first, *others = [held(tmp_path / place) for place in PLACES]
    assert (len(sending.sent), len(sending.removed), sending.waiting) == (2, 2, 0)
    assert len(first) == 6
    assert others == [first, first]
    assert verify(visitor.folder, deep=True).findings == ()


def test_a_copy_stays_here_until_every_store_has_it(visitor: Visitor, tmp_path: Path) -> None:
    (tmp_path / "cellar").rename(tmp_path / "unmounted")
    away = send(visitor)
    here, waits = sealed_files(visitor.folder), read_delays(visitor.folder)
    others = [len(held(tmp_path / place)) for place in ("disk", "tower")]
    (tmp_path / "unmounted").rename(tmp_path / "cellar")
    back = send(visitor, days=1)

    assert (away.sent, away.removed, away.waiting, len(here)) == ((), (), 2, 2)
    assert "cellar is not there" in (away.error or "")
    assert others == [6, 6]  # the store that is away keeps the others from nothing
    assert {each.tries for each in waits.values()} == {0, 1}  # and costs one attempt
    assert (len(back.sent), len(back.removed)) == (2, 2)
    assert held(tmp_path / "cellar") == held(tmp_path / "disk")
    assert read_delays(visitor.folder) == {}


def test_a_copy_stays_here_where_one_store_gives_other_bytes_back(
    visitor: Visitor, tmp_path: Path
) -> None:
    send(visitor, keep=FOR_EVER)
    spoil(min((tmp_path / "tower/segments").glob("*.warc.gz")))

    sending = send(visitor)

    assert sending.removed == ()
    assert "with other bytes" in (sending.error or "")


def test_a_record_is_read_from_the_store_that_has_it_whole(
    visitor: Visitor, tmp_path: Path
) -> None:
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        captures = list(reader.all_captures())
    whole = [Holdings(visitor.folder).read(each.location) for each in captures]
    send(visitor)
    for path in (tmp_path / "disk/segments").glob("*.warc.gz"):
        path.chmod(0o644)
        path.write_bytes(b"\0" * path.stat().st_size)
    (tmp_path / "cellar").rename(tmp_path / "unmounted")

    read = [Holdings(visitor.folder).read(each.location) for each in captures]

    assert read == whole


def test_a_new_catalogue_waits_for_every_store(visitor: Visitor, tmp_path: Path) -> None:
    send(visitor)
    (tmp_path / "cellar").rename(tmp_path / "unmounted")
    for path in visitor.folder.path.glob("catalogue.sqlite*"):
        path.unlink()

    fresh = Visitor(visitor.folder)
    with pytest.raises(StoreError, match="Mount its disk"):
        recover(visitor.folder, fresh.catalogue)
    fresh.catalogue.db.close()


def test_a_check_holds_the_stores_against_their_seals_and_each_other(
    visitor: Visitor, tmp_path: Path
) -> None:
    send(visitor)
    store = find_store(visitor.folder)
    assert store is not None
    well = check_store(visitor.folder, store)
    first, second = sorted((tmp_path / "disk/segments").glob("*.warc.gz"))
    spoil(first)
    (tmp_path / "tower/segments" / second.name).unlink()

    found = check_store(visitor.folder, store).findings

    assert (well.segments, well.findings) == (2, ())
    disk, cellar, tower = (tmp_path / place for place in PLACES)
    told = [each.partition(". ")[0] for each in found]
    stem = f"{disk}: segments/{first.name} in the store"
    assert told[:2] == [
        f"{stem} does not have the digest that was stored with it",
        f"{stem} is not the segment that was sealed here",
    ]
    assert f"Segment {name_of_segment(first)} is not the same in all stores" in told[2]
    assert f"in {cellar}, " in told[2]
    assert told[3:] == [
        f"Segment {name_of_segment(second)} is not in {tower}, which another store has"
    ]


def test_a_damaged_segment_is_taken_from_the_first_store_that_has_it_whole(
    visitor: Visitor, tmp_path: Path
) -> None:
    send(visitor, keep=FOR_EVER)
    path = sealed_files(visitor.folder)[0]
    whole = path.read_bytes()
    spoil(path)
    spoil(tmp_path / "disk/segments" / path.name)

    (said,) = repair_from_store(visitor.folder)

    assert said.startswith(f"{path.name} was taken from {tmp_path / 'cellar'}")
    assert path.read_bytes() == whole


def test_a_store_that_was_added_later_is_given_what_the_others_have(
    visitor: Visitor, tmp_path: Path
) -> None:
    visitor.folder.settings_path.write_text(settings_for(tmp_path, "disk"), encoding="utf-8")
    send(visitor)
    (tmp_path / "archive/.copying-left").mkdir(parents=True, exist_ok=True)
    visitor.folder.settings_path.write_text(settings_for(tmp_path, *PLACES), encoding="utf-8")

    said = fill_stores(visitor.folder)

    assert len(said) == 4
    assert held(tmp_path / "disk") == held(tmp_path / "cellar") == held(tmp_path / "tower")
    assert fill_stores(visitor.folder) == ()


def test_a_damaged_object_that_was_removed_is_filled_from_another_store(
    visitor: Visitor, tmp_path: Path
) -> None:
    send(visitor)
    (tmp_path / "cellar").rename(tmp_path / "unmounted")
    (tmp_path / "cellar").mkdir()
    path = min((tmp_path / "disk/segments").glob("*.warc.gz"))
    spoil(path)

    said = fill_stores(visitor.folder)

    assert "does not have the digest that was stored with it" in said[0]
    assert held(tmp_path / "cellar") == held(tmp_path / "tower")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[stores]\nkind = 'folder'\n", r"write \[\[stores\]\]"),
        ("[[stores]]\nkind = 's3'\n", r"needs stores.0.bucket"),
        ("[[stores]]\nkind = 'tape'\n", r"stores.0.kind: 'tape' is not one of folder, s3"),
        ("[[stores]]\nkind = 's3'\nkeep_days = 1\n", r"stores.0.keep_days: unknown key"),
    ],
    ids=["no list", "no bucket", "no such kind", "no such key"],
)
def test_a_store_that_says_too_little_is_refused(tmp_path: Path, text: str, said: str) -> None:
    folder = new_archive(tmp_path)
    folder.settings_path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigurationError, match=said):
        find_stores(folder)


def test_a_segment_is_read_on_from_another_store_where_one_goes_away_in_its_middle(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    (tmp_path / "s3/press").mkdir(parents=True)
    for number in (3, 4):
        visitor.see_photo(number, random.Random(number).randbytes(5 << 20))  # noqa: S311
    visitor.store.close(seal_from_bytes=0)
    asked: list[str] = []
    is_away = Spoil(
        before=asked.append,
        sometimes=lambda method: (
            (403, "AccessDenied")
            if method == "GET" and sum(each.startswith("GET") for each in asked) > _GETS
            else None
        ),
    )
    further = settings_for(tmp_path, "disk").replace("[store]", "[[stores]]")
    with serving_s3(tmp_path / "s3") as server, relaying(server, is_away) as relay:
        for endpoint in (server.endpoint, relay.endpoint):
            visitor.folder.settings_path.write_text(
                f'[store]\nkind = "s3"\nbucket = "press"\nendpoint = "{endpoint}"\n{further}',
                encoding="utf-8",
            )
            if endpoint == server.endpoint:
                send(visitor)
        before = rows_of(visitor.folder)
        rebuild(visitor.folder, LookAgain())

    assert sealed_files(visitor.folder) == []
    assert {**rows_of(visitor.folder), "segment": []} == {**before, "segment": []}
    refused = sum(each.startswith("GET") for each in asked) - _GETS
    assert refused == 1
