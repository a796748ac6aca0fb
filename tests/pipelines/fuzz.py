"""Fuzzes the reading of pages: mutated pages of the made-up web in, an article or a reason out.

    python -m tests.pipelines.fuzz --minutes 2
    python -m tests.pipelines.fuzz --seed 7 --case 1234 --save page.html

Each case is made of its number alone (and `--seed`), so a finding can be made again. It is read with
the rules of its site and without. Prints the slowest cases, how many became what, and each
exception that is no `PageError`, with its case; the exit code is 1 where one was raised, or where a
page took more CPU time than the crawl allows.
"""

import logging
import random
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import count
from pathlib import Path

import click

from archive.article import PageKind, article_to_json
from archive.errors import PageError, PageTooCostly
from benchmarks.extract import Sample, made_up_pages
from crawler.deadline import MAX_CPU_S, CpuDeadline
from pipelines.extract import read_page

MOST_BYTES = 2_000_000
_MOST_MUTATIONS = 6
_MANY = (2, 10, 100, 1_000, 10_000, 100_000)
_TOKENS = tuple(
    token.encode("utf-8", "surrogatepass")
    for token in (
        "<", ">", "</", "<!--", "-->", "<![CDATA[", "<script>", "</script>", "<p>", "</div>", "<table><tr><td>", "<li>", "<br>", "<h1>",
        "<title>", "<base href='//['>", "<svg><style>", "<template>", "<noscript>", "<plaintext>", "<iframe src='//[::1'>",
        "<img srcset='a 1x, b 2x,,' src=data:image/gif;base64,R0>", "<meta property=og:image content='//['>", "<time datetime='0000-99-99T'>",
        "<meta http-equiv=refresh content='0;url=//['>", "<link rel=canonical href='http://['>", "<meta charset=utf-7>", "<meta charset=utf-16>",
        '<script type="application/ld+json">', '{"@type":"NewsArticle","datePublished":"', '{"@graph":[', "]}", "&", "&#xD800;", "&#0;", "&#99999999999;",
        "&ampampamp", "\x00", "\x0b", "\ud800", "\udfff", "\ufeff", "\ufffe", "ə\u0307", "İ", "\u202e", "“ASAN xidmət”dən", "14 Fevral", "Bu gün, 18:28",
        "31.02.2023", "99:99", "****", "- FOTO - VİDEO", "YENİLƏNİB-99999999999999999999", "a" * 5_000, "ə" * 5_000, "Mətn " * 2_000, "1" * 5_000, "((((", "[[",
    )
)  # fmt: skip
_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "cp1254", "koi8-r", "utf-7")

