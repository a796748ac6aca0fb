"""Each of the twenty hardest traits of this press comes out right, in crawls of one made-up site."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crawler.crawling import Archive, complaints_in, new_archive
from tests.web.traits import HOST, OTHERS, PARAGRAPHS, ROOT, SOURCE, TITLE, TraitsWeb

WHOLE = "\n\n".join(PARAGRAPHS)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The site crawled on both of its days."""
    folder = tmp_path_factory.mktemp("traits")
    (folder / "sources").mkdir()
    (folder / "sources" / f"{HOST}.yaml").write_text(SOURCE, encoding="utf-8")
    with TraitsWeb() as web:
        found = new_archive(folder / "archive", web.proxy_url, sources=Path(folder / "sources"))
        first = found.crawl()
        web.edit()
        assert complaints_in([first, found.crawl()]) == []
        yield found


@pytest.fixture(scope="module")
def kept(archive: Archive) -> dict[str, dict[str, Any]]:
    """The newest version of each article, by its number."""
    return {article["article_id"]: article for article in archive.newest().values()}


def test_trait_1_identity_an_article_that_moved_with_its_title_is_one(archive: Archive) -> None:
    rows = archive.rows(
        "SELECT count(DISTINCT article_id), count(*) FROM address WHERE url LIKE '%/xeber/11-%'"
    )

    assert rows == [(1, 2)]


def test_trait_2_edits_in_place_one_figure_makes_a_version(archive: Archive) -> None:
    rows = archive.rows(
        "SELECT count(*) FROM version JOIN article ON article.id = article_id"
        " WHERE canonical_url = :url",
        url=f"{ROOT}/xeber/21",
    )

    assert rows == [(2,)]


def test_trait_3_title_parts_a_title_twice_and_a_badge_beside_it(
    kept: dict[str, dict[str, Any]],
) -> None:
    assert kept["31"]["title"] == TITLE
    assert (kept["32"]["title"], kept["32"]["markers"]) == ("Oxu zalı açılıb", ["VİDEO"])


def test_trait_4_markers_are_told_and_a_speaker_stays(kept: dict[str, dict[str, Any]]) -> None:
    assert kept["41"]["title"] == "Oxu zalı açılıb"
    assert (set(kept["41"]["markers"]), kept["41"]["update_no"]) == ({"YENİLƏNİB", "FOTO"}, 2)
    assert kept["42"]["title"] == "Oxu zalında yanğın olmayıb - FHN"


def test_trait_5_dates_without_a_year_beside_todays_date(kept: dict[str, dict[str, Any]]) -> None:
    published = kept["51"]["published"]

    assert published["at"][4:10] == "-02-14"
    assert published["at"][:4] != "2019"
    assert (published["precision"], published["printed"]) == ("day", "14 Fevral")


def test_trait_6_casing_is_kept_as_printed_and_one_address(kept: dict[str, dict[str, Any]]) -> None:
    assert kept["61"]["headline"] == "BAKI NAZIRLIYI YENI İSTILIK QURĞUSU ALIR"  # NFC
    assert kept["61"]["canonical_url"].startswith(f"{ROOT}/xeber/61")


def test_trait_7_encodings_declared_missing_and_wrong(kept: dict[str, dict[str, Any]]) -> None:
    assert kept["71"]["text"] == WHOLE
    assert kept["72"]["text"] == WHOLE


def test_trait_8_noise_inside_the_body_is_left_out(kept: dict[str, dict[str, Any]]) -> None:
    assert kept["81"]["text"] == WHOLE


def test_trait_9_a_body_that_lies_in_a_script(kept: dict[str, dict[str, Any]]) -> None:
    assert kept["91"]["text"] == WHOLE


def test_trait_10_paragraphs_parted_by_breaks_alone(kept: dict[str, dict[str, Any]]) -> None:
    assert kept["101"]["text"] == WHOLE


def test_trait_11_wrappers_pasted_from_another_site(kept: dict[str, dict[str, Any]]) -> None:
    assert kept["111"]["text"] == WHOLE


def test_trait_12_several_candidates_the_one_with_the_text(kept: dict[str, dict[str, Any]]) -> None:
    assert kept["121"]["text"] == WHOLE


def test_trait_13_images_lazy_behind_a_placeholder(kept: dict[str, dict[str, Any]]) -> None:
    assert [photo["url"] for photo in kept["131"]["photos"]] == [f"{ROOT}/foto/zal.jpg"]


def test_trait_14_stock_photos_one_file_of_several_articles(archive: Archive) -> None:
    rows = archive.rows(
        "SELECT count(DISTINCT photo_id), count(DISTINCT article_id) FROM version_photo"
        " JOIN version ON version.id = version_id"
        " WHERE url LIKE '%/foto/cins.jpg'"
    )

    assert rows == [(1, 2)]


def test_trait_15_galleries_are_found_where_the_marker_says_so(
    kept: dict[str, dict[str, Any]],
) -> None:
    names = [photo["url"].rsplit("/", 1)[1] for photo in kept["151"]["photos"]]

    assert (kept["151"]["markers"], names) == (["FOTO"], ["bir.jpg", "iki.jpg", "uc.jpg"])


def test_trait_16_live_updates_are_parted(kept: dict[str, dict[str, Any]]) -> None:
    kinds = [block["kind"] for block in kept["161"]["blocks"]]

    assert kinds == ["paragraph", "update", "paragraph", "paragraph"]


def test_trait_17_mirrors_lead_to_one_article(archive: Archive) -> None:
    rows = archive.rows("SELECT count(*) FROM article WHERE canonical_url LIKE '%/xeber/171%'")

    assert rows == [(1,)]


def test_trait_18_syndication_a_reprint_shares_its_story(archive: Archive) -> None:
    rows = archive.rows(
        "SELECT count(DISTINCT story_id), count(*) FROM article WHERE canonical_url IN (:a, :b)",
        a=f"{ROOT}/xeber/31",
        b=f"{ROOT}/xeber/181",
    )

    assert rows == [(1, 2)]


def test_trait_19_metadata_that_lies_is_not_believed(kept: dict[str, dict[str, Any]]) -> None:
    found = kept["191"]

    assert (found["title"], found["authors"], found["language"]) == (TITLE, [], "az")
    assert "HTML5 Template" not in found["tags"]


def test_trait_20_access_an_error_page_with_status_200_is_no_article(archive: Archive) -> None:
    rows = archive.rows("SELECT state FROM ledger WHERE url = :url", url=f"{ROOT}/xeber/201")

    assert rows == [("not-article",)]
    assert OTHERS[0] not in {each["text"] for each in archive.newest().values()}
