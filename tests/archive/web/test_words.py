"""The words of the pages."""

import re
from pathlib import Path
from string import Formatter

import pytest

from archive.web import rendering
from archive.web.words import PHRASES, Language, Words

TEMPLATES = Path(rendering.__file__).parent / "templates"


def values_of(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


@pytest.mark.parametrize("name", PHRASES)
def test_both_languages_say_the_same_with_the_same_values(name: str) -> None:
    azerbaijani, english = PHRASES[name]

    assert azerbaijani
    assert values_of(azerbaijani) == values_of(english)
    assert english.count("|") <= 1


def test_no_phrase_is_missing_or_idle() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html"))
    troubles = (TEMPLATES.parent / "troubles.py").read_text(encoding="utf-8")
    written += troubles
    used = set(re.findall(r'words(?:\.|\(")([a-z_0-9]+)(?!.*" ~)', written))
    used |= {name for name in PHRASES if f'"{name}"' in troubles}
    families = ("query_", *re.findall(r'words\("([a-z]+_)" ~', written))

    assert {name for name in used if name not in PHRASES and name not in families} <= {"language"}
    assert {name for name in PHRASES if name not in used and not name.startswith(families)} == set()


def test_english_parts_one_from_many() -> None:
    words = Words(Language.ENGLISH)

    assert words("versions_count", n=1) == "1 version"
    assert words("versions_count", n=2) == "2 versions"
    assert Words(Language.AZERBAIJANI)("versions_count", n=2) == "2 versiya"
