"""Names of publishers as sentences use them: what is a site, what an agency, what only a word.

A site that names itself most often does so by its domain (Fins.Az, 1news.az); these lists hold
the names that carry no domain. They decide between site and source, never whether a sentence
is an attribution.
"""

from pipelines.boilerplate import DOMAIN
from pipelines.letters import folded, words_of

# Publishers at home, whose name in "X Y-yə istinadən" is the site's own.
_AT_HOME = (
    "report apa trend turan azertac azertag qafqazinfo teleqraf oxu modern lent milli sia axar musavat"
    " yenimusavat yenigundem bizimyol bizimmedia interfaksazerbaycan salamnews marja banker fins fed minval"
    " haqqin day vesti 1news sputnikazerbaycan sputnik olke kulis apasport unikal publika azvision metbuat"
    " xezertv bakutv realtv arb itv aztv cbc spacetv azadliqradiosu amerikaninsesi xalqqezeti respublika"
    " kaspi yeniazerbaycan sherg serq 525ciqezet 525qezet ikisahil buta butatv leqal moderator sonxeber"
    " virtualaz pravda busaat demokrat ayna tribuna trendnews azernews caliber calibaz aznews qaynarinfo"
)
_ABROAD = (
    "bbc cnn nbc cbs abc cnbc fox reuters reyter afp franspress ap associatedpress tass ria rianovosti interfaks"
    " interfax bloomberg axios politico dpa anadolu aa trt wam irna tesnim tasnim fars mehr ukrinform unian"
    " rbk rbkukrayna kommersant izvestiya lentaru gazetaru meduza sputnik agerpres bild spiegel dw nikkei"
    " guardian times telegraph forbes wsj nyt washingtonpost newyorktimes financialtimes sky skynews aljazeera"
    " elcezire haberglobal ntv hurriyet milliyet sozcu ahaber haberturk iha dha kazinform 24kz armenpress news"
    " panarmenian interpressnews civil euronews euractiv yonhap sinhua xinhua kyodo efe ansa ukrayinskapravda"
)


_HOME_NAMES = words_of(_AT_HOME)
_KNOWN_NAMES = _HOME_NAMES | words_of(_ABROAD)


def is_domain(name: str) -> bool:
    """Whether the name is written as a domain, such as `Fins.Az`."""
    return "." in name and DOMAIN.fullmatch(name) is not None


def is_publisher_at_home(name: str) -> bool:
    """Whether the name is that of a publisher in Azerbaijan, by domain or by list."""
    return is_domain(name) or _key(name) in _HOME_NAMES


def is_publisher(name: str) -> bool:
    """Whether the name is that of any publisher or agency we know."""
    return is_domain(name) or _key(name) in _KNOWN_NAMES


def is_of_host(name: str, host: str) -> bool:
    """Whether the name is that of the site with this host: “Yeni Gündəm” of yenigundem.az."""
    labels = host.lower().removeprefix("www.").split(".")
    own = name.lower().removeprefix("www.").rpartition(".")[0] if is_domain(name) else name
    return _key(own).removesuffix("az") in {_key(label).removesuffix("az") for label in labels[:-1]}


def _key(name: str) -> str:
    return "".join(character for character in folded(name) if character.isalnum())
