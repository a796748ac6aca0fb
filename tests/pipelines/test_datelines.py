import pytest

from pipelines.datelines import find_datelines, find_labelled
from tests.pipelines.pages import parsed


def _days(markup: str) -> list[tuple[str, str]]:
    page = parsed(markup)
    lines = find_datelines(page, page.root.find(".//h1"), "Asia/Baku")
    return list(dict.fromkeys((line.moment.at[:10], line.label) for line in lines))


@pytest.mark.parametrize(
    ("markup", "day"),
    [
        pytest.param("<h1>A</h1><p>Von der Redaktion, 3. März 2022, 12.30 Uhr</p>", "2022-03-03", id="in a line of German"),
        pytest.param("<p>Par la rédaction | 30 septembre 2018</p><h1>A</h1>", "2018-09-30", id="in a line of French, above"),
        pytest.param("<h1>A</h1><p>27.1.2022 - Körpü bu gün açılıb və artıq istifadə olunur, deyə nazirlik bildirir; yük maşınları hələ gözləyir.</p>", "2022-01-27", id="before a paragraph"),
        pytest.param("<h1>A</h1><p>12.02.2022</p><div class='pubdate'>14.02.2022</div>", "2022-02-14", id="called a date"),
    ],
)  # fmt: skip
def test_a_date_near_the_headline_is_found(markup: str, day: str) -> None:
    assert _days(markup)[0] == (day, "")


@pytest.mark.parametrize(
    "markup",
    [
        '<h1>A</h1><div class="comments"><time>14.02.2022</time></div>',
        '<h1>A</h1><ul><li><a href="/az/2/">Başqa xəbərin uzun bir başlığı</a> <span class="date">14.02.2022</span></li></ul>',
        '<h1>A</h1><div class="yan"><div><span>14.02.2022</span> <a href="/az/2/">Başqa xəbərin uzun bir başlığı</a></div></div>',
        '<h1>A</h1><p>Mətn.</p><div class="yan"><h3>Son xəbərlər</h3><div><span>14.02.2022 11:00</span> <a href="/az/2/">Toplantı</a></div></div>',
        '<div class="ust"><span>14 fevral 2023 17:59</span></div><h1>A</h1>',
        '<div class="ust">14 fevral 2023</div><ul>' + '<li><a href="/az/">Bölmə</a></li>' * 9 + "</ul><h1>A</h1>",
        '<h1>A</h1><div class="related"><span class="date">14.02.2022</span></div>',
    ],
    ids=["of a comment", "of another item", "of an item in boxes", "under the heading of a list", "the page's clock", "today, over the menu", "of a related item"],
)  # fmt: skip
def test_a_date_of_something_else_is_not(markup: str) -> None:
    assert _days(markup) == []


def test_a_date_over_the_headline_may_be_that_of_the_capture() -> None:
    assert _days("<p>14 fevral 2023</p><h1>A</h1>") == [("2023-02-14", "")]


def test_the_day_of_an_update_is_told_apart() -> None:
    assert _days("<h1>A</h1><p>Published: 14.02.2022 10:00 | Updated: 15.02.2022</p>") == [
        ("2022-02-14", "published"),
        ("2022-02-15", "updated"),
    ]


def test_a_labelled_date_is_found_far_from_the_headline() -> None:
    page = parsed("<h1>A</h1>" + "<p>Mətn.</p>" * 100 + "<p>Erschienen am: 01.11.2022</p>")

    found = next(find_labelled(page, page.root.find(".//h1"), "Asia/Baku"))

    assert found.moment.at == "2022-11-01"
