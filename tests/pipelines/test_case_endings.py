"""Case endings, by the harmony of vowels."""

import pytest

from pipelines.case_endings import Case, possessed, without_case


@pytest.mark.parametrize(
    ("word", "case", "name"),
    [
        ("mərkəzindən", Case.ABLATIVE, "mərkəzi"),
        ("fondundan", Case.ABLATIVE, "fondu"),
        ("qurumdan", Case.ABLATIVE, "qurum"),
        ("Azərbaycandan", Case.ABLATIVE, "Azərbaycan"),
        ("“Şəfəq”dən", Case.ABLATIVE, "“Şəfəq”"),
        ("DSX-dan", Case.ABLATIVE, "DSX"),
        ("bankına", Case.DATIVE, "bankı"),
        ("nazirliyə", Case.DATIVE, "nazirlik"),
        ("prokurorluğa", Case.DATIVE, "prokurorluq"),
        ("Türkiyəyə", Case.DATIVE, "Türkiyə"),
        ("Gundem.az-a", Case.DATIVE, "Gundem.az"),
        ("xidmətinin", Case.GENITIVE, "xidməti"),
        ("İranın", Case.GENITIVE, "İran"),
        ("Ukraynanın", Case.GENITIVE, "Ukrayna"),
        ("“Şəfəq”-in", Case.GENITIVE, "“Şəfəq”"),
        ("körpü", Case.ABLATIVE, "körpü"),
    ],
)
def test_a_name_stands_without_the_ending_of_its_case(word: str, case: Case, name: str) -> None:
    assert without_case(word, case) == name


@pytest.mark.parametrize(
    ("noun", "owned"),
    [("fərman", "fərmanı"), ("qayda", "qaydası"), ("protokol", "protokolu"), ("bülten", "bülteni")],
)
def test_a_noun_becomes_somebodys_own_by_its_last_vowel(noun: str, owned: str) -> None:
    assert possessed(noun) == owned
