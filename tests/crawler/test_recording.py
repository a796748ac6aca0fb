"""What three crawls left in the segments, read by warcio, which is not ours."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from warcio import cli
from warcio.archiveiterator import ArchiveIterator

from archive.spool import segment_files
from tests.crawler.conftest import Days

ANSWERS = {"response", "revisit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One record as warcio reads it: `start` and `http` are an HTTP message's line and headers,
    `content` what follows them; names of headers in lower case."""

    kind: str
    offset: int
    length: int
    headers: dict[str, str]
    start: str
    http: dict[str, str]
    content: bytes

    @property
    def url(self) -> str | None:
        return self.headers.get("warc-target-uri")

    @property
    def status(self) -> str:
        return self.start.split(" ")[0]


@pytest.fixture(scope="module")
def segment(days: Days) -> Path:
    (path,) = segment_files(days.third.archive.folder.segments_path)
    return path


@pytest.fixture(scope="module")
def records(segment: Path) -> list[Seen]:
    found = []
    with segment.open("rb") as file:
        walk = ArchiveIterator(file, check_digests="raise")
        for each in walk:
            content = each.raw_stream.read()
            found.append(
                Seen(
                    kind=each.rec_type,
                    offset=walk.get_record_offset(),
                    length=walk.get_record_length(),
                    headers=named(each.rec_headers.headers),
                    start=each.http_headers.statusline if each.http_headers else "",
                    http=named(each.http_headers.headers) if each.http_headers else {},
                    content=content,
                )
            )
    return found


def named(headers: list[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def reading_in(record: Seen) -> dict[str, Any]:
    entry: dict[str, Any] = orjson.loads(record.content)
    return entry


def test_warcio_finds_every_digest_right(
    segment: Path, records: list[Seen], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(["check", "--verbose", str(segment)])

    assert stop.value.code == 0
    said = capsys.readouterr().out
    assert said.count("digest pass") == sum(each.kind != "revisit" for each in records)
    assert "no digest" not in said


def test_every_record_is_a_gzip_member_of_its_own(segment: Path, records: list[Seen]) -> None:
    whole = segment.read_bytes()

    assert {whole[each.offset : each.offset + 3] for each in records} == {b"\x1f\x8b\x08"}
    assert sum(each.length for each in records) == len(whole)


def test_a_segment_says_first_who_wrote_it(records: list[Seen]) -> None:
    about = records[0].content.decode()

    assert [each.kind for each in records].count("warcinfo") == 1
    assert records[0].kind == "warcinfo"
    assert "software: salname/" in about
    assert "operator: sinaq@salname.example" in about


def test_every_answer_is_followed_by_its_question_and_by_what_was_made_of_it(
    records: list[Seen],
) -> None:
    records = [each for each in records if each.kind != "conversion"]
    answers = [at for at, each in enumerate(records) if each.kind in ANSWERS]
    groups = [
        (
            records[at].headers["warc-record-id"],
            *(
                (follower.kind, follower.headers["warc-concurrent-to"])
                for follower in records[at + 1 : at + 3]
            ),
        )
        for at in answers
    ]

    assert groups == [(id_, ("request", id_), ("metadata", id_)) for id_, *_ in groups]
    assert sum(each.kind == "request" for each in records) == len(answers)


def test_the_text_of_each_new_article_lies_beside_its_answer(
    days: Days, records: list[Seen]
) -> None:
    article = days.truth.article("olke.example", 84131, 1)
    texts = {each.headers["warc-refers-to"]: each for each in records if each.kind == "conversion"}
    found = {
        reading["url"]: (texts.get(each.headers["warc-concurrent-to"]), reading["article"])
        for each in records
        if each.kind == "metadata"
        and (reading := reading_in(each)).get("article")
        and "warc-concurrent-to" in each.headers
    }

    text, read = found[article.url]
    assert text is not None
    assert text.content.decode() == f"{read['headline']}\n\n{read['text']}\n"
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.url == article.url
    responses = {each.headers["warc-record-id"] for each in records if each.kind == "response"}
    assert set(texts) < responses


def test_everything_that_the_web_was_asked_for_is_recorded(days: Days, records: list[Seen]) -> None:
    asked = Counter(
        each.url for crawl in (days.first, days.second, days.third) for each in crawl.log
    )

    assert Counter(each.url for each in records if each.kind in ANSWERS) == asked


def test_a_304_is_a_revisit_that_says_of_which_record(records: list[Seen]) -> None:
    not_modified = [each for each in records if each.status == "304"]
    responses = {
        each.headers["warc-record-id"]: each for each in records if each.kind == "response"
    }

    assert len(not_modified) > 20
    for each in not_modified:
        held = responses[each.headers["warc-refers-to"]]
        assert each.kind == "revisit"
        assert each.headers["warc-profile"].endswith("/revisit/server-not-modified")
        assert each.headers["warc-refers-to-target-uri"] == held.url == each.url
        assert each.headers["warc-refers-to-date"] == held.headers["warc-date"]
        assert each.headers["warc-payload-digest"] == held.headers["warc-payload-digest"]


def test_the_same_payload_again_is_a_revisit_without_its_bytes(records: list[Seen]) -> None:
    same = [each for each in records if each.kind == "revisit" and each.status == "200"]

    assert {each.headers["warc-profile"].rpartition("/")[2] for each in same} == {
        "identical-payload-digest"
    }
    assert {each.content for each in same} == {b""}
    digests = Counter(
        each.headers["warc-payload-digest"] for each in records if each.kind == "response"
    )
    assert max(digests.values()) == 1


def test_a_question_is_recorded_as_it_was_sent(days: Days, records: list[Seen]) -> None:
    (asked,) = [each for each in days.first.log if each.url == "http://agentlik.example/rss"]
    first, *_ = [each for each in records if each.kind == "request" and each.url == asked.url]

    assert first.start == "/rss HTTP/1.1"
    assert first.http == {
        name: value for name, value in asked.request.headers.items() if name != "connection"
    }


def test_what_was_made_of_a_page_lies_beside_it_with_the_extractors_version(
    days: Days, records: list[Seen]
) -> None:
    article = days.truth.article("olke.example", 84131, 1)
    readings = [reading_in(each) for each in records if each.kind == "metadata"]

    (first, *_) = [each for each in readings if each.get("url") == article.url]

    assert first["salname"] == 1
    assert first["kind"] == "article"
    assert first["extractor"].startswith("salname/")
    assert first["article"]["headline"] == article.headline


def test_the_log_of_runs_begins_and_ends_each_crawl(records: list[Seen]) -> None:
    entries = [reading_in(each)["entry"] for each in records if each.kind == "metadata"]

    assert [each for each in entries if each != "reading"] == ["run-start", "run-end"] * 3
    assert (entries[0], entries[-1]) == ("run-start", "run-end")
