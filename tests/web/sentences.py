"""Azerbaijani sentences by the thousand: correct, plain, about nothing, the same for a seed."""

import random

_PLACES = (
    "Şəkidə", "Gəncədə", "Lənkəranda", "Qubada", "Mingəçevirdə", "Şirvanda", "Naftalanda", "Zaqatalada",
    "İsmayıllıda", "Göyçayda", "Astarada", "Xaçmazda", "Balakənə yaxın kəndlərdə", "Sumqayıtda", "Bakıda",
)  # fmt: skip
_TIMES = (
    "Bu həftə", "Ötən ay", "Ayın əvvəlində", "Dünən", "Bazar ertəsi", "İlin ilk rübündə", "Son iki ildə",
    "Səhər saatlarında", "Həftəsonu",
)  # fmt: skip
_BODIES = (
    "Bağbanlar Birliyi", "Şəhər Hərəkəti Mərkəzi", "Kənd Kitabxanaları Şəbəkəsi", "Gənc Mühəndislər Mərkəzi",
    "Dağ Yolları Xidməti", "Sahil Limanları Birliyi", "Su Tədqiqatları Qrupu", "Toxucular Kooperativi",
    "Dəniz Müşahidə Xidməti", "Ailə Həkimləri Dərnəyi", "Yol Təhsili Mərkəzi", "Bazar Müşahidə Mərkəzi",
)  # fmt: skip
_THINGS = (
    "yeni məktəb binası", "oxu zalı", "uşaq bağçası", "tibb məntəqəsi", "idman meydançası", "sərgi salonu",
    "musiqi otağı", "su anbarı", "meyvə anbarı", "təlim mərkəzi", "avtobus dayanacağı", "açıq hava kinoteatrı",
    "velosiped zolağı", "istixana", "laboratoriya", "kitabxana filialı",
)  # fmt: skip
_DEEDS = (
    "istifadəyə verilib", "təmir olunub", "genişləndirilib", "yenidən qurulub", "sakinlərin ixtiyarına verilib",
    "sınaqdan çıxarılıb", "yeni avadanlıqla təchiz edilib",
)  # fmt: skip
_PEOPLE = ("sakin", "şagird", "könüllü", "fermer", "ziyarətçi", "tələbə", "mütəxəssis", "iştirakçı")
_MEASURES = ("hektar", "ton", "metr", "manat", "nüsxə", "kilometr")
_AIMS = (
    "işlərin vaxtında başa çatdırılması", "sakinlərin rahatlığı", "suyun qənaətlə işlədilməsi",
    "gənclərin bacarıqlarının artırılması", "yolların təhlükəsizliyi", "məhsulun keyfiyyəti",
    "köhnə sənətlərin yaşadılması", "kitab oxuyanların sayının çoxalması",
)  # fmt: skip
_SECTIONS = (
    "Cəmiyyət", "İqtisadiyyat", "Mədəniyyət", "İdman", "Elm", "Təhsil", "Səhiyyə", "Region", "Texnologiya",
)  # fmt: skip
_PLAIN_LETTERS = str.maketrans("əıöüşçğ", "eiouscg")


class Writer:
    """Writes sentences from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 -- words, not a secret

    def headline(self) -> str:
        """A headline such as `Şəkidə yeni məktəb binası istifadəyə verilib`."""
        return f"{self._one(_PLACES)} {self._one(_THINGS)} {self._one(_DEEDS)}"

    def section(self) -> str:
        """A section's label."""
        return self._one(_SECTIONS)

    def sentence(self) -> str:
        """One sentence, of one of seven makes."""
        make = self.chance.choice(
            (
                self._opening, self._count, self._report, self._aim, self._plan, self._comparison, self._quote,
            )
        )  # fmt: skip
        return make()

    def paragraph(self) -> str:
        """Two to five sentences."""
        return " ".join(self.sentence() for _ in range(self.chance.randint(2, 5)))

    def slug_of(self, title: str) -> str:
        """The title as an address has it: small plain letters, parted by hyphens."""
        lowered = title.replace("İ", "i").replace("I", "ı").lower()
        return "-".join(lowered.translate(_PLAIN_LETTERS).split())

    def _one(self, words: tuple[str, ...]) -> str:
        return self.chance.choice(words)

    def _number(self) -> int:
        return self.chance.choice((self.chance.randint(3, 99), self.chance.randint(100, 9000)))

    def _opening(self) -> str:
        when, where = self._one(_TIMES), self._one(_PLACES)
        return f"{when} {where} {self._number()} {self._one(_PEOPLE)} üçün {self._one(_THINGS)} {self._one(_DEEDS)}."

    def _count(self) -> str:
        return (
            f"Tədbirdə {self._number()} {self._one(_PEOPLE)} iştirak edib, onların "
            f"{self.chance.randint(12, 88)} faizi ilk dəfə gəlib."
        )

    def _report(self) -> str:
        return (
            f"{self._one(_BODIES)} bildirir ki, {self._one(_PLACES)} {self._one(_THINGS)} artıq "
            f"{self.chance.randint(2, 24)} aydır fəaliyyət göstərir."
        )

    def _aim(self) -> str:
        return f"Layihənin əsas məqsədi {self._one(_AIMS)} və {self._one(_AIMS)} ilə bağlıdır."

    def _plan(self) -> str:
        return (
            f"Növbəti mərhələdə işə daha {self._number()} {self._one(_PEOPLE)} cəlb olunacaq və plana "
            f"{self._one(_THINGS)} əlavə ediləcək."
        )

    def _comparison(self) -> str:
        return (
            f"Müqayisə üçün qeyd edək ki, ötən ilin eyni dövründə bu göstərici {self._number()} "
            f"{self._one(_MEASURES)} olub."
        )

    def _quote(self) -> str:
        aim = self._one(_AIMS)
        copula = "dır" if aim.endswith("ı") else "dir"
        return f"“Bizim üçün ən vacib olan {aim}{copula}”, – deyə {self._one(_BODIES)} açıqlayıb."
