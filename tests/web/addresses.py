"""How each made-up family builds the addresses of its pages and photos."""

from datetime import datetime
from hashlib import sha256

from tests.web.pictures import FORMATS

PAGE_PATHS = {
    "olke": "/az/{category}/{article_id}/{slug}/",
    "apa": "/{category}/{slug}-{article_id}",
    "axar": "/news/{category}/{article_id}.html",
    "gov_ih": "/az/news/{article_id}.html",
}
PHOTO_PATHS = {
    "olke": "/file/articles/{taken:%Y/%m/%d}/{unix}_{name}.{suffix}",
    "apa": "/storage/news/{taken:%Y}/{month}/{taken:%d}/big/{unique}{unix}.{suffix}",
    "axar": "/uploads/{taken:%Y/%m}/{name}.{suffix}",
    "gov_ih": "/uploads/news/{article_id}/{name}.{suffix}",
}
_ENGLISH_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def page_url(family: str, host: str, category: str, article_id: str, slug: str) -> str:
    """The address of an article on a site of that family."""
    path = PAGE_PATHS[family].format(category=category, article_id=article_id, slug=slug)
    return f"http://{host}{path}"


def photo_url(
    family: str, host: str, article_id: str, file: tuple[str, str], taken: datetime
) -> str:
    """The address of a photo's largest form; `file` is its name and its format."""
    name, format_name = file
    path = PHOTO_PATHS[family].format(
        article_id=article_id,
        name=name,
        suffix=FORMATS[format_name][1],
        taken=taken,
        unix=int(taken.timestamp()),
        month=_ENGLISH_MONTHS[taken.month - 1],
        unique=sha256(name.encode()).hexdigest()[:26],
    )
    return f"http://{host}{path}"
