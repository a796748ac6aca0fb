"""Pictures in the catalogue: the same one in other cuts, its uses, stock, and what was swapped."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archive.article import ShownPhoto
from archive.catalogue.pictures import STOCK_STORIES, PictureTables
from archive.catalogue.reader import CatalogueReader
from archive.late_looks import look_back
from archive.moments import stamp
from archive.photo_hash import HASH_BYTES
from archive.photo_looks import looked_at
from archive.picture_view import PictureView, find_picture, pictures_of
from archive.reading import PictureVerdict
from archive.rebuilding import rebuild
from crawler.schedule import LookAgain
from tests.archive.histories import ROOT, Visitor, article, new_archive, rows_of
from tests.archive.test_photo_hash import file_of, opened
from tests.archive.test_photo_looks import FACTS
from tests.web.pictures import picture, sha256_of

CUT = file_of(opened("park").crop((60, 40, 1140, 760)))


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    made = Visitor(new_archive(tmp_path))
    made.start_run()
    yield made
    made.close()


def shows(*photos: int) -> tuple[ShownPhoto, ...]:
    return tuple(ShownPhoto(url=f"{ROOT}/foto/{each}.jpg") for each in photos)


def known(visitor: Visitor, body: bytes) -> PictureView:
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        found = find_picture(reader, sha256_of(body))
    assert found is not None
    return found


def kinds_of(visitor: Visitor, version_id: int) -> list[str]:
    visitor.store.commit()
    rows = visitor.catalogue.db.execute(
        "SELECT kind FROM version_edit WHERE version_id = ? ORDER BY kind", (version_id,)
    )
    written = visitor.catalogue.db.execute(
        "SELECT value FROM version, json_each(edit, '$.kinds') WHERE version.id = ? ORDER BY value",
        (version_id,),
    )
    kinds = [kind for (kind,) in rows]
    assert kinds == [kind for (kind,) in written]
    return kinds


def test_every_use_of_a_picture_is_known_in_whatever_cut(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see_photo(1, picture("park"))
    visitor.see(article(2))
    visitor.see_photo(2, CUT)

    found = known(visitor, CUT)

    assert [use.article_id for use in found.uses] == [1, 2]
    assert found.first_use is not None
    assert found.first_use.sha256 == sha256_of(picture("park"))
    assert (found.used_in, found.is_stock, found.maybe) == (2, False, ())


def test_different_pictures_stay_apart(visitor: Visitor) -> None:
    for number, name in ((1, "park"), (2, "liman")):
        visitor.see(article(number))
        visitor.see_photo(number, picture(name))

    assert [use.article_id for use in known(visitor, picture("liman")).uses] == [2]


def test_pictures_with_little_contrast_never_link_by_themselves(visitor: Visitor) -> None:
    greys = [file_of(Image.new("RGB", (640, 480), shade)) for shade in ("#777777", "#797979")]
    for number, body in enumerate(greys, 1):
        visitor.see(article(number))
        visitor.see_photo(number, body)

    found = known(visitor, greys[1])
    assert [use.article_id for use in found.uses] == [2]
    assert found.is_flat


def test_a_cut_photo_is_noted_as_not_hashed_and_has_its_uses_all_the_same(visitor: Visitor) -> None:
    broken = picture("park")[:9000]
    visitor.see(article(1))
    visitor.see_photo(1, broken)

    found = known(visitor, broken)

    assert "truncated" in (found.not_hashed or "")
    assert found.used_in == 1


def test_a_picture_in_many_stories_over_many_days_is_stock(visitor: Visitor) -> None:
    visitor.see_photo(1, picture("park"))
    for number in range(1, STOCK_STORIES + 2):
        visitor.see(article(number, text=f"Xəbər {number}.", blocks=(), photos=shows(1)))
        visitor.now += timedelta(hours=6)
        if number == STOCK_STORIES:
            assert not known(visitor, picture("park")).is_stock

    assert known(visitor, picture("park")).is_stock


def test_many_stories_of_one_day_do_not_make_stock(visitor: Visitor) -> None:
    visitor.see_photo(1, picture("park"))
    for number in range(1, STOCK_STORIES + 5):
        visitor.see(article(number, text=f"Xəbər {number}.", blocks=(), photos=shows(1)))

    assert not known(visitor, picture("park")).is_stock


def test_another_cut_of_the_same_picture_is_told_as_recropped(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see_photo(1, picture("park"))
    visitor.see(article(1, photos=shows(2)))
    assert kinds_of(visitor, 2) == ["photo-replaced"]

    visitor.see_photo(2, CUT)

    assert kinds_of(visitor, 2) == ["photo-recropped"]


def test_another_picture_stays_told_as_replaced(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see_photo(1, picture("park"))
    visitor.see(article(1, photos=shows(2)))
    visitor.see_photo(2, picture("liman"))

    assert kinds_of(visitor, 2) == ["photo-replaced"]


def test_a_photo_that_goes_while_the_text_stays_is_told_alone(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see(article(1, photos=()))

    assert kinds_of(visitor, 2) == ["photo-removed"]


def test_what_the_file_says_stands_beside_what_the_page_says(visitor: Visitor) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Nümunə Agentliyi".encode()
    body = file_of(opened("park"), exif=exif)
    visitor.see(article(1))
    visitor.see_photo(1, body)
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        (found,) = pictures_of(reader, 1)

    assert found.file_credit == "Nümunə Agentliyi"


def test_the_same_bytes_are_hashed_once(visitor: Visitor) -> None:
    visitor.see_photo(1, picture("park"))
    visitor.see_photo(2, picture("park"))
    visitor.store.commit()

    rows = visitor.catalogue.db.execute("SELECT photo_id, length(views) FROM picture").fetchall()

    assert rows == [(1, HASH_BYTES)]


def changes_of(visitor: Visitor) -> list[tuple[str, Any]]:
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        return [(each.kind, each.detail.get("picture")) for each in reader.changes_after(0, 100)]


@pytest.mark.parametrize(
    ("body", "told"), [(picture("liman"), "replaced"), (CUT, "recropped"), (None, "unknown")]
)
def test_a_photo_swapped_under_its_address_is_told_of_the_article(
    visitor: Visitor, body: bytes | None, told: str
) -> None:
    visitor.see(article(1))
    visitor.see_photo(1, picture("park"))

    visitor.see_photo(1, body)

    assert changes_of(visitor) == [("appeared", None), ("swapped", told)]


def test_both_pictures_of_a_swap_know_the_article_and_a_rebuild_agrees(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see_photo(1, picture("park"))
    visitor.see_photo(1, picture("liman"))

    assert [known(visitor, picture(each)).used_in for each in ("park", "liman")] == [1, 1]
    first, then = (known(visitor, picture(each)).uses[0].at for each in ("park", "liman"))
    assert first < then
    before = rows_of(visitor.folder)
    rebuild(visitor.folder, LookAgain())
    assert rows_of(visitor.folder) == before


def test_the_same_picture_written_anew_under_its_address_is_no_swap(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see_photo(1, picture("park"))

    visitor.see_photo(1, picture("park", "webp"))
    visitor.see_photo(1, file_of(opened("park").resize((640, 427))))

    assert changes_of(visitor) == [("appeared", None)]


def test_a_photo_is_asked_for_again_after_one_and_three_days_where_it_has_an_etag(
    visitor: Visitor,
) -> None:
    visitor.see(article(1))
    visitor.see(article(2))
    visitor.see_photo(1, picture("park"), etag='"1"')
    visitor.see_photo(2, picture("liman"))
    visitor.store.commit()

    def photos_due(days: float) -> list[str]:
        return [url for url in visitor.due(after=timedelta(days=days)) if "/foto/" in url]

    assert photos_due(0.9) == []
    assert photos_due(1.1) == [f"{ROOT}/foto/1.jpg"]


def test_an_edit_has_the_photos_that_stayed_asked_for_again(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see_photo(1, picture("park"))
    visitor.start_run()

    visitor.see(article(1, title="Park açılır", headline="Park açılır"))
    visitor.store.commit()

    assert f"{ROOT}/foto/1.jpg" in visitor.due()


def judge(visitor: Visitor, one: bytes, other: bytes, *, is_one: bool) -> None:
    visitor.store.note(
        PictureVerdict(
            at=stamp(visitor.now),
            is_one=is_one,
            sha256=sha256_of(one),
            other_sha256=sha256_of(other),
            why="iki ayrı foto" if not is_one else "eyni foto",
        )
    )


def test_a_wrong_join_is_undone_and_what_it_said_of_edits_too(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see_photo(1, picture("park"))
    visitor.see(article(1, photos=shows(2)))
    visitor.see_photo(2, CUT)
    visitor.see(article(3))
    visitor.see_photo(3, CUT)
    assert known(visitor, picture("park")).used_in == 2

    judge(visitor, picture("park"), CUT, is_one=False)

    found = known(visitor, picture("park"))
    assert [use.article_id for use in found.uses] == [1]
    assert (found.maybe, found.verdicts[0].why) == ((), "iki ayrı foto")
    assert kinds_of(visitor, 2) == ["photo-replaced"]


def test_what_was_parted_is_not_joined_again_by_a_third_photo(visitor: Visitor) -> None:
    bodies = (picture("park"), CUT, picture("park", "webp"))
    for number, body in enumerate(bodies, 1):
        visitor.see(article(number))
        visitor.see_photo(number, body)
        if number == 2:
            judge(visitor, CUT, picture("park"), is_one=False)

    assert [use.article_id for use in known(visitor, bodies[2]).uses] == [1, 3]
    assert [use.article_id for use in known(visitor, CUT).uses] == [2]


def test_the_third_photo_that_joined_two_goes_with_the_nearer_one(visitor: Visitor) -> None:
    bodies = (picture("park"), picture("park", "webp"), CUT)
    for number, body in enumerate(bodies, 1):
        visitor.see(article(number))
        visitor.see_photo(number, body)

    judge(visitor, picture("park"), CUT, is_one=False)

    assert [use.article_id for use in known(visitor, bodies[1]).uses] == [1, 2]


def test_a_person_joins_what_the_hash_does_not_and_a_rebuild_agrees(visitor: Visitor) -> None:
    for number, name in ((1, "park"), (2, "liman")):
        visitor.see(article(number))
        visitor.see_photo(number, picture(name))
    judge(visitor, picture("park"), picture("liman"), is_one=True)
    assert known(visitor, picture("liman")).used_in == 2
    before = rows_of(visitor.folder)

    rebuild(visitor.folder, LookAgain())

    assert rows_of(visitor.folder) == before


def test_photos_of_a_catalogue_from_before_pictures_are_looked_at_late(visitor: Visitor) -> None:
    for number, body in ((1, picture("park")), (2, CUT), (3, picture("park", "webp"))):
        visitor.see(article(1, photos=shows(number)))
        visitor.see_photo(number, body)
    visitor.store.commit()
    before, db = rows_of(visitor.folder), visitor.catalogue.db
    for table in ("picture_link", "picture", "version_edit"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608 (no values)
    db.execute("INSERT INTO version_edit SELECT 'photo-replaced', id FROM version WHERE number > 1")
    db.conn.commit()

    assert look_back(visitor.folder, visitor.catalogue, limit=2) == 2
    assert look_back(visitor.folder, visitor.catalogue) == 1

    assert rows_of(visitor.folder) == before


def test_a_picture_that_a_transaction_took_back_is_found_no_more(visitor: Visitor) -> None:
    tables = PictureTables(visitor.catalogue.db)
    look = looked_at(FACTS, picture("park")).look
    assert look is not None
    visitor.see_photo(1, b"a photo" * 9)
    visitor.see_photo(2, b"another" * 9)
    visitor.store.commit()
    db = visitor.catalogue.db
    db.execute("DELETE FROM picture")
    db.conn.commit()
    db.execute("BEGIN")
    tables.place(1, look)
    db.conn.rollback()

    db.execute("BEGIN")
    tables.place(2, look)
    db.conn.commit()

    assert db.execute("SELECT count(*) FROM picture_link").fetchone() == (0,)


def test_a_rebuild_comes_to_the_same_pictures(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see_photo(1, picture("park"))
    visitor.see(article(1, photos=shows(2)))
    visitor.see_photo(2, CUT)
    visitor.see_photo(3, picture("liman"))
    visitor.store.commit()
    visitor.store.close()
    before = rows_of(visitor.folder)

    rebuild(visitor.folder, LookAgain())

    after = rows_of(visitor.folder)
    assert len(after["picture"]) == 3
    assert after["picture"] == before["picture"]
    assert after["picture_link"] == before["picture_link"]
    assert after["version_edit"] == before["version_edit"]