Mutation = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a case: its cost, what it became, and the traceback of an exception."""

    case: int
    site: str
    cpu_s: float
    size_bytes: int
    became: str
    trouble: str | None = None


def read_case(seeds: Sequence[Sample], seed: int, case: int) -> Iterator[Outcome]:
    """A case read with the rules of its site, and without."""
    sample = make_case(seeds, seed, case)
    for each in (sample, replace(sample, site=None)):
        became, trouble = "article", None
        begun = time.process_time()
        try:
            with CpuDeadline():
                article = read_page(each.page, each.site)
            became = article.kind.value
            article_to_json(article)
            if article.kind is not PageKind.ARTICLE and not article.reason:
                trouble = f"a page of kind {became} without a reason"
        except PageTooCostly as error:
            # At a look at its tree, which is right, or at the deadline, which no page should reach.
            is_late = time.process_time() - begun > MAX_CPU_S / 2
            became, trouble = "given up", str(error) if is_late else None
        except PageError:
            became = "refused"
        except Exception:  # noqa: BLE001  # it is what we look for
            became, trouble = "exception", traceback.format_exc()
        yield Outcome(
            case=case,
            site=each.site.name if each.site else "no site",
            cpu_s=time.process_time() - begun,
            size_bytes=len(each.page.body),
            became=became,
            trouble=trouble,
        )


def make_case(seeds: Sequence[Sample], seed: int, case: int) -> Sample:
    """The page of a case: a page of the made-up web after one to six mutations."""
    chance = random.Random(f"{seed}/{case}")  # noqa: S311  # to be made again
    sample = chance.choice(seeds)
    body = sample.page.body
    for _ in range(chance.randint(1, _MOST_MUTATIONS)):
        mutate = chance.choice(_MUTATIONS)
        body = mutate(chance, body)[:MOST_BYTES] or b"<"
    return replace(sample, page=replace(sample.page, body=body))


def read_seeds() -> list[Sample]:
    """The articles of the made-up web, with their sources."""
    return list(made_up_pages())


def _place(chance: random.Random, body: bytes) -> tuple[int, int]:
    begin = chance.randrange(len(body))
    return begin, min(len(body), begin + chance.choice((1, 8, 64, 512, 4_096)))


def _change_bytes(chance: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.choice((1, 10, 1_000))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut_out(chance: random.Random, body: bytes) -> bytes:
    begin, end = _place(chance, body)
    return body[:begin] + body[end:]


def _cut_off(chance: random.Random, body: bytes) -> bytes:
    return body[: chance.randrange(1, len(body) + 1)]


def _repeat(chance: random.Random, body: bytes) -> bytes:
    begin, end = _place(chance, body)
    times = min(chance.choice(_MANY), MOST_BYTES // max(1, end - begin))
    return body[:end] + body[begin:end] * times + body[end:]


def _insert_token(chance: random.Random, body: bytes) -> bytes:
    begin, _ = _place(chance, body)
    token = chance.choice(_TOKENS)
    times = min(chance.choice(_MANY), MOST_BYTES // len(token))
    return body[:begin] + token * times + body[begin:]


def _insert_bytes(chance: random.Random, body: bytes) -> bytes:
    begin, _ = _place(chance, body)
    return body[:begin] + chance.randbytes(chance.choice(_MANY)) + body[begin:]


def _repeat_element(chance: random.Random, body: bytes) -> bytes:
    """A whole run of markup from one tag to another, many times."""
    begin = max(0, body.rfind(b"<", 0, chance.randrange(len(body)) + 1))
    end = body.find(b">", chance.randrange(begin, min(len(body), begin + 2_000))) + 1
    if end <= begin:
        return body
    times = min(chance.choice(_MANY), MOST_BYTES // (end - begin))
    return body[:begin] + body[begin:end] * times + body[end:]


def _nest(chance: random.Random, body: bytes) -> bytes:
    tag = chance.choice(
        (
            b"div",
            b"span",
            b"a href=/x",
            b"table",
            b"ul",
            b"blockquote",
            b"b",
            b"section",
            b"article",
        )
    )
    begin, _ = _place(chance, body)
    return body[:begin] + (b"<" + tag + b">") * chance.choice(_MANY) + body[begin:]  # fmt: skip


def _many_attributes(chance: random.Random, body: bytes) -> bytes:
    begin = body.find(b">", chance.randrange(len(body)))
    names = b" ".join(b"a%d=1" % number for number in range(chance.choice(_MANY)))
    return body[:begin] + b" " + names + body[begin:] if begin > 0 else body


def _many_classes(chance: random.Random, body: bytes) -> bytes:
    begin = body.find(b'class="', chance.randrange(len(body))) + 7
    names = b"article-body comment related " * (chance.choice(_MANY) // 10)
    return body[:begin] + names + body[begin:] if begin > 6 else body


def _in_other_letters(chance: random.Random, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode(chance.choice(_ENCODINGS), "replace")


def _without_tags_closed(chance: random.Random, body: bytes) -> bytes:
    return body.replace(chance.choice((b"</p>", b"</div>", b"</script>", b'"', b">")), b"")


_MUTATIONS: tuple[Mutation, ...] = (
    _change_bytes,
    _cut_out,
    _cut_off,
    _repeat,
    _repeat_element,
    _insert_token,
    _insert_token,
    _insert_bytes,
    _nest,
    _many_attributes,
    _many_classes,
    _in_other_letters,
    _without_tags_closed,
)


@click.command()
@click.option("--minutes", default=1.0, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--case", type=int, help="Read this case alone.")
@click.option("--save", type=click.Path(path_type=Path), help="Write the page of --case here.")
def main(minutes: float, seed: int, case: int | None, save: Path | None) -> None:
    """Read mutated pages until the time is over."""
    logging.disable(logging.CRITICAL)  # libraries tell of each page that they do not like
    seeds = read_seeds()
    if case is not None and save is not None:
        save.write_bytes(make_case(seeds, seed, case).page.body)
    outcomes: list[Outcome] = []
    until = time.monotonic() + 60 * minutes
    for number in count() if case is None else (case,):
        outcomes += read_case(seeds, seed, number)
        if time.monotonic() > until:
            break
    tell(outcomes)
    sys.exit(any(each.trouble for each in outcomes))


def tell(outcomes: Sequence[Outcome]) -> None:
    """What came of the cases, the slowest ones, and what must not be."""
    became = Counter(each.became for each in outcomes)
    click.echo(f"{len(outcomes)} readings: " + ", ".join(f"{n} {it}" for it, n in became.items()))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(f"peak memory {peak_mb:.0f} MB; slowest:")
    for each in nlargest(5, outcomes, key=lambda each: each.cpu_s):
        what = f"{each.size_bytes:,} bytes, {each.became}"
        click.echo(f"  case {each.case}, {each.site}: {each.cpu_s:.2f} s ({what})")
    for each in outcomes:
        if each.trouble:
            click.echo(f"\ncase {each.case}, {each.site}: {each.trouble}")


if __name__ == "__main__":
    main()
