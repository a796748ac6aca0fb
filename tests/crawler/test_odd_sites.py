"""Sites that do what few do: lists without an end, and a move to another host."""

from collections import Counter
from pathlib import Path

from tests.crawler.crawling import Archive, new_archive
from tests.web.loopback import LoopbackServer
from tests.web.sentences import Writer
from tests.web.wire import Answer, Request

HOST, NEW_HOST = "xeber.example", "yeni-xeber.example"
SHOWN = 5
SOURCE = """publisher: Xəbər
host: {host}
scheme: http
kind: news
language: az
pause_s: 0
articles: '^/xeber/(?P<id>\\d+)$'
rules:
  headline: h1
  date: time@datetime
  body: div.metn
discovery:
  - listing: /son
    next: /son?page={{page}}
"""


class OddSite(LoopbackServer):
    """A newspaper that shows its newest articles on its list, whichever page is asked for.

    newest  the number of its newest article
    host    where it is now; any other host leads there
    asked   how often each path was asked for
    """

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.newest, self.host = SHOWN, HOST
        self.asked: Counter[str] = Counter()

    def _answer(self, request: Request) -> Answer:
        path = request.path
        self.asked[path.partition("?")[0]] += 1
        if request.host != self.host:
            return Answer(status=301, headers=(("Location", f"http://{self.host}{path}"),))
        if path.startswith("/son"):
            newest = range(self.newest, self.newest - SHOWN, -1)
            links = (f'<a href="/xeber/{n}">{Writer(n).headline()}</a>' for n in newest)
            return Answer(body=f"<p>{'</p><p>'.join(links)}</p>".encode())
        if path.startswith("/xeber/"):
            return Answer(body=_page(int(path.rpartition("/")[2])).encode())
        return Answer(status=404)


def _page(number: int) -> str:
    writer = Writer(number)
    title, text = writer.headline(), "</p><p>".join(writer.paragraph() for _ in range(4))
    return (
        f'<html lang="az"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<h1>{title}</h1><time datetime="2026-05-01T10:00:00+04:00">1 may</time>'
        f'<div class="metn"><p>{text}</p></div></body></html>'
    )


def archive_of(folder: Path, site: OddSite) -> Archive:
    sources = folder / "sources"
    sources.mkdir()
    (sources / f"{HOST}.yaml").write_text(SOURCE.format(host=HOST), encoding="utf-8")
    return new_archive(folder / "archive", site.proxy_url, sources=sources, look_again_s=[3600])


def test_a_list_that_shows_its_first_page_for_any_number_is_not_walked_on(tmp_path: Path) -> None:
    with OddSite() as site:
        archive = archive_of(tmp_path, site)
        first = archive.crawl("--json")
        asked_first = site.asked["/son"]
        site.newest += 1
        second = archive.crawl("--json")

    assert (first.json["changes"]["appeared"], second.json["changes"]["appeared"]) == (SHOWN, 1)
    assert (asked_first, site.asked["/son"]) == (2, 4)  # its second page, to see that it is none


def test_a_site_that_moves_to_another_host_keeps_its_articles(tmp_path: Path) -> None:
    with OddSite() as site:
        archive = archive_of(tmp_path, site)
        archive.crawl("--json")
        site.host = NEW_HOST
        unsaid = archive.crawl("--json")
        text = SOURCE.format(host=NEW_HOST) + f"hosts: {HOST}\nknown_as: {HOST}\n"
        (archive.sources / f"{HOST}.yaml").write_text(text, encoding="utf-8")
        said = archive.crawl("--json")
        articles = archive.rows("SELECT key, canonical_url, state FROM article ORDER BY id")

    failure = unsaid.json["sources"][HOST]["failure"]
    assert failure == f"none of its lists could be read: redirects to {NEW_HOST}"
    assert unsaid.json["changes"]["missing"] == 0
    changes = said.json["changes"]
    assert (said.code, changes["appeared"], changes["moved"]) == (0, 0, SHOWN)
    assert articles == [
        (f"{HOST}#{n}", f"http://{NEW_HOST}/xeber/{n}", "live") for n in range(SHOWN, 0, -1)
    ]


def test_a_site_that_sends_all_to_its_www_host_is_followed_and_nothing_is_told_of_it(
    tmp_path: Path,
) -> None:
    with OddSite() as site:
        archive = archive_of(tmp_path, site)
        archive.set(look_again_s=[0])
        archive.crawl("--json")
        site.host, site.newest = f"www.{HOST}", SHOWN + 1
        moved = archive.crawl("--json")
        again = archive.crawl("--json")
        articles = archive.rows("SELECT key, canonical_url, state FROM article ORDER BY id")

    told = {name: number for name, number in moved.json["changes"].items() if number}
    assert (moved.code, told) == (0, {"appeared": 1})
    assert again.json["sources"][HOST]["unchanged"] >= SHOWN + 1
    assert not any(again.json["changes"].values())
    assert {state for _, _, state in articles} == {"live"}
    assert len(articles) == SHOWN + 1
