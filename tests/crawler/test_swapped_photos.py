"""A crawl of a site that puts another photo under an old address, and changes no page."""

import json
from pathlib import Path

from archive.catalogue.connection import open_writer
from archive.rebuilding import rebuild
from crawler.schedule import LookAgain
from tests.archive.histories import rows_of
from tests.crawler.crawling import new_archive
from tests.web.pictures import picture, sha256_of
from tests.web.server import MadeUpWeb

_PHOTOS = "SELECT url, due_at > state_at FROM ledger WHERE kind = 'photo' ORDER BY id"
_SECOND_LOOKS = """
SELECT status FROM capture JOIN ledger ON ledger.id = capture.ledger_id
WHERE ledger.kind = 'photo' AND run_id = 2
"""
_A_DAY_LATER = "UPDATE ledger SET due_at = state_at WHERE kind = 'photo'"


def test_a_photo_swapped_under_its_address_is_found_and_told(tmp_path: Path) -> None:
    with MadeUpWeb() as web:
        archive = new_archive(tmp_path / "archive", web.proxy_url, look_again_s=[86400])
        first = archive.crawl("olke.example")
        photos = archive.rows(_PHOTOS)
        url = photos[0][0]
        web.swap_photo(url, "liman")
        db = open_writer(archive.folder.catalogue_path)
        with db.atomic():
            db.execute(_A_DAY_LATER)
        db.close()
        second = archive.crawl("olke.example")

    assert (first.code, second.code) == (0, 0), second.err
    assert {will_be_asked for _, will_be_asked in photos} == {1}
    statuses = sorted(status for (status,) in archive.rows(_SECOND_LOOKS))
    assert statuses == [200, *[304] * (len(photos) - 1)]
    ((detail,),) = archive.rows("SELECT detail FROM change WHERE kind = 'swapped'")
    told = json.loads(detail)
    assert (told["url"], told["picture"]) == (url, "replaced")
    assert told["now"] == sha256_of(picture("liman", size=(1200, 800)))
    before = rows_of(archive.folder)
    rebuild(archive.folder, LookAgain())
    assert rows_of(archive.folder)["version_swap"] == before["version_swap"]
    assert rows_of(archive.folder)["change"] == before["change"]
