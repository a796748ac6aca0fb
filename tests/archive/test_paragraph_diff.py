"""Two texts compared paragraph by paragraph."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from archive.paragraph_diff import BREAK, ParagraphChange, ParagraphKind, compare_texts
from archive.word_diff import PieceKind

ROAD = "Nazirlikdən bildirilib ki, yolun təmiri səbəbindən hərəkət məhdudlaşdırılıb."
BUS = "Avtobuslar dəyişdirilmiş marşrut üzrə hərəkət edəcək və dayanacaqlar köçürüləcək."
PLEA = "Sürücülərdən xahiş olunur ki, alternativ küçələrdən istifadə etsinlər."
END = "İşlərin ay sonunadək başa çatacağı gözlənilir."

paragraphs = st.lists(
    st.one_of(
        st.sampled_from([ROAD, BUS, PLEA, END, "***", "", ROAD[:40], BUS + PLEA]),
        st.text("aəı \n.", max_size=12),
    ),
    max_size=8,
)


def old_of(changes: Iterable[ParagraphChange]) -> str:
    shown = [c for c in changes if c.old_numbers and c.kind is not ParagraphKind.MOVED_AWAY]
    shown.sort(key=lambda change: change.old_numbers)
    return BREAK.join(
        "".join(piece.text for piece in change.pieces if piece.kind is not PieceKind.INSERTED)
        for change in shown
    )


def new_of(changes: Iterable[ParagraphChange]) -> str:
    gone = (ParagraphKind.MOVED_AWAY, ParagraphKind.DELETED)
    return BREAK.join(
        "".join(piece.text for piece in change.pieces if piece.kind is not PieceKind.DELETED)
        for change in changes
        if change.kind not in gone
    )


def kinds_of(old: list[str], new: list[str]) -> list[ParagraphKind]:
    return [change.kind for change in compare_texts(BREAK.join(old), BREAK.join(new))]


@given(paragraphs, paragraphs)
def test_the_paragraphs_give_both_texts_back(old: list[str], new: list[str]) -> None:
    before, after = BREAK.join(old), BREAK.join(new)

    changes = compare_texts(before, after)

    assert old_of(changes) == before
    assert new_of(changes) == after


@given(paragraphs)
def test_the_same_text_has_only_equal_paragraphs(shown: list[str]) -> None:
    assert {*kinds_of(shown, shown)} <= {ParagraphKind.EQUAL}


def test_a_moved_paragraph_is_told_as_moved_at_both_places() -> None:
    changes = compare_texts(BREAK.join([ROAD, BUS, PLEA]), BREAK.join([PLEA, ROAD, BUS]))

    assert [(change.kind, change.old_numbers, change.new_numbers) for change in changes] == [
        (ParagraphKind.MOVED, (3,), (1,)),
        (ParagraphKind.EQUAL, (1,), (2,)),
        (ParagraphKind.EQUAL, (2,), (3,)),
        (ParagraphKind.MOVED_AWAY, (3,), (1,)),
    ]


def test_a_moved_paragraph_may_change_on_its_way() -> None:
    edited = PLEA.replace("xahiş olunur", "tələb olunur")

    changes = compare_texts(BREAK.join([ROAD, BUS, PLEA]), BREAK.join([edited, ROAD, BUS]))

    moved = changes[0]
    assert moved.kind is ParagraphKind.MOVED
    assert [piece.text for piece in moved.pieces if piece.kind is PieceKind.INSERTED] == ["tələb"]


def test_an_edited_paragraph_is_compared_with_its_own_earlier_state() -> None:
    changed = ROAD.replace("təmiri", "genişləndirilməsi")

    assert kinds_of([ROAD, BUS, END], [changed, BUS, END]) == [
        ParagraphKind.CHANGED,
        ParagraphKind.EQUAL,
        ParagraphKind.EQUAL,
    ]


def test_another_paragraph_in_the_same_place_is_deleted_and_inserted() -> None:
    assert kinds_of([ROAD, BUS], [ROAD, END]) == [
        ParagraphKind.EQUAL,
        ParagraphKind.DELETED,
        ParagraphKind.INSERTED,
    ]


def test_a_parted_paragraph_shows_only_the_break() -> None:
    changes = compare_texts(f"{ROAD} {PLEA}", f"{ROAD}{BREAK}{PLEA}")

    assert [(change.kind, change.old_numbers, change.new_numbers) for change in changes] == [
        (ParagraphKind.CHANGED, (1,), (1, 2))
    ]
    assert [piece.text for piece in changes[0].pieces] == [ROAD, " ", BREAK, PLEA]


def test_two_joined_paragraphs_show_only_the_break() -> None:
    changes = compare_texts(f"{ROAD}{BREAK}{PLEA}", f"{ROAD} {PLEA}")

    assert [piece.text for piece in changes[0].pieces] == [ROAD, BREAK, " ", PLEA]


def test_a_separator_is_never_told_as_moved() -> None:
    assert ParagraphKind.MOVED not in kinds_of(["***", ROAD, BUS], [ROAD, BUS, "***"])
