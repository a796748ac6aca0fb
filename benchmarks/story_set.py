"""Makes texts, their reprints by the habits of this press, and templated pieces of many days.

All text is made up of parts; only its shape is that of the press: the same sentences under another
opener and headline, cut, reordered, with a sentence of one's own; and pieces that share most of
their words from day to day though they tell something else.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_PLACES = ["Şəki", "Qəbələ", "Lənkəran", "Gəncə", "Sumqayıt", "Şamaxı", "Quba", "Qusar", "Zaqatala", "Balakən", "Mingəçevir", "Yevlax", "Ağdaş", "Göyçay", "Ucar", "Kürdəmir", "Salyan", "Neftçala", "Astara", "Masallı", "Cəlilabad", "Biləsuvar", "İmişli", "Saatlı", "Sabirabad", "Şirvan", "Hacıqabul", "Bərdə", "Tərtər", "Naftalan", "Goranboy", "Samux", "Şəmkir", "Tovuz", "Ağstafa", "Qazax"]  # fmt: skip
_BODIES = ["Dövlət Statistika Komitəsi", "Mərkəzi Bank", "Səhiyyə Nazirliyi", "Elm və Təhsil Nazirliyi", "“ASAN xidmət”", "Dövlət Yol Polisi", "Milli Hidrometeorologiya Xidməti", "Kənd Təsərrüfatı Nazirliyi", "“Azəriqaz”", "“Azərsu”", "“Azərişıq”", "Dövlət Gömrük Komitəsi", "İqtisadiyyat Nazirliyi", "Energetika Nazirliyi", "Mədəniyyət Nazirliyi", "Dövlət Turizm Agentliyi", "Qida Təhlükəsizliyi Agentliyi", "Meşələrin İnkişafı Xidməti"]  # fmt: skip
_SUBJECTS = ["yeni məktəb binası", "kənd yolu", "su anbarı", "stadion", "kitabxana", "xəstəxana korpusu", "körpü", "sənaye parkı", "logistika mərkəzi", "istixana kompleksi", "balıqçılıq təsərrüfatı", "muzey", "teatr binası", "avtovağzal", "qaz xətti", "yarımstansiya", "tullantı emalı zavodu", "idman kompleksi", "uşaq bağçası", "tərəvəz bazarı", "dəmir yolu stansiyası", "günəş elektrik stansiyası", "heyvandarlıq kompleksi", "toxuculuq fabriki"]  # fmt: skip
_VERBS = ["istifadəyə verilib", "əsaslı təmir olunub", "layihələndirilib", "genişləndirilib", "yenidən qurulub", "müsabiqəyə çıxarılıb", "sığortalanıb", "qeydiyyata alınıb", "yoxlanılıb", "işıqlandırılıb"]  # fmt: skip
_WORDS = ["avadanlıq", "sahə", "layihə", "müqavilə", "sakin", "mütəxəssis", "bölgə", "istehsal", "ixrac", "büdcə", "vəsait", "investisiya", "texnologiya", "təchizat", "şəbəkə", "sistem", "proqram", "tədbir", "seminar", "sərgi", "məhsul", "bazar", "qiymət", "keyfiyyət", "nəzarət", "xidmət", "müştəri", "sənəd", "ərizə", "müraciət", "qərar", "təklif", "hesabat", "plan", "mərhələ", "nəticə", "göstərici", "artım", "azalma", "tələbat", "imkan", "şərait", "təhlükəsizlik", "ekologiya", "torpaq", "suvarma", "məhsuldarlıq", "toxum", "gübrə", "texnika", "traktor", "kombayn", "anbar", "emal", "qablaşdırma", "daşınma", "gömrük", "rüsum", "vergi", "güzəşt", "kredit", "sığorta", "əmək", "maaş", "işçi", "peşə", "kurs", "təlim", "tələbə", "müəllim", "şagird", "dərslik", "sinif", "laboratoriya", "təcrübə", "tədqiqat", "alim", "kitab", "arxiv", "abidə", "turist", "otel", "marşrut", "bələdçi", "festival", "konsert", "rəsm", "heykəl", "teatr"]  # fmt: skip
_ENDS = ["ilə bağlı iş görülüb", "üzrə yeni qaydalar hazırlanıb", "barədə sakinlərə ətraflı məlumat verilib", "üçün əlavə vəsait ayrılıb", "haqqında müzakirələr davam etdirilir", "sahəsində əməkdaşlıq genişlənir", "məsələsinə yenidən baxılacaq", "istiqamətində addımlar atılıb", "üzrə nəticələr açıqlanıb"]  # fmt: skip
_SITES = tuple(f"xeber{number}.example" for number in range(1, 13))
_ENGLISH_BODIES = ["the Ministry of Economy", "the State Statistics Committee", "the Central Bank", "the Road Police", "the Hydrometeorological Service", "the Ministry of Health", "the Customs Committee", "the Tourism Agency"]  # fmt: skip
_ENGLISH_WORDS = ["equipment", "project", "contract", "resident", "specialist", "region", "production", "export", "budget", "investment", "technology", "supply", "network", "system", "programme", "seminar", "exhibition", "product", "market", "price", "quality", "service", "customer", "document", "request", "decision", "proposal", "report", "plan", "stage", "result", "growth", "demand", "condition", "safety", "soil", "harvest", "storage", "transport", "tax", "credit", "insurance", "labour", "profession", "course", "training", "student", "teacher", "laboratory", "research"]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a press reprints: the sentences and words that it adds.

    openers  with the names of the site and of the body that told it
    inserted a word that an edit puts behind another
    own      makes a paragraph of one's own
    """

    openers: tuple[str, ...]
    closers: tuple[str, ...]
    bodies: list[str]
    words: list[str]
    inserted: str
    own: Callable[[random.Random], str]


