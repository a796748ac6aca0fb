import re

import pytest

from archive.article import BlockKind
from pipelines.blocks import Draft, read_drafts
from tests.pipelines.pages import parsed

FIRST = "Kitabxananın yeni oxu zalı şənbə günü açılıb."
SECOND = "Zalda iki yüz nəfərlik yer var."
THIRD = "Qeyd edək ki, giriş pulsuzdur."


def drafts_of(inner: str, separator: re.Pattern[str] | None = None) -> tuple[Draft, ...]:
    body = parsed(f'<div id="metn">{inner}</div>').root.find(".//div[@id='metn']")
    return read_drafts(body, separator=separator)


def texts_of(inner: str) -> list[str]:
    return [draft.block.text for draft in drafts_of(inner)]


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param(f"<p>{FIRST}</p><p>{SECOND}</p>", id="paragraphs"),
        pytest.param(f"{FIRST}<br>{SECOND}", id="one line break"),
        pytest.param(f"{FIRST}<br>&nbsp;<br />{SECOND}<br><br>", id="two line breaks"),
        pytest.param(f"<div>{FIRST}</div><div>{SECOND}</div>", id="boxes"),
        pytest.param(f"<p><p>{FIRST}</p></p><p>&nbsp;</p>{SECOND}", id="paragraphs in paragraphs"),
        pytest.param(
            f'<p class="MsoNormal"><span lang="AZ">{FIRST}<o:p></o:p></span></p>'
            f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p><p>{SECOND}</p>',
            id="word processor",
        ),
        pytest.param(
            f"<p>{FIRST.replace(' ', chr(10))}</p><p>{SECOND.replace(' ', '&nbsp; ')}</p>",
            id="lines wrapped in the source",
        ),
        pytest.param(
            f"<table><tr><td>{FIRST}</td></tr><tr><td><p>{SECOND}</p></td></tr></table>",
            id="a table for layout",
        ),
        pytest.param(f"<pre>{FIRST}\n\n{SECOND}</pre>", id="preformatted"),
        pytest.param(
            f"<p>{FIRST}</p><script>var a = '<p>';</script><style>p {{}}</style>"
            f'<div class="share-box"><a href="#">Paylaş</a></div><p>{SECOND}</p>'
            '<p style="display: none">gizli</p>',
            id="scripts and share boxes",
        ),
    ],
)
def test_two_paragraphs_are_two_however_they_are_marked_up(inner: str) -> None:
    assert texts_of(inner) == [FIRST, SECOND]


def test_lines_that_were_wrapped_with_breaks_are_joined() -> None:
    assert texts_of("Yeni oxu zalı<br>şənbə günü<br>açılıb.<br>Giriş pulsuzdur.") == [
        "Yeni oxu zalı şənbə günü açılıb.",
        "Giriş pulsuzdur.",
    ]


def test_a_hundred_thousand_wrapped_lines_are_joined_in_one_step() -> None:
    drafts = drafts_of("Zalda " + "söz<br>\n" * 100_000)  # one by one: 25 s

    assert [draft.block.text.count(" ") for draft in drafts] == [100_000]


def test_headings_quotes_lists_and_tables_keep_their_kind_and_order() -> None:
    drafts = drafts_of(
        f"<p>{FIRST}</p><h3>Qrafik</h3><ul><li>Bazar ertəsi</li><li><p>Cümə</p></li></ul>"
        f"<blockquote><p>{SECOND}</p></blockquote>"
        "<table><tr><th>Gün</th><th>Saat</th></tr><tr><td>Cümə</td><td>10:00</td></tr></table>"
    )

    blocks = [draft.block for draft in drafts]
    assert [block.kind for block in blocks] == [
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.LIST,
        BlockKind.QUOTE,
        BlockKind.TABLE,
    ]
    assert blocks[1].level == 3
    assert blocks[2].items == ("Bazar ertəsi", "Cümə")
    assert blocks[4].rows == (("Gün", "Saat"), ("Cümə", "10:00"))
    assert blocks[4].text == "Gün\tSaat\nCümə\t10:00"


def test_the_separators_of_a_live_story_become_updates_with_their_time() -> None:
    drafts = drafts_of(
        f"<p>{FIRST}</p><p>****</p><p>21:11</p><p>{SECOND}</p><p>* * *</p><p>{THIRD}</p>"
    )

    updates = [draft.block for draft in drafts if draft.block.kind is BlockKind.UPDATE]
    assert [(update.text, update.at) for update in updates] == [("****", "21:11"), ("* * *", None)]
    assert [draft.block.text for draft in drafts] == [FIRST, "****", SECOND, "* * *", THIRD]


def test_entries_of_a_live_story_that_begin_with_their_time_are_updates() -> None:
    entries = "".join(
        f"<p><b>{at}</b> Zalın qapıları {at} radələrində yenidən oxucuların üzünə açılıb.</p>"
        for at in ("19:40", "19:10", "18:55")
    )

    updates = [draft.block for draft in drafts_of(entries) if draft.block.at]

    assert [update.at for update in updates] == ["19:40", "19:10", "18:55"]


def test_the_points_of_a_programme_are_no_updates() -> None:
    points = "".join(f"<p>{at} Açılış</p>" for at in ("10:00", "10:30", "11:00"))

    assert all(draft.block.at is None for draft in drafts_of(points))


def test_a_site_may_name_its_own_separator() -> None:
    drafts = drafts_of(f"<p>{FIRST}</p><p>~~~</p><p>{SECOND}</p>", separator=re.compile("~+"))

    assert drafts[1].block.kind is BlockKind.UPDATE


def test_a_skipped_node_is_left_out_and_what_follows_it_stays() -> None:
    body = parsed(
        f"<div>Zalda <b>reklam</b> iki yüz nəfərlik yer var.<p>{FIRST}</p></div>"
    ).root.find(".//div")

    drafts = read_drafts(body, skipped=[body.find("b")])

    assert [draft.block.text for draft in drafts] == [SECOND, FIRST]


def test_a_block_knows_whether_it_is_a_link() -> None:
    drafts = drafts_of(f'<p><a href="/1">{FIRST}</a></p><p>{SECOND} <a href="/2">Bax</a></p>')

    assert [draft.is_link for draft in drafts] == [True, False]


def test_entities_and_quotes_are_kept_as_printed() -> None:
    assert texts_of("<p>&ldquo;ASAN xidm&#601;t&rdquo;in n&uuml;mayəndəsi</p>") == [
        "\u201cASAN xidmət\u201din nümayəndəsi"
    ]


def test_the_same_walk_reads_trafilatura_s_names() -> None:
    drafts = drafts_of(
        '<head rend="h4">Qrafik</head><list><item>Cümə</item></list><p>Bir.<lb/>İki.</p>'
    )

    kinds = [(draft.block.kind.value, draft.block.text) for draft in drafts]
    assert kinds[-3:] == [("list", "Cümə"), ("paragraph", "Bir."), ("paragraph", "İki.")]


@pytest.mark.parametrize(
    ("target", "is_link"),
    [("/xeber/7/", True), ("/senedler/7.pdf?v=2", False), ("#qeyd", False), ("", False)],
)
def test_only_what_leads_to_another_page_counts_as_a_link(target: str, is_link: bool) -> None:
    (draft,) = drafts_of(f"<ul><li><a href='{target}'>Nizamnamənin layihəsi</a></li></ul>")

    assert draft.is_link is is_link
