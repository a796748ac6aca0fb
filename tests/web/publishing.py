"""Further articles for a made-up site, as many as a test wants, in the form of one that it has."""

from dataclasses import replace
from datetime import datetime

from archive.article import Precision
from tests.web.addresses import page_url
from tests.web.sentences import Writer
from tests.web.truth import BAKU, SiteContent, TrueArticle


def further_articles(site: SiteContent, count: int, *, at: datetime) -> tuple[TrueArticle, ...]:
    """So many articles more, published at that moment, the newest first.

    They have numbers of their own and show the photos of an article that is there.
    """
    model = next(each for each in site.on(1) if each.photos)
    highest = max(int(each.article_id) for day in site.days for each in day)
    return tuple(_further(site, model, highest + n, at) for n in range(count, 0, -1))


def _further(site: SiteContent, model: TrueArticle, number: int, at: datetime) -> TrueArticle:
    writer = Writer(number)
    title, moment = writer.headline(), at.astimezone(BAKU).replace(second=0, microsecond=0)
    slug = writer.slug_of(title)
    url = page_url(site.family, site.host, model.category, str(number), slug)
    printed = moment.date() if model.precision is Precision.DAY else moment
    return replace(
        model,
        article_id=str(number),
        url=url,
        addresses=(url,),
        slug=slug,
        headline=title,
        title=title,
        markers=(),
        update_no=None,
        published=moment,
        published_at=printed.isoformat(),
        changed_at=moment,
        paragraphs=tuple(writer.paragraph() for _ in range(4)),
        attribution=(),
    )
