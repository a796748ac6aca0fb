from pipelines.general import find_body
from pipelines.structured import read_structured
from tests.pipelines.pages import PROSE, paragraphs, parsed

NOISE = (
    '<div class="menu"><ul>'
    + "".join(f'<li><a href="/{n}">Bölmə {n}</a></li>' for n in range(30))
    + "</ul></div>"
)


def test_the_body_of_an_unknown_site_is_found_with_its_table() -> None:
    table = "<table><tr><td>Gün</td><td>Saat</td></tr><tr><td>Cümə</td><td>10:00</td></tr></table>"
    texts = (*PROSE, *PROSE[2:])
    page = parsed(
        f"{NOISE}<h1>Körpü</h1><div class='metn'>{paragraphs(texts[:3])}{table}{paragraphs(texts[3:])}</div>"
    )

    body = find_body(page, read_structured(page))

    assert body.witness == "blocks"
    assert [draft.block.text for draft in body.drafts] == [
        *texts[:3],
        "Gün\tSaat\nCümə\t10:00",
        *texts[3:],
    ]


def test_a_first_paragraph_that_the_witness_misses_is_read_with_the_others() -> None:
    texts = (*PROSE, *PROSE[2:])
    first = (
        "Körpünün dayaqları yoxlanılıb, yeni işıqlar quraşdırılıb və yol nişanları dəyişdirilib."
    )
    page = parsed(
        f"{NOISE}<h1>Körpü</h1><div class='metn'><o:p></o:p><span>{first}<br><br>{'<br>'.join(texts)}</span></div>"
    )

    body = find_body(page, read_structured(page))

    assert body.witness == "blocks"
    assert [draft.block.text for draft in body.drafts] == [first, *texts]


def test_a_list_that_ends_the_body_of_an_unknown_site_is_kept() -> None:
    items = "".join(f"<li>{text}</li>" for text in PROSE)
    page = parsed(
        f"{NOISE}<h1>Körpü</h1><div class='metn'>{paragraphs(PROSE * 2)}<ul>{items}</ul></div>"
    )

    body = find_body(page, read_structured(page))

    assert body.drafts[-1].block.items == PROSE


def test_a_body_that_only_json_ld_holds_is_taken_from_there() -> None:
    text = "\\n".join(PROSE * 2)
    page = parsed(
        '<head><script type="application/ld+json">{"@type": "NewsArticle", "headline": "Körpü",'
        f' "articleBody": "{text}"}}</script></head><body><div id="root"></div></body>'
    )

    body = find_body(page, read_structured(page))

    assert body.witness == "json-ld"
    assert [draft.block.text for draft in body.drafts] == list(PROSE * 2)


def test_a_page_nested_too_deeply_has_no_body() -> None:
    page = parsed("<div>" * 1500 + "Mətn")

    assert find_body(page, read_structured(page)).drafts == ()


def test_a_caption_between_the_paragraphs_is_no_part_of_the_body() -> None:
    page = parsed(
        f"{NOISE}<h1>Körpü</h1><div class='metn'>{paragraphs(PROSE)}<div>Foto: Nazirliyin arxivi</div>"
        f"{paragraphs(PROSE[1:])}</div>"
    )

    body = find_body(page, read_structured(page))

    assert [draft.block.text for draft in body.drafts] == [*PROSE, *PROSE[1:]]


def test_a_quoted_post_is_part_of_the_body_as_a_quote() -> None:
    post = f'<blockquote class="twitter-tweet"><p>{PROSE[1]}</p></blockquote>'
    page = parsed(
        f"{NOISE}<h1>Körpü</h1><div class='metn'>{paragraphs(PROSE[2:])}<div class='social-embed'>{post}</div>"
        f"{paragraphs(PROSE[:1])}{paragraphs(PROSE[2:])}</div>"
    )

    body = find_body(page, read_structured(page))

    assert (PROSE[1], "quote") in [(draft.block.text, draft.block.kind) for draft in body.drafts]


def test_what_json_ld_says_is_the_body_is_read_with_the_paragraphs_of_the_page() -> None:
    texts = tuple(f"{number}. {text}" for number, text in enumerate(PROSE * 5))
    page = parsed(
        '<head><script type="application/ld+json">{"@type": "NewsArticle", "headline": "Körpü",'
        f' "articleBody": "{" ".join(texts)}"}}</script></head>'
        f"<body>{NOISE}<h1>Körpü</h1><div class='metn'>{paragraphs(texts)}</div></body>"
    )

    body = find_body(page, read_structured(page))

    assert body.witness == "blocks"
    assert [draft.block.text for draft in body.drafts] == list(texts)
