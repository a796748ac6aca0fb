"""Lines that belong to the site and not to the article."""

import pytest

from pipelines.boilerplate import is_boilerplate


@pytest.mark.parametrize(
    "line",
    [
        "www.gundem.example.az",
        "Gundem.Az",
        "DİGƏR XƏBƏRLƏR",
        "Digər İqtisadiyyat xəbərləri",
        "Oxşar xəbərlər",
        "Teqlər: körpü, yol",
        "Oxunub: 1 479",
        "Baxış sayı: 12",
        "Bizi Telegramda izləyin: @gundem",
        "Bizim WhatsApp kanalımıza buradan abunə ola bilərsiniz",
        "Ana səhifəyə qayıt",
        "Rəy yaz / Leave a review",
        "© Materiallardan istifadə edərkən hiperlinklə istinad olunmalıdır",
        "Tarix: 4-07-2026, 18:49 | Bölmə: Cəmiyyət | Baxış: 431",
        "Materialdan istifadə etdikdə sayta istinad zəruridir",
        "Şərhlər (3)",
        "ABUNƏ OL",
        "Читайте также:",
    ],
)
def test_a_line_of_the_site_is_boilerplate(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Kitabın oxunuş sayı artıb.",
        "Nazirlik xəbərlərin yayılması barədə qaydaları təsdiqləyib.",
        "Telegram kanalında yayılan xəbər təsdiqini tapmayıb.",
        "Oxşar xəbərlər mətbuatda tez-tez yayılır.",
        "Gundem.Az xəbər verir ki, körpü açılıb.",
        "Tarix: 4 iyul, məkan: Bakı",
    ],
)
def test_prose_that_mentions_its_words_is_not(line: str) -> None:
    assert not is_boilerplate(line)
