"""Sentences that say where a story comes from; all publishers and bodies are made up or generic."""

import pytest

from pipelines.attribution import find_attributions, read_attribution, role_of


@pytest.mark.parametrize(
    ("sentence", "site", "source"),
    [
        ("Bu barədə Gundem.az-a “ASAN xidmət”dən məlumat verilib.", "Gundem.az", "ASAN xidmət"),
        (
            "Bu barədə Gundem.az-a Su Təsərrüfatı Agentliyindən (STA) bildirilib.",
            "Gundem.az",
            "Su Təsərrüfatı Agentliyi (STA)",
        ),
        (
            "Bu barədə Nazirliyin Mətbuat xidmətindən məlumat verilib.",
            None,
            "Nazirliyin Mətbuat xidməti",
        ),
        (
            "Bu barədə Nazirliyin tabeliyindəki Dövlət Yol Agentliyindən məlumat verilib.",
            None,
            "Dövlət Yol Agentliyi",
        ),
        ("Gundem.az xəbər verir ki, körpü açılıb.", "Gundem.az", None),
        ("Gundem.az “Şəfəq”ə istinadən xəbər verir ki, körpü açılıb.", "Gundem.az", "Şəfəq"),
        ("Gundem.az APA- ya istiandən xəəbər verir ki,", "Gundem.az", "APA"),
        ("Gundem.az bu barədə nazirliyə istinadən xəbər verir.", "Gundem.az", "nazirlik"),
        (
            "Gundem.az xəbər verir ki, bu barədə “Şəfəq” ASC məlumat yayıb.",
            "Gundem.az",
            "Şəfəq ASC",
        ),
        ("Ağ Evin saytına istinadən xəbər verilir ki, görüş olub.", None, "Ağ Ev"),
        ("Bu barədə “Şəfəq” agentliyi mənbələrə istinadən məlumat yayıb.", None, "Şəfəq"),
        (
            "Prokurorluqdan Gundem.az-a verilən məlumata görə, iş açılıb.",
            "Gundem.az",
            "Prokurorluq",
        ),
        ("“Şəfəq” portalının məlumatına görə, görüş payızda olacaq.", None, "Şəfəq"),
        (
            "APA-nın yerli bürosunun məlumatına görə, yanğın söndürülüb.",
            "APA",
            "APA-nın yerli bürosu",
        ),
        ("Agentliyin bildirdiyinə görə, yol təmir edilib.", None, "Agentlik"),
        ("Bunu nazirliyin sözçüsü jurnalistlərə açıqlamasında deyib.", None, "nazirliyin sözçüsü"),
        ("Bu barədə Parlamentin bəyanatında deyilir.", None, "Parlament"),
        (
            "Bu barədə “Mavi Kürə”yə Mədəniyyət Nazirliyindən bildirilib.",
            "Mavi Kürə",
            "Mədəniyyət Nazirliyi",
        ),
        (
            "Bu barədə Gundem.az-a idarənin mətbuat xidmətindən məlumat daxil olub.",
            "Gundem.az",
            "idarənin mətbuat xidməti",
        ),
        (
            "Bu barədə “Report”a universitetdən daxil olan məlumatda deyilir.",
            "Report",
            "universitet",
        ),
        (
            "Bu barədə Yol Agentliyi sosial şəbəkə hesabında məlumat paylaşıb.",
            None,
            "Yol Agentliyi",
        ),
        ("Gundem.az reports citing Reuters that oil fell.", "Gundem.az", "Reuters"),
        ("According to the Road Agency, the bridge is open.", None, "the Road Agency"),
        ("Bakı. Trend:", "Trend", None),
        ("BAKI, 7 fevral. TELEQRAF", "TELEQRAF", None),
        ("Как передает Gundem.az, мост открыт.", "Gundem.az", None),
        (
            "Мост открыт, сообщает Gundem.az со ссылкой на министерство.",
            "Gundem.az",
            "министерство",
        ),
    ],
)
def test_an_opener_names_its_site_and_source_without_quotes_and_case(
    sentence: str, site: str | None, source: str | None
) -> None:
    reading = read_attribution(sentence)

    assert (reading.kind, reading.site, reading.source) == ("opener", site, source)


@pytest.mark.parametrize(
    ("sentence", "site", "source"),
    [
        ("(Report)", None, "Report"),
        ("– deyə nazir vurğulayıb./Report/", None, "Report"),
        ("komitə sədri qeyd edib.APA", None, "APA"),
        ("APA", None, "APA"),
        ("Redaksiya / Gundem.az", "Gundem.az", None),
        ("Qeyd edək ki, körpü 1995-ci ildə tikilib.", None, None),
        ("Hadisə ilə bağlı araşdırma aparılır.", None, None),
    ],
)
def test_a_closer_belongs_to_the_article(
    sentence: str, site: str | None, source: str | None
) -> None:
    reading = read_attribution(sentence)

    assert (reading.kind, reading.site, reading.source) == ("closer", site, source)


@pytest.mark.parametrize(
    "sentence",
    [
        "Nazir müavini layihənin vaxtında bitəcəyini bildirib.",
        "Bu yollar barədə əlavə məlumat veriləcəyi bildirilib.",
        "“Körpü payızda açılacaq”, – nazir deyib.",
        "Hesabatda yüzdən çox mənbəyə istinad olunub.",
        "O, yazır, oxuyur və öyrədir.",
        "Qanuna görə, bunu nazirlik təsdiq etməlidir.",
    ],
)
def test_a_sentence_that_only_looks_like_one_is_none(sentence: str) -> None:
    assert read_attribution(sentence).kind == "none"


def test_the_host_tells_whether_the_name_is_the_site_itself() -> None:
    sentence = "“Mavi Kürə” xəbər verir ki, yol açılıb."

    assert read_attribution(sentence, host="mavikure.az").site == "Mavi Kürə"
    assert read_attribution(sentence, host="gundem.az").source == "Mavi Kürə"


def test_a_body_gives_its_opener_and_signature_and_not_its_background() -> None:
    body = [
        "Şəhərdə yeni körpü açılıb. Bu barədə Gundem.az-a “ASAN xidmət”dən məlumat verilib.",
        "Körpünün uzunluğu 120 metrdir.",
        "Qeyd edək ki, köhnə körpü 1960-cı ildə tikilmişdi.",
        "(Report)",
    ]

    found = find_attributions(body)

    assert [(each.kind, each.name, each.site) for each in found] == [
        ("opener", "ASAN xidmət", "Gundem.az"),
        ("signature", "Report", None),
    ]
    assert found[0].sentence == "Bu barədə Gundem.az-a “ASAN xidmət”dən məlumat verilib."


@pytest.mark.parametrize(
    ("paragraph", "role"),
    [
        ("Bu barədə nazirlikdən məlumat verilib.", "attribution"),
        ("Bakı. Trend:", "dateline"),
        ("/Report/", "signature"),
        ("Xatırladaq ki, yarış mayda başlayıb. Onda 12 komanda vardı.", "background"),
        ("Bu barədə nazirlikdən məlumat verilib. Körpü payızda açılacaq.", None),
        ("Körpü payızda açılacaq.", None),
    ],
)
def test_a_paragraph_has_a_role_only_if_it_is_nothing_else(
    paragraph: str, role: str | None
) -> None:
    assert role_of(paragraph) == role
