"""The archivists’ pages over HTTP."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from lxml import html
from PIL import Image

from archive.folder import ArchiveFolder, create_archive
from archive.segment import find_segment_file
from archive.spool import segment_files
from archive.web.words import PHRASES
from tests.archive.histories import Visitor, article, new_archive
from tests.archive.test_photo_hash import file_of, opened
from tests.archive.web.conftest import served
from tests.archive.web.small_archive import MOVED_URL, make_small_archive
from tests.web.pictures import picture, sha256_of

PHOTO = picture("merkez")
PAGES = [
    "/",
    "/?q=asan+xidm%C9%99t",
    "/?q=yoxdurbelesoz",
    "/article/1",
    "/article/1/version/1",
    "/article/3",
    "/article/4",
    "/article/1/diff/1/3",
    "/article/1/diff/2/2",
    "/changes",
    "/sources",
    "/source/olke.example",
]


def markup_of(page: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of a page with its attributes."""
    elements = html.document_fromstring(page.encode()).iter()
    return [(str(element.tag), dict(element.attrib)) for element in elements]


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@contextmanager
def visited(folder: Path) -> Iterator[httpx.Client]:
    server = served(folder)
    with httpx.Client(base_url=next(server)) as client:
        yield client
    next(server, None)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["az", "en"])
def test_each_page_answers_in_both_languages(
    client: httpx.Client, path: str, language: str
) -> None:
    answer = client.get(path, params=[*httpx.URL(path).params.items(), ("lang", language)])

    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in answer.text
    other = 1 if language == "az" else 0
    assert PHRASES["proof_promise"][other] not in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/api/changes", "/static/salname.css"])
def test_no_page_lets_a_browser_run_or_fetch_anything_else(client: httpx.Client, path: str) -> None:
    answer = client.get(path)

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    markup = markup_of(answer.text) if "html" in answer.headers["Content-Type"] else []
    assert not [tag for tag, _ in markup if tag in ("script", "style", "iframe", "object")]
    names = {name for _, attributes in markup for name in attributes}
    assert not [name for name in names if name.startswith("on") or name == "style"]
    fetched = [attributes.get("src") for tag, attributes in markup if tag == "img"]
    assert all(address and address.startswith("/") for address in fetched)


def test_markup_of_a_publisher_is_shown_as_text(client: httpx.Client) -> None:
    page = client.get("/article/3").text

    assert "&lt;script&gt;alert" in page
    assert "&lt;img src=x onerror=" in page
    assert "&lt;b&gt;Zavodda&lt;/b&gt; artım" in page
    assert "javascript:alert(1)" in text_of(page)
    links = [attributes.get("href") or "" for tag, attributes in markup_of(page) if tag == "a"]
    assert not [link for link in links if link.startswith("javascript:")]


def test_a_search_finds_the_article_and_marks_the_words(client: httpx.Client) -> None:
    page = client.get("/", params={"q": "“ASAN XİDMƏT”in"}).text

    assert 'href="/article/1"' in page
    assert "<mark>" in page
    assert "/small" in page


def test_a_search_without_result_says_so(client: httpx.Client) -> None:
    page = client.get("/", params={"q": "yoxdurbelesoz"}).text

    assert "“yoxdurbelesoz” üzrə heç nə tapılmadı." in text_of(page)


def test_a_search_is_refined_by_source_days_and_order(client: httpx.Client) -> None:
    fields = {"q": "", "source": "olke.example", "from": "2020-01-01", "order": "oldest"}
    page = html.document_fromstring(client.get("/", params=fields).text)

    days = [
        str(each)[:10] for each in page.xpath("//li[contains(@class, 'result')]//time/@datetime")
    ]
    assert len(days) > 1
    assert days == sorted(days)
    assert page.xpath("//option[@selected]/@value") == ["olke.example", "oldest"]
    assert page.xpath("//input[@name='from']/@value") == ["2020-01-01"]
    assert page.xpath("//details[@open]/summary/text()") == [PHRASES["refine"][0]]
    other = client.get("/", params={**fields, "source": "nazirlik.example"}).text
    assert "olke.example ·" not in text_of(other)


def test_a_page_behind_the_last_result_leads_back(client: httpx.Client) -> None:
    for path in ("/?q=asan", "/source/olke.example?x=y"):
        page = client.get(f"{path}&page=400").text

        assert PHRASES["no_more_results"][0] in page
        assert PHRASES["first_page"][0] in page


def test_a_search_says_what_its_index_has_not_read(tmp_path: Path) -> None:
    folder = make_small_archive(tmp_path / "archive")
    shutil.rmtree(folder.search_path, ignore_errors=True)
    folder.search_path.write_text("no folder, so that no index can be made")

    with visited(folder.path) as client:
        page = client.get("/?q=asan&lang=en").text
        answer = client.get("/api/search?q=asan").json()

    assert "cannot be found by a search yet" in page
    assert (answer["total"], answer["is_exact"]) == (0, True)
    assert answer["unread"] > 1


