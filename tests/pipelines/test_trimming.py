import pytest

from archive.article import Block, BlockKind
from pipelines.blocks import Draft
from pipelines.trimming import is_of_site, trim
from tests.pipelines.pages import PROSE


def paragraph(text: str, *, is_link: bool = False) -> Draft:
    return Draft(Block(kind=BlockKind.PARAGRAPH, text=text), len(text) if is_link else 0)


def test_the_site_s_own_lines_are_cut_wherever_they_stand() -> None:
    drafts = [
        paragraph("Bizim WhatsApp kanalımıza buradan abunə ola bilərsiniz"),
        paragraph(PROSE[0]),
        paragraph("Həmçinin oxuyun"),
        paragraph("Şəkidə yeni park salınacaq", is_link=True),
        paragraph(PROSE[2]),
        paragraph("Oxunub: 1204"),
        paragraph("Xəbəri paylaş"),
    ]

    assert [block.text for block in trim(drafts)] == [PROSE[0], PROSE[2]]


def test_the_sentence_that_names_the_source_stays_and_is_marked() -> None:
    blocks = trim([paragraph(text) for text in PROSE], host="olke.example")

    assert [block.role for block in blocks] == [None, "attribution", None, None]


def test_the_headline_printed_again_above_the_text_is_no_part_of_it() -> None:
    drafts = [paragraph("KÖRPÜ AÇILIB"), paragraph(PROSE[0])]

    assert [block.text for block in trim(drafts, headline="Körpü açılıb")] == [PROSE[0]]


def test_a_heading_with_nothing_under_it_is_cut() -> None:
    heading = Draft(Block(kind=BlockKind.HEADING, text="Mövzu üzrə", level=3))

    assert [block.text for block in trim([paragraph(PROSE[0]), heading])] == [PROSE[0]]


def test_a_list_of_links_is_the_site_s_and_a_list_of_facts_the_article_s() -> None:
    items = ("Bazar ertəsi", "Cümə")
    block = Block(kind=BlockKind.LIST, text="\n".join(items), items=items)

    assert is_of_site(Draft(block, link_chars=len(block.text)))
    assert not is_of_site(Draft(block))


def test_a_linked_sentence_is_the_article_s() -> None:
    assert not is_of_site(paragraph(PROSE[0], is_link=True))


def test_a_label_with_the_linked_headline_of_another_item_is_the_site_s() -> None:
    linked = "Şəkidə yeni park salınacaq"
    text = f"Mövzuya dair: {linked}"

    assert is_of_site(Draft(Block(kind=BlockKind.PARAGRAPH, text=text), len(linked) - 3))
    assert not is_of_site(Draft(Block(kind=BlockKind.PARAGRAPH, text=text)))
    assert not is_of_site(Draft(Block(kind=BlockKind.PARAGRAPH, text="Mənbə: Fins.Az"), 7))


@pytest.mark.parametrize("stamped", ["19:40 {}", "14.02.2026 {}", "14 Fevral 2026 {}", "{} 1204"])
def test_a_linked_headline_with_its_time_or_views_is_the_site_s(stamped: str) -> None:
    linked = "Şəkidə yeni park salınacaq"
    block = Block(kind=BlockKind.PARAGRAPH, text=stamped.format(linked))

    assert is_of_site(Draft(block, len(linked.replace(" ", "")), 1))
    assert not is_of_site(Draft(block))


def test_several_links_and_nothing_else_are_the_site_s_however_long() -> None:
    assert is_of_site(Draft(Block(kind=BlockKind.PARAGRAPH, text=PROSE[0] * 9), 9 * 70, 9))


@pytest.mark.parametrize(
    "line", ["Bəli – 45% (1 204 səs)", "Xeyr: 55,5%", "Cəmi: 2 310 səs", "Bu xəbər 57 dəfə oxunub"]
)
def test_lines_of_a_poll_or_counter_are_the_site_s(line: str) -> None:
    assert is_of_site(paragraph(line))


@pytest.mark.parametrize("line", ["Hacıqabul – 45% (1 204 səs)", "Bəli deyənlər 45 faizdir."])
def test_lines_of_results_are_the_article_s(line: str) -> None:
    assert not is_of_site(paragraph(line))
