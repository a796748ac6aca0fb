"""The catalogue's rules: identity, versions, absence, photos, what is due."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.article import Moment, Precision, ShownPhoto
from archive.catalogue.reader import CatalogueReader
from archive.catalogue.rows import ChangeKind
from archive.moments import stamp
from archive.story_view import find_story
from tests.archive.histories import DAY_ONE, ROOT, TEXT, Visitor, article, new_archive

WORDS = ("Torpaq", "Suvarma", "Kredit", "Toxum", "Anbar", "Gübrə")


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    made = Visitor(new_archive(tmp_path))
    made.start_run()
    return made


def told(visitor: Visitor) -> list[tuple[ChangeKind, int]]:
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        return [(each.kind, each.article_id) for each in reader.changes_after(0, 100)]


def test_the_same_content_again_is_an_observation_not_a_version(visitor: Visitor) -> None:
    visitor.see(article())
    visitor.see(replace(article(), headline=article().headline + " "))

    assert told(visitor) == [(ChangeKind.APPEARED, 1)]
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        (version,) = reader.versions_of(1)
        assert version.observations == 2
        assert len(reader.captures_of(version.id)) == 2


def test_one_changed_digit_is_a_new_version(visitor: Visitor) -> None:
    old = article()
    new_text = old.text.replace("iki yüz", "üç yüz")
    visitor.see(old)
    visitor.see(replace(old, text=new_text))

    assert told(visitor) == [(ChangeKind.APPEARED, 1), (ChangeKind.EDITED, 1)]


def test_a_marker_alone_makes_a_version_that_is_told_as_marked(visitor: Visitor) -> None:
    old = article()
    visitor.see(old)
    visitor.see(replace(old, headline=f"{old.title} - FOTO", markers=("FOTO",)))

    assert told(visitor) == [(ChangeKind.APPEARED, 1), (ChangeKind.MARKED, 1)]


def test_an_edit_is_kept_with_its_kinds_and_found_by_them(visitor: Visitor) -> None:
    old = article()
    visitor.see(old)
    visitor.see(replace(old, text=old.text.replace("iki yüz", "250")))
    visitor.see(replace(old, text=old.text.replace("iki yüz", "260")))
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        first, second, third = reader.version_list(1)
        found = reader.edits_of_kind("number", before=10**9, limit=10)
        older = reader.edits_of_kind("number", before=found[0].id, limit=10)
    assert first.edit is None
    edit = found[0].detail["edit"]
    assert second.edit is not None
    assert third.edit == edit
    assert edit["kinds"] == ["number"]
    assert (edit["removed"], edit["added"]) == (["250"], ["260"])
    assert [each.version_id for each in found] == [3, 2]
    assert [each.version_id for each in older] == [2]


def test_a_text_that_is_short_at_once_is_told_as_shortened_and_both_are_kept(
    visitor: Visitor,
) -> None:
    long = article(text="\n\n".join([TEXT] * 4))
    visitor.see(long)
    visitor.see(replace(long, text=TEXT))

    assert told(visitor) == [(ChangeKind.APPEARED, 1), (ChangeKind.SHORTENED, 1)]
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        assert [each.article.text for each in reader.versions_of(1)] == [long.text, TEXT]


def test_an_answer_that_was_cut_makes_no_version_of_a_known_article(visitor: Visitor) -> None:
    old = article()
    visitor.see(old)
    visitor.see(replace(old, text=old.text[:90]), truncated="disconnect")

    assert told(visitor) == [(ChangeKind.APPEARED, 1)]


def test_a_page_that_prints_the_moment_of_each_look_is_not_edited(visitor: Visitor) -> None:
    for _ in range(20):
        said = Moment(
            at=visitor.now.isoformat(), precision=Precision.SECOND, printed="", how="json-ld"
        )
        visitor.see(article(modified=said))

    assert told(visitor) == [(ChangeKind.APPEARED, 1)]


def test_a_moved_slug_is_the_same_article_under_a_new_address(visitor: Visitor) -> None:
    old = article()
    url = f"{ROOT}/az/xeber/1/park-ve-bag/"
    visitor.see(old)
    visitor.be_redirected(old.url, url)
    visitor.see(replace(old, url=url, canonical_url=url))

    assert told(visitor) == [(ChangeKind.APPEARED, 1), (ChangeKind.MOVED, 1)]
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        found = reader.find_article(old.url)
        assert found is not None
        assert found.canonical_url == url
        assert [each.url for each in reader.addresses_of(1)] == [old.url, url]


def test_an_old_address_that_answers_again_does_not_move_the_article_back(
    visitor: Visitor,
) -> None:
    old = article()
    url = f"{ROOT}/az/xeber/1/park-ve-bag/"
    visitor.see(old)
    visitor.see(replace(old, url=url, canonical_url=url))
    visitor.see(old)

    assert told(visitor) == [(ChangeKind.APPEARED, 1), (ChangeKind.MOVED, 1)]


def test_an_absence_is_confirmed_by_a_later_run_that_saw_another_article(visitor: Visitor) -> None:
    other = article(2, text="", blocks=())
    visitor.see(article(1))
    visitor.see(other)
    visitor.miss(article(1).url)
    visitor.miss(article(1).url)
    assert told(visitor)[2:] == [(ChangeKind.MISSING, 1)]

    visitor.start_run()
    visitor.miss(article(1).url)
    assert told(visitor)[3:] == [], "nobody has seen that the site still shows articles"

    visitor.see(other)
    visitor.miss(article(1).url)
    assert told(visitor)[3:] == [(ChangeKind.DISAPPEARED, 1)]

    visitor.see(article(1))
    assert told(visitor)[4:] == [(ChangeKind.RETURNED, 1)]


def test_an_unchanged_answer_is_an_observation(visitor: Visitor) -> None:
    visitor.see(article())
    visitor.see_unchanged(article().url)

    assert told(visitor) == [(ChangeKind.APPEARED, 1)]
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        captures = reader.captures_of(1)
    assert [each.status for each in captures] == [200, 304]
    assert captures[1].revisit_of == captures[0].record_id
    assert captures[1].payload_sha256 == captures[0].payload_sha256


def test_a_photo_is_joined_to_its_version_whenever_its_bytes_come(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see_photo(1)
    visitor.see(article(2, photos=(ShownPhoto(url=f"{ROOT}/foto/1.jpg", caption="Park"),)))
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        assert [each.width_px for each in reader.photos_of(1)] == [640]
        assert [(each.width_px, each.caption) for each in reader.photos_of(2)] == [(640, "Park")]


def test_the_same_text_elsewhere_is_told(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see(article(2))
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        assert [each.id for each in reader.same_text_as(2)] == [1]
        assert reader.changes_of(2)[0].detail["same_text_as"] == 1


def test_the_same_text_is_one_story_and_two_stories_may_become_one(visitor: Visitor) -> None:
    other = "\n".join(
        f"{word} məsələsi {word} rayonunda ətraflı müzakirə olunub." for word in WORDS
    )
    for number, text in enumerate((TEXT, TEXT, other, other, f"{TEXT}\n{other}"), 1):
        visitor.see(article(number, text=text, blocks=()))
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        assert reader.story_members(5, 10) == (1, 2, 3, 4, 5)
        appeared, joined = reader.changes_of(2)[0], reader.changes_of(3)[-1]
        story = find_story(reader, 2)
    assert (appeared.detail["story"], appeared.detail["same_as"]) == (1, [1])
    assert (joined.kind, joined.detail) == (ChangeKind.JOINED, {"story": 1, "same_as": [5]})
    assert story is not None
    assert story.id == 1
    assert [each.article.id for each in story.members] == [1, 2, 3, 4, 5]
    assert story.members[0].sentences
    assert story.members[0].anchors
    assert story.links[0] == {"article": 2, "other": 1, "shared": 1.0, "numbers": 1.0, "names": 1.0}


def test_a_story_is_split_again_when_the_text_that_held_it_together_is_edited(
    visitor: Visitor,
) -> None:
    other = "\n".join(
        f"{word} məsələsi {word} rayonunda ətraflı müzakirə olunub." for word in WORDS
    )
    for number, text in enumerate((TEXT, other, f"{TEXT}\n{other}"), 1):
        visitor.see(article(number, text=text, blocks=()))
    visitor.see(article(3, text=other, blocks=()))
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        assert reader.story_members(1, 10) == ()
        assert reader.story_members(2, 10) == (2, 3)
        told = [(each.article_id, each.detail) for each in reader.changes_after(0, 99)]
        kinds = [each.kind for each in reader.changes_after(0, 99)]
    left = [told[at] for at, kind in enumerate(kinds) if kind is ChangeKind.LEFT]
    assert left == [(2, {"left": 1, "story": 2}), (3, {"left": 1, "story": 2})]


def test_an_edit_that_changes_little_leaves_the_story_as_it_is(visitor: Visitor) -> None:
    for number in (1, 2, 3):
        visitor.see(article(number))
    visitor.see(article(2, text=f"{TEXT} Bu barədə bələdiyyə məlumat yayıb.", blocks=()))
    visitor.store.commit()

    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        assert reader.story_members(1, 10) == (1, 2, 3)
    assert ChangeKind.LEFT not in dict(told(visitor))


def test_lists_come_first_and_second_looks_last(visitor: Visitor) -> None:
    visitor.see_feed(1, 2)
    visitor.see(article(1))
    visitor.store.commit()

    assert visitor.due(after=timedelta(days=1)) == [
        f"{ROOT}/rss?page=2",
        article(2).url,
        f"{ROOT}/foto/1.jpg",
        article(1).url,
    ]


def test_a_list_is_walked_back_while_it_offers_news_of_the_run(visitor: Visitor) -> None:
    visitor.see_feed(1, 2)
    visitor.see_feed(1, 2, at=f"{ROOT}/lent", leads_to=f"{ROOT}/lent?page=2")
    visitor.store.commit()

    assert f"{ROOT}/lent?page=2" in visitor.due()


def test_a_list_without_news_leads_no_further(visitor: Visitor) -> None:
    visitor.see_feed(1)
    visitor.see_feed(2, at=f"{ROOT}/rss?page=2", leads_to=f"{ROOT}/rss?page=3")
    visitor.end_run()
    visitor.start_run()
    visitor.see_feed(1)
    visitor.store.commit()

    assert f"{ROOT}/rss?page=2" not in visitor.due()


def test_what_a_killed_run_was_offered_is_still_news_for_the_next(visitor: Visitor) -> None:
    visitor.see_feed(1, 2)
    visitor.start_run()  # the run before has no end
    visitor.see_feed(1, 2)
    visitor.see_feed(1, 2, at=f"{ROOT}/lent", leads_to=f"{ROOT}/lent?page=2")
    visitor.store.commit()

    assert f"{ROOT}/lent?page=2" in visitor.due()


def test_a_list_that_could_not_be_read_the_last_time_is_walked_back(visitor: Visitor) -> None:
    visitor.see_feed(1)
    visitor.fail(f"{ROOT}/lent")
    visitor.end_run()
    visitor.start_run()
    visitor.see_feed(1, at=f"{ROOT}/lent", leads_to=f"{ROOT}/lent?page=2")
    visitor.store.commit()

    assert f"{ROOT}/lent?page=2" in visitor.due()


def test_a_failed_address_waits_longer_each_time(visitor: Visitor) -> None:
    url = article().url
    waits = []
    for _ in range(3):
        visitor.fail(url)
        visitor.store.commit()
        due_at = visitor.catalogue.db.execute(
            "SELECT due_at, state_at FROM ledger WHERE url = ?", (url,)
        ).fetchone()
        waits.append(due_at)

    assert waits[0] < waits[1] < waits[2]


def test_an_offered_address_without_an_article_is_asked_again_for_three_days(
    visitor: Visitor,
) -> None:
    visitor.see_feed(1)
    looks_after = []
    for hours in (1, 30, 80):
        visitor.miss(article(1).url)
        visitor.miss(article(2).url)  # nothing offered it
        visitor.store.commit()
        looks_after.append(visitor.due(after=timedelta(days=1)))
        visitor.now += timedelta(hours=hours)

    assert [article(1).url in due for due in looks_after] == [True, True, False]
    assert not any(article(2).url in due for due in looks_after)


def test_an_edit_calls_for_a_look_at_the_other_articles_of_the_story(visitor: Visitor) -> None:
    visitor.see(article(1))
    visitor.see(article(2))
    other = "\n".join(f"{word} məsələsi {word} rayonunda müzakirə olunub." for word in WORDS)
    visitor.see(article(3, text=other, blocks=()))
    visitor.now += timedelta(hours=10)
    for number in (1, 2, 3):
        visitor.see_unchanged(article(number).url)
    visitor.store.commit()
    before = visitor.due(after=timedelta(hours=2))

    visitor.see(article(2, headline="Park açılıb", title="Park açılıb"))
    visitor.store.commit()

    after = visitor.due(after=timedelta(hours=2))
    urls = [article(number).url for number in (1, 2, 3)]
    assert [url in before for url in urls] == [False, False, False]
    assert [url in after for url in urls] == [True, True, False]


@pytest.mark.parametrize(
    ("said_of", "looked_at"),
    [((1,), [True, False]), ((1, *range(3, 8)), [False, False])],
    ids=["one", "nearly all"],
)
def test_a_later_change_in_a_sitemap_calls_for_a_look_where_it_is_not_said_of_all(
    visitor: Visitor, said_of: tuple[int, ...], looked_at: list[bool]
) -> None:
    numbers = range(1, 8)
    for number in numbers:
        visitor.see(article(number))
    visitor.now += timedelta(minutes=40)
    changed = dict.fromkeys(numbers, stamp(DAY_ONE)) | dict.fromkeys(said_of, stamp(visitor.now))

    visitor.see_sitemap(changed)

    visitor.store.commit()
    assert [article(number).url in visitor.due() for number in (1, 2)] == looked_at


def test_what_a_sitemap_calls_changed_again_and_again_is_looked_at_ever_more_rarely(
    visitor: Visitor,
) -> None:
    visitor.see(article(1))
    looks = 0
    for _ in range(24 * 10):
        visitor.now += timedelta(hours=1)
        visitor.see_sitemap({1: stamp(visitor.now)})
        visitor.store.commit()
        if article(1).url in visitor.due():
            visitor.see_unchanged(article(1).url)
            looks += 1

    assert 10 < looks < 40


def test_another_headline_in_a_feed_calls_for_a_look(visitor: Visitor) -> None:
    visitor.see_list(1, 2, titles={1: "Park yenilənir 1", 2: "Park yenilənir 2"})
    for number in (1, 2):
        visitor.see(article(number))
    visitor.end_run()
    visitor.start_run()
    visitor.see_list(1, 2, titles={1: "Park açılıb", 2: "Park yenilənir 2"})
    visitor.store.commit()

    due = visitor.due()

    assert article(1).url in due
    assert article(2).url not in due


def test_an_address_that_leads_to_an_article_that_was_read_before_is_one_of_its_own(
    visitor: Visitor,
) -> None:
    visitor.see(article())
    visitor.be_redirected(f"{ROOT}/s/1", f"{ROOT}/qisa/1")
    visitor.be_redirected(f"{ROOT}/qisa/1", article().url)
    visitor.be_redirected(f"{ROOT}/s/1", f"{ROOT}/qisa/1")
    visitor.store.commit()

    rows = visitor.catalogue.db.execute("SELECT url FROM address ORDER BY url").fetchall()
    assert rows == [(article().url,), (f"{ROOT}/qisa/1",), (f"{ROOT}/s/1",)]