def test_articles_with_some_of_the_words_come_behind_a_line(client: httpx.Client) -> None:
    page = text_of(client.get("/", params={"q": "asan xidmət zavodda"}).text)

    assert "Bütün sözlərin birlikdə olduğu məqalə yoxdur." in page
    assert page.index("Sözlərin yalnız bir qismi olan məqalələr") < page.index("Şəkidə")


def test_an_article_is_shown_whole(client: httpx.Client) -> None:
    page = text_of(client.get("/article/1").text)

    assert "Şəkidə yeni “ASAN xidmət” mərkəzi açılıb FOTO" in page
    assert "14 fevral 2026, 13:20" in page
    assert "saytda: “14 Fevral 13:20”" in page
    assert "Mərkəzdə vətəndaşlara 140-dan çox xidmət göstəriləcək." in page
    assert "Yeni mərkəzin binası Foto: Ölkə.Example" in page
    assert MOVED_URL in page
    assert "3 versiya" in page


def test_what_is_shown_can_be_traced_to_its_bytes(
    client: httpx.Client, archive: ArchiveFolder
) -> None:
    shape = client.get("/api/article/1").json()
    capture = shape["archive"]["capture"]
    page = text_of(client.get("/article/1").text)

    file = find_segment_file(archive.segments_path, capture["segment"])
    assert file is not None
    proof = (file.name, capture["offset"], capture["length"], capture["payload_sha256"])
    assert [fact for fact in proof if f" {fact} " not in page] == []


def test_an_older_version_says_that_it_is_old(client: httpx.Client) -> None:
    page = text_of(client.get("/article/1/version/1").text)

    assert "Siz köhnə versiyanı oxuyursunuz." in page
    assert "Mərkəzdə vətəndaşlara 120 növ xidmət göstəriləcək." in page
    assert "Siz köhnə versiyanı oxuyursunuz." not in text_of(client.get("/article/1").text)


def test_a_reprint_is_named_on_both_pages(client: httpx.Client) -> None:
    original = client.get("/article/1/version/1").text
    reprint = client.get("/article/2").text

    assert "Şəkidə ASAN mərkəzi fəaliyyətə başlayıb" in original
    assert "Eyni mətn başqa yerdə" in text_of(reprint)


def test_an_article_that_left_its_site_says_since_when(client: httpx.Client) -> None:
    page = text_of(client.get("/article/4").text)

    assert "saytda daha yoxdur" in page
    assert "14 fevral 2026, 15:30 tarixindən tapılmır" in page


def test_the_difference_marks_words_and_endings(client: httpx.Client) -> None:
    page = client.get("/article/1/diff/1/2").text

    assert "<del>120 növ</del><ins>140-dan çox</ins>" in page
    assert "<del>guşə<b>si</b></del><ins>guşə<b>ləri</b></ins>" in page
    assert "Yeri dəyişib: əvvəl 5 nömrəli abzas idi" in text_of(page)
    assert "foto əlavə edilib" in text_of(page)


