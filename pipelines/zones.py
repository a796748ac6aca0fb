"""The time zone that a host's country keeps, where the country has one zone.

An instant told in UTC says on which day it was only where the zone is known; a publisher under
`.de` prints German days. Countries with several zones are left out, and so are the endings that
the whole world uses (`.com`, `.tv`, `.io`).
Source: IANA time zone database, `zone1970.tab`.
"""

_ZONES = {
    "Asia/Baku": "az",
    "Europe/Berlin": "de",
    "Europe/Vienna": "at",
    "Europe/Zurich": "ch li",
    "Europe/Paris": "fr",
    "Europe/Rome": "it",
    "Europe/Madrid": "es gl cat",
    "Europe/Lisbon": "pt",
    "Europe/Amsterdam": "nl",
    "Europe/Brussels": "be",
    "Europe/Luxembourg": "lu",
    "Europe/London": "uk",
    "Europe/Dublin": "ie",
    "Europe/Oslo": "no",
    "Europe/Stockholm": "se",
    "Europe/Copenhagen": "dk",
    "Europe/Helsinki": "fi",
    "Atlantic/Reykjavik": "is",
    "Europe/Warsaw": "pl",
    "Europe/Prague": "cz",
    "Europe/Bratislava": "sk",
    "Europe/Budapest": "hu",
    "Europe/Bucharest": "ro",
    "Europe/Sofia": "bg",
    "Europe/Athens": "gr",
    "Europe/Belgrade": "rs",
    "Europe/Zagreb": "hr",
    "Europe/Ljubljana": "si",
    "Europe/Vilnius": "lt",
    "Europe/Riga": "lv",
    "Europe/Tallinn": "ee",
    "Europe/Kyiv": "ua",
    "Europe/Minsk": "by",
    "Europe/Chisinau": "md",
    "Europe/Moscow": "ru",  # where its national press prints its days
    "Europe/Istanbul": "tr",
    "Asia/Tbilisi": "ge",
    "Asia/Yerevan": "am",
    "Asia/Tehran": "ir",
    "Asia/Jerusalem": "il",
    "Asia/Dubai": "ae",
    "Asia/Riyadh": "sa",
    "Asia/Qatar": "qa",
    "Asia/Tashkent": "uz",
    "Asia/Bishkek": "kg",
    "Asia/Ashgabat": "tm",
    "Asia/Dushanbe": "tj",
    "Asia/Karachi": "pk",
    "Asia/Kolkata": "in",
    "Asia/Dhaka": "bd",
    "Asia/Shanghai": "cn",
    "Asia/Hong_Kong": "hk",
    "Asia/Taipei": "tw",
    "Asia/Tokyo": "jp",
    "Asia/Seoul": "kr",
    "Asia/Bangkok": "th",
    "Asia/Singapore": "sg",
    "Asia/Kuala_Lumpur": "my",
    "Asia/Manila": "ph",
    "Asia/Ho_Chi_Minh": "vn",
    "Africa/Cairo": "eg",
    "Africa/Johannesburg": "za",
    "Africa/Nairobi": "ke",
    "Africa/Dar_es_Salaam": "tz",
    "Africa/Lagos": "ng",
    "Africa/Casablanca": "ma",
    "Africa/Tunis": "tn",
    "America/Argentina/Buenos_Aires": "ar",
    "America/Montevideo": "uy",
    "America/Asuncion": "py",
    "America/La_Paz": "bo",
    "America/Lima": "pe",
    "America/Bogota": "co-",  # .co is used by the whole world: only com.co, gov.co
    "America/Caracas": "ve",
    "America/Panama": "pa",
    "Pacific/Auckland": "nz",
}
_BY_ENDING = {ending: zone for zone, endings in _ZONES.items() for ending in endings.split()}


def zone_of_host(host: str) -> str | None:
    """The zone of the country under whose name a host stands, or None.

    >>> zone_of_host("www.olke.example.az")
    'Asia/Baku'
    """
    labels = host.lower().rsplit(".", 2)
    ending = labels[-1]
    if ending == "co" and len(labels) > 1 and labels[-2] in {"com", "gov", "org", "edu"}:
        ending = "co-"
    return _BY_ENDING.get(ending)
