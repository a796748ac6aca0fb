"""Languages of the neighbourhood, and Azerbaijani in its three ways of writing."""

import pytest

from pipelines.language import read_language


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("Şəhərdə yeni körpü istifadəyə verilib", "az", "Latn"),
        ("“ASAN xidmət” mərkəzi", "az", "Latn"),
        ("asan xidmet", "az", "ascii"),
        ("Seherde yeni korpu istifadeye verilib ve yol temir edilib", "az", "ascii"),
        ("Шәһәрдә јени көрпү истифадәјә верилиб", "az", "Cyrl"),
        ("В городе открыт новый мост", "ru", "Cyrl"),
        ("У місті відкрито новий міст", None, "Cyrl"),
        ("A new bridge was opened in the city and the road is ready", "en", "Latn"),
        ("Bakan, köprünün gelecek yıl açılacağını söyledi", "tr", "Latn"),
        ("In der Stadt wurde eine neue Brücke eröffnet", None, "Latn"),
        ("En la ciudad se abrió un nuevo puente para los vecinos", None, "Latn"),
        ("2024", None, None),
        ("", None, None),
    ],
)
def test_a_text_is_read_by_its_letters_and_small_words(
    text: str, language: str | None, script: str | None
) -> None:
    reading = read_language(text)

    assert (reading.language, reading.script) == (language, script)


def test_an_azerbaijani_name_makes_no_english_text_azerbaijani() -> None:
    text = "The exhibition at the Heydər Əliyev Center was opened by the minister and will be on view for a month."

    assert read_language(text).language == "en"
