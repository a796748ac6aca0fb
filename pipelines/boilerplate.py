"""Knows the lines that sites put under and into a body, and that no article is made of.

Counters, calls to subscribe, lists of other news, site signatures. A sentence is boilerplate only
as a whole; prose that merely mentions one of these words is not.
"""

import re
from functools import lru_cache

from pipelines.letters import folded

_LONGEST_CHARS = 300
_DOMAIN = r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:az|com|net|org|info|ru|tv|ws|media|news|biz|ge|tr|uz|kz|uk|us|eu|ua|by|ir|de|fr|me|io|example)/?"
DOMAIN = re.compile(rf"(?<![\w@.]){_DOMAIN}(?![\w@])", re.IGNORECASE)

_NEWS = r"xeber(?:ler)?i?"
_WHOLE = (
    rf"{_DOMAIN}",
    rf"(?:(?:diger|oxsar|elaqeli|son|butun|populyar|bolmenin|bu bolmeden|muellifin) ){{1,2}}(?:[\w-]+ ){{0,2}}(?:{_NEWS}|yazilari?|meqaleleri?)(?: top)?",
    r"(?:en|daha) (?:cox|son) (?:oxunan|baxilan|serh olunan)(?:lar)?(?: xeberler)?",
    r"(?:bunu da|bunlari da|hemcinin|eyni zamanda|elave) oxu(?:yun)?",
    r"xeber lenti|lent xeberleri|gundem|meqalede|anons|reklam|advertisement|advertorial",
    r"(?:bizimle )?elaqe(?: saxlayin)?|haqqimizda|sayt(?:in)? xeritesi|ana sehife(?:ye qayit)?|geri(?:ye)? qayit|yuxari qayit",
    r"(?:xeberi|meqaleni|yazini|sosial sebekelerde)? ?(?:paylas(?:in)?|beyen)|paylasim(?:lar)?|cap(?: et| versiyasi)?|pdf",
    r"rey (?:yaz|bildir|elave et)(?:in)?(?: / leave a review)?|leave a review|serh(?:ler)?(?: yaz(?:in)?)?|serh yoxdur",
    r"daha etrafli (?:video)?(?:sujetde|linkde|burada)|etrafli(?: oxu)?|davami|davamini oxu(?:yun)?|arxiv|axtar(?:is)?",
    r"abune ol(?:un)?|serhler\s?\(?\s?\d+\s?\)?|butun serhler|(?:xeberlere|kanala|sehifeye) (?:abune ol|qosul)(?:un)?|izleyin|beyenin",
    r"\d[\d .]{0,9} ?(?:defe )?(?:oxun\w*|bax\w{2,4}|izlen\w*|просмотр\w*|views?)|(?:oxun|bax|izlen)il?ib ?\d[\d .]{0,9}(?: defe)?",
    r"(?:bu )?(?:xeber|yazi|meqale|material)\w* \d[\d .]{0,9} ?(?:defe|nefer)(?: terefinden)? (?:oxun|bax|izlen)\w*",
    r"\d{1,2} ?(?:deq(?:iqe)?|min(?:ute)?s?|мин\w*)\.? ?(?:oxu\w*|read|чтения)(?: (?:vaxti|muddeti|time))?|(?:oxu\w* (?:vaxti|muddeti)|reading time|время чтения)\s?:? ?\d{1,2} ?(?:deq|min|мин)\w*\.?",
    r"(?:indi|hazirda|onlayn)\b.{0,20} \d[\d ]{0,8} ?(?:oxucu|istifadeci|nefer|qonaq)\w*(?: var(?:dir)?| oxuyur| baxir)?",
    r"(?:beli|xeyr|he|yox|bilmirem|да|нет|не знаю|yes|no|don'?t know)(?:,? [\w' ]{1,30})?\s?[:–—-]?\s?\(?\d{1,3}(?:[.,]\d+)? ?%.{0,24}",
    r"(?:beli|xeyr|he|yox|bilmirem)(?:,? [\w ]{1,30})?\s?[:–—-]?\s?\(?\d[\d ]{0,8} ses\b.{0,14}",
    r"(?:(?:cemi|umumi|всего|total)\b(?: ses\w*)?(?: sayi)?\s?:?\s?)?\d[\d ]{0,8} ?(?:ses|голос\w*|votes?)|ses ver(?:in|mek)?|neticeler(?:e|i)? ?(?:bax|goster)?(?:in)?",
    r"fotolar|fotoqalereya|qalereya|videolar|butun fotolar",
    r"(?:ingilis|rus|azerbaycan|turk|english|russian)(?: dilinde)? versiya(?:si)?",
    r"версия для печати|читайте также|новости по теме|лента новостей|поделиться|комментарии|добавить комментарий|все новости",
    r"read (?:more|also)|related (?:news|articles)|share(?: this)?|print|comments?|leave a comment|tags|follow us",
    r"(?:you may also|you might also|you may|you might) (?:like|be interested in)|more (?:stories|news|on this (?:topic|story))|related(?: (?:news|articles?|stories|posts|content|topics?|links?))?|don'?t miss|read next|recommended(?: for you)?|most (?:read|popular)|watch now|advert|article content|continue reading|story continues below(?: advertisement)?|listen to this article",
    r"(?:auch|das konnte sie auch|mehr) (?:interessant|interessieren)|mehr (?:zum thema|dazu|infos?)|(?:verwandte|weitere|ahnliche) (?:artikel|beitrage|themen|meldungen|nachrichten)|(?:auch|jetzt) lesen|weiterlesen|lesen sie auch|lies auch|anzeige|uber den autor|die meistgelesenen artikel|empfohlener redaktioneller inhalt|kunden kauften auch|kommentare|keine kommentare",
    r"(?:a )?lire aussi|(?:a )?voir aussi|sur le meme sujet|articles? (?:lies|similaires)|publicite|commentaires",
    r"(?:lea|lee|ver|mira) tambien|notas relacionadas|(?:noticias|articulos) relacionad[oa]s|le puede interesar|te puede interesar|para saber mas|publicidad|comentarios",
    r"leia (?:tambem|mais)|veja tambem|voce pode gostar|leggi anche|potrebbe interessarti|czytaj (?:tez|takze|wiecej)|zobacz (?:tez|takze)|lees ook|ilgili haberler|bunlar da ilginizi cekebilir",
    r"xs sm md lg|facebook|twitter|instagram|telegram|whatsapp|youtube|tiktok|loading",
)
_START = (
    r"(?:teqler|acar sozler|tags?|теги|kateqoriya(?:lar)?|bolme|baslig?lar)\s?:",
    r"(?:oxun\w*|bax\w*|izlen\w*|goster\w*|просмотр\w*|прочитано|views?|hits)(?: say\w*)?\s?[:\-]\s?\d",
    r"(?:meqalede|anons|manset|mundericat)\s?:",
    r"(?:tarix|дата)\s?:\s?\d.{4,60}\b(?:bolme|kateqoriya|bax\w+|oxun\w+|serh\w*|muellif|раздел|просмотр\w*|автор)\s?:",
    r"daha etrafli (?:video)?sujetde",
    r"(?:ingilis|rus) versiyasi ",
    r"bizi .{0,40}\b(?:izle|abune|besl)|bizim .{0,40}\b(?:kanal|sehife|qrup)\w* .{0,40}\b(?:abune|qosul|izle)",
    r"подписывайтесь|подпишитесь|следите за|мы в (?:telegram|facebook)|читайте (?:также|нас)|смотрите также",
    r"(?:read|see|watch|listen|also read|read also|see also|also on|related|more)(?: (?:more|also|next|on|here|this|about))?\s?: ",
    r"also on [\w-]+\.\w{2,3}\b|(?:don'?t miss|see more|read more) ?[:>»|-]",
    r"(?:lesen sie (?:auch|hier|dazu|mehr)|lies auch|auch lesen|weiterlesen|mehr zum thema|lesetipp|passend dazu)\s?:",
    r"(?:a lire|a lire aussi|lire aussi|a voir aussi|voir aussi)\s?[:>|]",
    r"(?:lea tambien|lee tambien|lea mas|puedes ver|mira tambien|ver tambien|te puede interesar|le puede interesar|lee ademas)\s?:",
    r"(?:leia tambem|leia mais|veja tambem|leggi anche|czytaj (?:tez|takze|wiecej)|zobacz (?:tez|takze)|lees ook)\b\s?:?",
    r"(?:sign up|register|subscribe) (?:for|to|here|now)\b|download (?:the|our) .{0,40}\bapps?\b|this slideshow requires javascript",
    r"follow .{2,60} on (?:twitter|facebook|instagram|x)\b|like this story\?|write to .{3,50}@",
    r"subscribe|follow us|you must enable javascript|please enable javascript|click here",
    r"(?:©|\(c\)|copyright|all rights reserved|butun huquqlar qorunur|все права защищены)",
)
_INSIDE = (
    r"material\w* istifade .{0,60}\b(?:istinad|link|zeruri|mutleq)",
    r"hiperlinkle? (?:istinad|olmali)|при использовании материалов",
    r"\b(?:whatsapp|telegram|teleqram|youtube|facebook|instagram|tiktok)\w* (?:kanal|sehife|qrup)\w*.{0,40}\b(?:abune|qosul|izleyin)",
    r"daha cox oxumaq ucun|abune (?:ol(?:un|araq)|ola bilersiniz)|daxil olun ve ya abune",
    r"(?:saytinda|saytimizda|sehifemizde|portalinda) .{0,60}\b(?:baxin|izleyin|oxuyun|tanis olun)",
    r"\b(?:tam metn|etrafli|davam|movzu ile bagli)\w* .{0,30}\b(?:buradan|bu linkd|linke? kecid)",
    r"javascript .{0,60}\b(?:enable|aktiv|browser)|enable javascript|sehv gordunuzse|ctrl ?\+ ?enter",
)
# One of these is in every line that `_INSIDE` finds, and in few others: spares the search.
_MAY_BE_INSIDE = (
    "material", "hiperlink", "использовании", "kanal", "sehife", "qrup", "oxumaq", "abune",
    "sayt", "portal", "buradan", "link", "javascript", "gordunuzse", "enter",
)  # fmt: skip
_WHOLE_LINE = re.compile(rf"(?:{'|'.join(_WHOLE)})[\s:.!>»\"…-]*$")
_STARTING = re.compile("|".join(_START))
_HOLDING = re.compile("|".join(_INSIDE))
_LONGEST_WHOLE_CHARS = 120
_MARKS_BEFORE = " \t-*•|>»#"


def is_boilerplate(sentence: str) -> bool:
    """Whether the line belongs to the site and not to the article.

    >>> is_boilerplate("Oxunuş sayı: 1171"), is_boilerplate("Kitabın oxunuş sayı artıb.")
    (True, False)
    """
    return len(sentence) <= _LONGEST_CHARS and is_boilerplate_key(folded(sentence))


@lru_cache(maxsize=2_048)
def is_boilerplate_key(key: str) -> bool:
    """The same of a line that is folded already."""
    if len(key) > _LONGEST_CHARS:
        return False
    key = key.lstrip(_MARKS_BEFORE)
    if len(key) <= _LONGEST_WHOLE_CHARS and _WHOLE_LINE.match(key):
        return True
    if _STARTING.match(key) is not None:
        return True
    return any(map(key.__contains__, _MAY_BE_INSIDE)) and _HOLDING.search(key) is not None
