"""What a crawl did, in numbers and sentences: for the person who called it, and for the archive."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.catalogue.pace import articles_since
from archive.catalogue.rows import ChangeKind
from archive.catalogue.work import count_due
from archive.moments import stamp
from archive.reading import RunEnd
from archive.replay import Recovery
from crawler.source import Expect
from crawler.spiders.source import Plan, Verdict
from crawler.tally import Count, SourceTally, new_versions_in

LEAST_ARTICLES = 20  # of a run, before shares of them say anything
_RATE_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a crawl did.

    outcome   `success`; `partial` where some sources failed or gave less than their files expect,
              or it was stopped; `failed` where all sources did
    sources   counts by source, with `failure` where it gave nothing to go by, and `short`: in
              what it gave less than its file expects, in words
    changes   how many changes of each kind were told
    recovery  what the start found after an unclean stop
    is_offline  several hosts were asked and none answered: this machine's network is down
    """

    run: str
    started_at: str
    finished_at: str
    outcome: str
    is_stopped: bool
    is_offline: bool = False
    sources: Mapping[str, Mapping[str, Any]]
    changes: Mapping[str, int]
    recovery: Recovery
    segments: tuple[str, ...]


def summary_of(
    run: str, started_at: datetime, plan: Plan, recovery: Recovery, verdict: Verdict
) -> Summary:
    """The summary of a run whose last look is committed."""
    versions = new_versions_in(plan.told)
    sources: dict[str, dict[str, Any]] = {}
    failed = short = 0
    for source in plan.sources:
        tally = plan.tally.sources[source.name]
        sources[source.name] = {
            **{count.value: tally.counts[count] for count in Count},
            "new_versions": versions.get(source.name, 0),
            "found_by": {name: dict(found) for name, found in tally.found_by.items()},
            "failure": tally.failure,
            "short": [
                *short_fields(source.expect, tally),
                *_short_rate(source.expect, source.name, plan),
            ],
            "spent": tally.spent,
            "left_over": count_due(plan.queue.db, source.name, stamp(plan.clock()))
            if tally.spent
            else 0,
        }
        failed += tally.failure is not None
        short += bool(sources[source.name]["short"])
    changes = {kind.value: 0 for kind in ChangeKind}
    for (_, kind), number in plan.told.items():
        changes[kind.value] += number
    is_failed = failed == len(sources) or plan.tally.is_offline
    outcome = "failed" if is_failed else "partial" if failed or short else "success"
    if verdict.is_stopped:
        outcome = "partial"
    return Summary(
        run=run,
        started_at=stamp(started_at),
        finished_at=stamp(plan.clock()),
        outcome=outcome,
        is_stopped=verdict.is_stopped,
        is_offline=plan.tally.is_offline,
        sources=sources,
        changes=changes,
        recovery=recovery,
        segments=plan.store.segments,
    )


def run_end(summary: Summary) -> RunEnd:
    """What the archive keeps of a run."""
    return RunEnd(
        run=summary.run,
        finished_at=summary.finished_at,
        outcome=summary.outcome,
        is_offline=summary.is_offline,
        walked=tuple(
            name
            for name, counts in summary.sources.items()
            if counts["failure"] is None and counts["spent"] is None and not summary.is_stopped
        ),
        summary={
            "sources": summary.sources,
            "changes": summary.changes,
            **({"offline": True} if summary.is_offline else {}),
        },
    )


def short_fields(expect: Expect, tally: SourceTally) -> Iterator[str]:
    """The fields that fewer articles of a run have than is expected, each in words."""
    wanted = {
        "headline": ("headline", expect.with_headline),
        "text": ("body", expect.with_body),
        "published": ("date", expect.with_date),
        "photos": ("photo", expect.with_photo),
    }
    for field, found in tally.found_by.items():
        word, least = wanted.get(field, ("", 0.0))
        articles = found.total()
        known = articles - found["nothing"]
        if articles >= LEAST_ARTICLES and known < least * articles:
            yield f"{known} of {articles} articles have a {word}, where {least:.0%} are expected"


def _short_rate(expect: Expect, name: str, plan: Plan) -> Iterator[str]:
    if not expect.articles_a_day:
        return
    since = stamp(plan.clock() - timedelta(days=_RATE_DAYS))
    articles = articles_since(plan.queue.db, name, since)
    if articles is not None and articles < expect.articles_a_day * _RATE_DAYS:
        yield (
            f"{articles / _RATE_DAYS:.1f} new articles a day in {_RATE_DAYS} days, where "
            f"{expect.articles_a_day:g} are expected"
        )