def test_the_form_of_two_versions_leads_to_their_difference(client: httpx.Client) -> None:
    answer = client.get("/article/1/diff", params={"old": "1", "new": "3"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/article/1/diff/1/3")


def test_a_photo_comes_out_byte_for_byte(client: httpx.Client) -> None:
    answer = client.get(f"/photo/{sha256(PHOTO).hexdigest()}")

    assert answer.content == PHOTO
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_photo_has_the_type_of_its_bytes_whatever_its_site_said(client: httpx.Client) -> None:
    photo = picture("zal", "webp", (600, 800))

    answer = client.get(f"/photo/{sha256(photo).hexdigest()}")

    assert answer.headers["Content-Type"] == "image/webp"


def test_a_small_photo_is_small(client: httpx.Client) -> None:
    answer = client.get(f"/photo/{sha256(PHOTO).hexdigest()}/small")

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert len(answer.content) < len(PHOTO) / 2


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/article/99",
        "/article/99999999999999999999999",
        "/article/1/version/9",
        "/article/1/diff/1/9",
        "/source/yoxdur.example",
        f"/photo/{'0' * 64}",
        "/photo/..%2F..%2Fsalname.toml",
        "/static/..%2Fapp.py",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(client: httpx.Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "Belə səhifə yoxdur" in answer.text


@pytest.mark.parametrize("page", ["-1", "x", "9" * 30, "1.5", "²"])
def test_a_wrong_number_is_refused_with_a_sentence(client: httpx.Client, page: str) -> None:
    answer = client.get("/", params={"q": "asan", "page": page})

    assert answer.status_code == 400
    assert "“page” 0 ilə" in answer.text
    assert "tam ədəd olmalıdır" in answer.text


def test_only_reading_is_allowed(client: httpx.Client) -> None:
    assert client.post("/").status_code == 405


def test_the_language_is_remembered(address: str) -> None:
    with httpx.Client(base_url=address) as visitor:
        assert "Axtarış" in visitor.get("/").text
        visitor.get("/?lang=en")
        assert 'lang="en"' in visitor.get("/changes").text
        assert 'lang="az"' in visitor.get("/changes?lang=az").text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("az-AZ,az;q=0.9,en;q=0.8", "az"),
        ("ru,en;q=0.5,az;q=0.4", "en"),
        ("ru", "az"),
        ("en;q=0,az", "az"),
        (";q=x,,", "az"),
    ],
)
def test_the_browser_says_which_language(address: str, accepted: str, language: str) -> None:
    answer = httpx.get(address, headers={"Accept-Language": accepted})

    assert answer.headers["Content-Language"] == language


def test_changes_can_be_walked_to_the_first(client: httpx.Client) -> None:
    newest = text_of(client.get("/changes").text)
    older = text_of(client.get("/changes", params={"before": "3"}).text)

    assert "nişanı dəyişib" in newest
    assert "nişanı dəyişib" not in older
    assert older.count("yeni Şəkidə") == 2


def test_an_archive_without_a_crawl_says_how_to_begin(tmp_path: Path) -> None:
    folder = create_archive(tmp_path / "empty", "# nothing yet\n")

    with visited(folder.path) as client:
        assert "salname crawl" in client.get("/").text
        assert client.get("/changes").status_code == 503
        assert "error" in client.get("/api/changes").json()


def test_a_photo_of_a_damaged_segment_is_not_shown(tmp_path: Path) -> None:
    folder = make_small_archive(tmp_path / "damaged")
    (segment,) = segment_files(folder.segments_path)
    whole = segment.read_bytes()
    segment.write_bytes(whole[: len(whole) // 3])

    with visited(folder.path) as client:
        answer = client.get(f"/photo/{sha256(PHOTO).hexdigest()}")

    assert answer.status_code == 500
    assert "salname verify" in answer.text


def test_edits_of_one_kind_can_be_listed(client: httpx.Client) -> None:
    page = client.get("/changes?edit=number").text

    assert page.count('<li class="change">') == 1
    assert "/article/1/diff/1/2" in page
    assert client.get("/changes?edit=nonsense").status_code == 404


def test_an_article_shows_its_story_with_what_is_shared(client: httpx.Client) -> None:
    page = client.get("/article/2").text
    story = client.get("/api/article/2/story").json()["story"]

    assert 'id="story"' in page
    assert "<code>" in page
    assert [each["article"]["id"] for each in story["members"]] == [1, 2]
    assert 'id="story"' not in client.get("/article/4").text


def test_an_article_says_where_its_picture_was_used_before(tmp_path: Path) -> None:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    for number, body in enumerate((picture("park"), picture("park", "webp")), 1):
        visitor.see(article(number))
        visitor.see_photo(number, body)
    visitor.close()

    with visited(visitor.folder.path) as client:
        page = client.get("/article/2").text
        known = client.get("/api/article/2").json()["archive"]["pictures"]
        own = client.get(f"/picture/{sha256_of(picture('park'))}").text
        uses = client.get(f"/api/picture/{sha256_of(picture('park'))}").json()["uses"]
        unknown = client.get("/picture/" + "0" * 64), client.get("/api/picture/1")

    card = page.partition('aria-labelledby="pictures"')[2].partition("</section>")[0]
    assert "/article/1" in card
    assert PHRASES["picture_first"][0] in card
    assert [(each["used_in"], each["first_use"]["id"]) for each in known] == [(2, 1)]
    assert all(f"/article/{number}" in own for number in (1, 2))
    assert [use["article_id"] for use in uses] == [1, 2]
    assert [each.status_code for each in unknown] == [404, 404]


def test_an_article_shows_a_swapped_photo_and_what_its_file_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Nümunə Agentliyi".encode()
    signed = file_of(opened("park"), exif=exif)
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    visitor.see(article(1))
    visitor.see_photo(1, signed)
    visitor.see_photo(1, picture("liman"))
    visitor.close()

    with visited(visitor.folder.path) as client:
        page, changes = client.get("/article/1").text, client.get("/changes").text

    caption = page.partition("<figcaption>")[2].partition("</figcaption>")[0]
    assert "Nümunə Agentliyi" in caption
    assert PHRASES["from_file"][0] in caption
    for shown in (page, changes):
        swap = shown.partition('class="swap"')[2].partition("</span>\n")[0]
        assert f"/photo/{sha256_of(signed)}/small" in swap
        assert f"/photo/{sha256_of(picture('liman'))}/small" in swap
        assert PHRASES["picture_replaced"][0] in swap
