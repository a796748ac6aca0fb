"""Reprints are one story, templated pieces of different days are not, whatever the order in a day."""

import random
from datetime import date, timedelta
from itertools import groupby

import pytest

from archive.stories import read_story_text
from archive.story_batch import StoryBatch
from benchmarks.stories import score_of, score_set
from benchmarks.story_set import TEMPLATES, made_up_text, make_set, reprint_of

DAY = date(2026, 2, 14)


@pytest.fixture
def chance() -> random.Random:
    return random.Random(5)  # noqa: S311 (made-up texts)


def test_a_reprint_with_its_own_opener_is_the_same_story_and_says_why(
    chance: random.Random,
) -> None:
    batch, text = StoryBatch(), made_up_text(chance)
    first = batch.place("a", DAY, text)
    second = batch.place("b", DAY, "Xəbər saytı qurumun özünə istinadən xəbər verir.\n" + text)

    assert first.why == ()
    assert second.story == first.story == "a"
    (reason,) = second.why
    assert reason.id == "a"
    assert reason.shared > 0.9
    assert reason.numbers == reason.names == 1.0
    assert reason.sentences


def test_a_text_that_comes_back_after_the_window_is_a_later_reprint(chance: random.Random) -> None:
    batch, text = StoryBatch(), made_up_text(chance)
    batch.place("a", DAY, text)
    later = batch.place("b", DAY + timedelta(days=30), text)

    assert later.story == "b"
    assert [reason.later for reason in later.why] == [True]


def test_two_stories_become_one_when_a_text_belongs_to_both() -> None:
    chance = random.Random(8)  # noqa: S311
    batch, one, other = StoryBatch(), made_up_text(chance), made_up_text(chance)
    batch.place("a", DAY, one)
    batch.place("b", DAY, other)
    both = batch.place("c", DAY, f"{one}\n{other}")

    assert both.story == "a"
    assert both.merged == ("b",)


@pytest.mark.parametrize("template", TEMPLATES)
def test_templated_pieces_of_different_days_are_not_joined(template, chance) -> None:  # type: ignore[no-untyped-def]
    batch = StoryBatch()
    stories = [
        batch.place(str(day), DAY + timedelta(days=day), template(day, chance)).story
        for day in range(60)
    ]

    assert len(set(stories)) == 60


def test_made_up_reprints_are_found_at_the_quality_that_was_promised(chance: random.Random) -> None:
    texts = [made_up_text(chance) for _ in range(150)]
    found = score_set(make_set(texts, seed=4, days=30, reprints=1.8, templates=1000))

    assert found.f1 >= 0.95
    assert found.precision >= 0.98
    assert found.joined_templates == 0


@pytest.mark.parametrize("seed", range(3))
def test_the_order_within_a_day_does_not_matter(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    texts = [made_up_text(chance) for _ in range(40)]
    pieces = make_set(texts, seed=seed, days=10, reprints=2.0, templates=100)
    shuffled = []
    for _, of_day in groupby(pieces, key=lambda piece: piece.day):
        day = list(of_day)
        chance.shuffle(day)
        shuffled += day

    partitions = []
    for order in (pieces, shuffled):
        batch = StoryBatch()
        for piece in order:
            batch.place(str(piece.id), DAY + timedelta(days=piece.day), piece.text)
        partitions.append(batch.stories())

    assert partitions[0] == partitions[1]


def test_a_reprint_keeps_most_of_its_text(chance: random.Random) -> None:
    text = made_up_text(chance)

    assert reprint_of(text, "xeber1.example", chance) != text
    assert score_of([], {}).f1 == 0.0


def test_a_template_whose_figures_are_the_same_by_chance_is_another_day_s_report() -> None:
    report = (
        "Bakıda ayın {}-də hava şəraitinin dəyişkən buludlu olacağı gözlənilir.\n"
        "Havanın temperaturu gecə 2-5, gündüz 7-11 dərəcə isti olacaq. Atmosfer təzyiqi 753 mm civə "
        "sütunu, nisbi rütubət gecə 83-93 faiz təşkil edəcək.\n"
        "Rayonlarda şimal-qərb küləyi saniyədə 13-17 metr olacaq, dağlarda yağıntı ehtimalı var."
    )
    batch = StoryBatch()
    batch.place("a", DAY, report.format(14))

    assert batch.place("b", DAY + timedelta(days=2), report.format(16)).story == "b"


@pytest.mark.parametrize("step", [1, -1])
def test_boilerplate_is_known_whether_days_go_forward_or_back(
    step: int, chance: random.Random
) -> None:
    batch, common = StoryBatch(), made_up_text(chance)
    for day in range(4):
        text = f"{made_up_text(chance)}\n{common}"
        batch.place(str(day), DAY + timedelta(days=10 * step * day), text)

    assert batch.place("last", DAY + timedelta(days=40 * step), common).why == ()


def test_a_whole_text_that_four_days_had_within_others_is_boilerplate_in_most_cases() -> None:
    known = 0
    for seed in range(20):
        chance = random.Random(seed)  # noqa: S311 (made-up texts)
        batch, common = StoryBatch(), made_up_text(chance)
        for day in range(4):
            batch.place(str(day), DAY + timedelta(days=day), f"{made_up_text(chance)}\n{common}")
        known += batch.place("last", DAY + timedelta(days=4), common).why == ()

    assert known >= 16  # ten anchors of a text are shared by all of its sentences


def test_a_text_is_found_by_ten_anchors_one_of_each_sentence_first(chance: random.Random) -> None:
    short, long = made_up_text(chance).split("\n")[0], "\n".join(map(made_up_text, [chance] * 5))

    text, longer = read_story_text(short), read_story_text(long)

    assert {each[0] for each in text.found_by if each} <= set(text.anchors)
    assert len(longer.anchors) == 10
    assert set(longer.anchors) <= {each[0] for each in longer.found_by if each}
