"""What is told of a story: who names whom, and what each made of the paragraphs."""

from dataclasses import replace
from pathlib import Path

from archive.article import Article, Attribution
from archive.catalogue.reader import CatalogueReader
from archive.story_view import Paragraphs, StoryView, find_story
from tests.archive.histories import Visitor, article, new_archive

PARAGRAPHS = (
    "Bələdiyyə parkın yenidən qurulması üçün müsabiqə elan edib, layihəyə iki mühəndis baxacaq.",
    "Layihəyə görə parkda iki yüz ağac əkiləcək, uşaq meydançası və velosiped yolu salınacaq.",
    "İşlərin payızda başa çatacağı gözlənilir, müsabiqənin qalibi isə aprel ayında açıqlanacaq.",
)


def printed(number: int, *paragraphs: str, names: tuple[Attribution, ...] = ()) -> Article:
    text = "\n\n".join(paragraphs)
    return replace(article(number), text=text, blocks=(), attribution=names)


def story_of(tmp_path: Path, *articles: Article) -> StoryView:
    visitor = Visitor(new_archive(tmp_path))
    visitor.start_run()
    for each in articles:
        visitor.see(each)
    visitor.close()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        found = find_story(reader, 1)
    assert found is not None
    return found


def opener(name: str | None, site: str | None) -> Attribution:
    return Attribution(name=name, site=site, kind="opener", sentence=f"{site}: {name}.")


def test_an_article_names_the_body_it_cites_and_never_itself(tmp_path: Path) -> None:
    story = story_of(
        tmp_path,
        printed(1, *PARAGRAPHS, names=(opener(None, "Numune.Example"), opener(None, "Nümunə"))),
        printed(2, *PARAGRAPHS, names=(opener("Agentlik.Example", "Numune.Example"),)),
        printed(3, *PARAGRAPHS, names=(opener(None, "“Agentlik”"),)),
    )

    assert [each.names for each in story.members] == [(), ("Agentlik.Example",), ("“Agentlik”",)]


def test_a_story_says_what_each_article_made_of_the_paragraphs(tmp_path: Path) -> None:
    first, second, third = PARAGRAPHS
    edited = second.replace("velosiped yolu", "qaçış zolağı")
    story = story_of(
        tmp_path,
        printed(1, *PARAGRAPHS),
        printed(2, third, first, edited, "Parkın sahəsi üç hektardır."),
        printed(3, first, second),
    )

    assert [each.paragraphs for each in story.members] == [
        None,
        Paragraphs(kept=2, changed=1, left_out=0, added=1),
        Paragraphs(kept=2, changed=0, left_out=1, added=0),
    ]
