"""What changes around an article at every look makes no version on a page that no rule knows."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from archive.article import Article
from archive.versions import changed_fields
from pipelines.extract import read_page
from pipelines.items import Page

Noise = Callable[[random.Random], str]

AT = datetime(2026, 2, 14, 10, 0, tzinfo=UTC)
TEXT = (
    "Nazirlər Kabineti parkın yenidən qurulması üçün 200 min manat ayırıb.",
    "Layihəyə əsasən, ərazidə 350 ağac əkiləcək, uşaq meydançası və velosiped yolu salınacaq.",
    "İşlərin payızda başa çatacağı gözlənilir, müsabiqənin qalibi isə apreldə açıqlanacaq.",
    "Sakinlər təkliflərini icra hakimiyyətinə yazılı şəkildə göndərə bilərlər.",
)
HEADLINES = (
    "Rayonda yeni məktəb binası istifadəyə verilib",
    "Nazirlik güzəştli kredit proqramını açıqlayıb - FOTO",
    "Gömrük komitəsi: 5 kq qızıl aşkarlanıb",
    "“ASAN xidmət” yeni mərkəz açır",
    "Bu il ixrac nə qədər artıb?",
    "Dollar bahalaşacaqmı? – Ekspert açıqladı",
    "Nə baş verir?",
    "Tələbələrə şad xəbər!",
)
TEASER = "Tədbirdə çıxış edənlər layihənin gedişi barədə ətraflı məlumat veriblər."


def linked(chance: random.Random) -> list[str]:
    """The headlines of three other articles, each a link."""
    chosen = chance.sample(range(len(HEADLINES)), 3)
    return [f'<a href="/xeber/{100 + each}/">{HEADLINES[each]}</a>' for each in chosen]


def each_in(before: str, after: str) -> Noise:
    def noise(chance: random.Random) -> str:
        return "".join(
            before.format(hour=chance.randrange(10, 24), views=chance.randrange(99, 9999))
            + link
            + after.format(views=chance.randrange(99, 9999))
            for link in linked(chance)
        )

    return noise


def cards(chance: random.Random) -> str:
    return "".join(
        f'<div><a href="/x/{n}/"><img src="/kicik/{n}.jpg"></a>'
        f'<h4><a href="/x/{n}/">{HEADLINES[n]}</a></h4><p>{HEADLINES[n]} {TEASER}</p></div>'
        for n in chance.sample(range(len(HEADLINES)), 3)
    )


def table(chance: random.Random) -> str:
    one, two, three = linked(chance)
    return f"<table><tr><td>{one}</td><td>{two}</td></tr><tr><td>{three}</td><td>{one}</td></tr></table>"


def poll(chance: random.Random) -> str:
    share, votes = chance.randrange(100), chance.randrange(9_999)
    return (
        f"<p>Layihəni dəstəkləyirsinizmi?</p><ul><li>Bəli – {share}% ({votes} səs)</li>"
        f"<li>Xeyr, razı deyiləm – {100 - share},5 % ({votes} səs)</li></ul><p>Cəmi: {votes} səs</p>"
    )


def line(template: str) -> Noise:
    return lambda chance: template.format(chance.randrange(1, 9_999), chance.randrange(1, 9))


LINKS: dict[str, Noise] = {
    "paragraphs": each_in("<p>", "</p>"),
    "boxes": each_in("<div>", "</div>"),
    "items": lambda chance: f"<ul>{each_in('<li>', '</li>')(chance)}</ul>",
    "lines": each_in("• ", "<br>"),
    "times": each_in("<p>{hour}:35 ", "</p>"),
    "days": each_in("<div><span>{hour}.02.2026</span> ", "</div>"),
    "named days": each_in("<div><span>{hour} Fevral 2026</span> ", "</div>"),
    "views": each_in("<div>", " <span>{views}</span></div>"),
    "one line": lambda chance: f"<p>{' | '.join(linked(chance))}</p>",
    "headings": each_in("<div><h4>", "</h4></div>"),
    "under a label": lambda chance: f"<h3>Gözdən qaçırmayın</h3>{each_in('<p>', '</p>')(chance)}",
    "label before each": each_in("<p><b>Həmçinin oxu: ", "</b></p>"),
    "arrow before each": each_in("<p>► ", "</p>"),
    "cards": cards,
    "table": table,
}
FIGURES: dict[str, Noise] = {
    "poll": poll,
    "readers": line("<p>Bu xəbər {} dəfə oxunub</p>"),
    "visitors": line("<p>İndi saytda {} oxucu var</p>"),
    "time to read": line("<p>{1} dəq oxuma vaxtı</p>"),
    "eye": line('<p><i class="g"></i> {}</p>'),
    "rating": line("<div>Reytinq: {1}/5 ({0} səs)</div>"),
}
PLACES = {"below": len(TEXT), "between": 2, "above": 0}


def read(noise: str, place: int) -> Article:
    blocks = [f"<p>{each}</p>" for each in TEXT]
    body = "".join((*blocks[:place], noise, *blocks[place:]))
    page = (
        "<!doctype html><html lang=az><head><title>Park yenidən qurulur</title>"
        '<meta property="og:type" content="article"></head><body><div class=a1>'
        "<h1>Park yenidən qurulur</h1><time datetime='2026-02-14T11:00:00+04:00'>14.02.2026</time>"
        f"<div class=b7>{body}</div></div></body></html>"
    )
    url = "https://numune.example/xeber/41/park/"
    return read_page(Page(url=url, captured_at=AT + timedelta(hours=3), body=page.encode()), None)


@pytest.mark.parametrize(
    ("noise", "place"),
    [
        *((name, place) for name in LINKS for place in ("below", "between")),
        *((name, "below") for name in FIGURES),
        ("poll", "between"),
        ("eye", "above"),
        ("time to read", "above"),
    ],
)
def test_noise_makes_no_version(noise: str, place: str) -> None:
    chance = random.Random(5)  # noqa: S311 (a made-up page)
    make = (LINKS | FIGURES)[noise]
    first, *others = (read(make(chance), PLACES[place]) for _ in range(5))

    assert [changed_fields(first, each) for each in others] == [()] * 4


@pytest.mark.parametrize("noise", sorted(LINKS))
def test_the_text_beside_links_is_kept_whole(noise: str) -> None:
    article = read(LINKS[noise](random.Random(5)), PLACES["between"])  # noqa: S311

    assert [*TEXT] == [text for text in article.text.split("\n\n") if text in TEXT]


@pytest.mark.parametrize(
    "edited",
    [
        "<p>Sakinlərin 45 faizi layihəni dəstəkləyir.</p>",
        "<ul><li>Birinci təklif – 45% səs</li><li>İkinci təklif – 55% səs</li></ul>",
        "<p>Bəli deyənlər 45 faizdir, xeyr deyənlər isə 55 faiz.</p>",
    ],
)
def test_an_edited_figure_of_the_article_makes_a_version(edited: str) -> None:
    first, second = (read(each, PLACES["between"]) for each in (edited, edited.replace("45", "46")))

    assert changed_fields(first, second) == ("text",)