def _english_paragraph(chance: random.Random) -> str:
    one, other, third, fourth = chance.sample(_ENGLISH_WORDS, 4)
    return (
        f"Work on {one} and {other} in the region has cost {chance.randint(2, 90)} million. "
        f"Last year {third} and {fourth} were discussed with {chance.choice(_ENGLISH_BODIES)}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article of the set: `story` is the truth, and equal for the reprints of one text."""

    id: int
    day: int
    site: str
    story: str
    text: str
    is_template: bool = False


def made_up_text(chance: random.Random) -> str:
    """A text of its own, three to nine paragraphs."""
    body, place, subject = (chance.choice(each) for each in (_BODIES, _PLACES, _SUBJECTS))
    sentences = [
        f"{place} rayonunda {chance.randint(2, 90)} min manatlıq {subject} {chance.choice(_VERBS)}, "
        f"{chance.choice(_WORDS)} və {chance.choice(_WORDS)} məsələləri həll edilib."
    ]
    for _ in range(chance.randint(4, 14)):
        picked = chance.sample(_WORDS, 4)
        sentences.append(
            f"{chance.choice((body, 'Qurum', 'Rayon rəhbərliyi', chance.choice(_PLACES) + ' sakinləri'))} "
            f"{picked[0]} və {picked[1]} {chance.choice(('', str(chance.randint(3, 999)) + ' '))}{picked[2]} "
            f"{picked[3]} {chance.choice(_ENDS)}."
        )
    return "\n".join(" ".join(part) for part in _parted(sentences, 2))


def _parted(sentences: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(sentences), size):
        yield sentences[start : start + size]


AZERBAIJANI = Habits(
    openers=(
        "{site} {body}nə istinadən xəbər verir ki, bu barədə məlumat yayılıb.",
        "Bu barədə {site} saytına {body} mətbuat xidmətindən bildirilib.",
        "{site} xəbər verir ki, məlumatı {body} açıqlayıb.",
    ),
    closers=(
        "Bizi Facebook və Telegram kanallarımızda izləyin, ən son xəbərləri ilk siz oxuyun.",
        "Daha ətraflı məlumatı saytımızın xəbərlər bölməsindən əldə etmək mümkündür.",
        "Qeyd edək ki, mövzu ilə bağlı yeni məlumat olduqda oxuculara çatdırılacaq.",
    ),
    bodies=_BODIES,
    words=_WORDS,
    inserted="isə",
    own=lambda chance: made_up_text(chance).split("\n")[0],
)
ENGLISH = Habits(
    openers=(
        "{site} reports, citing {body}, that the news was made public.",
        "This was announced by {body}, according to {site}.",
        "{body} told {site} about it in a statement.",
    ),
    closers=(
        "Follow us on Facebook and Telegram to be the first to read the news.",
        "Subscribe to our newsletter to read more on this and other stories.",
        "More will be added to this report as soon as it is known.",
    ),
    bodies=_ENGLISH_BODIES,
    words=_ENGLISH_WORDS,
    inserted="also",
    own=_english_paragraph,
)


def reprint_of(text: str, site: str, chance: random.Random, habits: Habits = AZERBAIJANI) -> str:
    """The text as another site would print it: opener, cuts, order, small edits, promotion."""
    paragraphs = [each for each in text.split("\n") if each.strip()]
    if len(paragraphs) > 2 and chance.random() < 0.5:
        paragraphs = paragraphs[: max(2, int(len(paragraphs) * chance.uniform(0.45, 0.95)))]
    if len(paragraphs) > 3 and chance.random() < 0.15:
        place = chance.randrange(1, len(paragraphs) - 1)
        paragraphs[place], paragraphs[place + 1] = paragraphs[place + 1], paragraphs[place]
    if chance.random() < 0.6:
        paragraphs = [_edited(each, chance, habits) for each in paragraphs]
    opener = chance.choice(habits.openers).format(
        site=site.capitalize(), body=chance.choice(habits.bodies)
    )
    paragraphs.insert(chance.choice((0, 1)), opener)
    if chance.random() < 0.4:
        paragraphs.append(habits.own(chance))
    if chance.random() < 0.7:
        paragraphs.append(chance.choice(habits.closers))
    return "\n".join(paragraphs)


def _edited(paragraph: str, chance: random.Random, habits: Habits) -> str:
    words = paragraph.split(" ")
    for _ in range(max(1, len(words) // 25)):
        place = chance.randrange(len(words))
        if not any(letter.isdigit() for letter in words[place]):
            words[place] = chance.choice(
                (chance.choice(habits.words), "", f"{words[place]} {habits.inserted}")
            )
    return " ".join(word for word in words if word)


# Templates


def weather(day: int, chance: random.Random) -> str:
    """The weather of a day."""
    low, wind = chance.randint(-4, 28), chance.randint(3, 19)
    return (
        f"Bakıda və Abşeron yarımadasında ayın {day % 28 + 1}-də hava şəraitinin dəyişkən buludlu olacağı, "
        f"arabir tutulacağı gözlənilir.\nHavanın temperaturu gecə {low}-{low + 3}, gündüz {low + 5}-{low + 9} dərəcə "
        f"isti olacaq. Atmosfer təzyiqi {chance.randint(750, 775)} mm civə sütunu, nisbi rütubət gecə "
        f"{chance.randint(60, 95)}-{chance.randint(70, 99)} faiz təşkil edəcək.\nRayonlarda şimal-qərb küləyi saniyədə "
        f"{wind}-{wind + 4} metr olacaq, dağlarda yağıntı ehtimalı var."
    )


def rates(day: int, chance: random.Random) -> str:
    """The exchange rates of a day."""
    return (
        f"Mərkəzi Bank ayın {day % 28 + 1}-nə olan rəsmi valyuta məzənnələrini açıqlayıb.\n1 ABŞ dollarının rəsmi məzənnəsi "
        f"1.7000 manat səviyyəsində qalıb. 1 avronun rəsmi məzənnəsi 1.{chance.randint(8000, 9900)} manat müəyyən "
        f"olunub.\nBundan başqa, 1 türk lirəsi 0.{chance.randint(400, 990)} manat, 1 Rusiya rublu isə "
        f"0.0{chance.randint(150, 240)} manat təşkil edib."
    )


def decree(_: int, chance: random.Random) -> str:
    """An order on a district's roads."""
    place, other = chance.sample(_PLACES, 2)
    return (
        f"{place} rayonunun {chance.choice(_SUBJECTS)} tikintisi ilə bağlı tədbirlər haqqında sərəncam imzalanıb.\n"
        f"Sərəncama əsasən, {place} rayonunda işlərin görülməsi üçün dövlət büdcəsində nəzərdə tutulmuş vəsaitdən "
        f"{chance.randint(1, 90)},{chance.randint(1, 9)} milyon manat ayrılıb.\nİqtisadiyyat Nazirliyinə {other} "
        f"istiqamətində maliyyələşməni həll etmək, Nazirlər Kabinetinə isə sərəncamdan irəli gələn məsələləri "
        f"həll etmək tapşırılıb."
    )


def match_report(day: int, chance: random.Random) -> str:
    """A football match."""
    one, other = chance.sample(_PLACES, 2)
    return (
        f"Azərbaycan Premyer Liqasının {day % 36 + 1}-cu turunda növbəti görüş keçirilib.\n{one} klubu öz meydanında "
        f"{other} komandasını qəbul edib. Görüş {chance.randint(0, 5)}:{chance.randint(0, 5)} hesabı ilə başa çatıb, "
        f"qollar oyunun {chance.randint(1, 45)} və {chance.randint(46, 90)}-ci dəqiqələrində vurulub.\nBu nəticədən "
        f"sonra {one} xallarının sayını {chance.randint(1, 80)}-ə çatdırıb və turnir cədvəlində "
        f"{chance.randint(1, 12)}-ci pillədə qərarlaşıb."
    )


TEMPLATES: tuple[Callable[[int, random.Random], str], ...] = (weather, rates, decree, match_report)


def make_set(
    texts: list[str],
    *,
    seed: int,
    days: int,
    reprints: float,
    templates: int,
    habits: Habits = AZERBAIJANI,
) -> list[Piece]:
    """The texts on random days, each with its reprints, and so many templated pieces, by day."""
    chance = random.Random(seed)  # noqa: S311 (made-up texts)
    made: list[tuple[int, str, str, str, bool]] = []
    for number, text in enumerate(texts):
        day, story = chance.randrange(days), f"text-{number}"
        sites = chance.sample(_SITES, 1 + min(8, int(chance.expovariate(1 / reprints))))
        made.append((day, sites[0], story, text, False))
        for site in sites[1:]:
            later = day + (chance.random() < 0.2)
            made.append((later, site, story, reprint_of(text, site, chance, habits), False))
    for number in range(templates):
        kind, day = TEMPLATES[number % len(TEMPLATES)], chance.randrange(days)
        story = f"{kind.__name__}-{number}"
        made.append((day, chance.choice(_SITES), story, kind(day, chance), True))
    chance.shuffle(made)
    made.sort(key=lambda each: each[0])
    return [
        Piece(id=number, day=day, site=site, story=story, text=text, is_template=is_template)
        for number, (day, site, story, text, is_template) in enumerate(made, 1)
    ]
