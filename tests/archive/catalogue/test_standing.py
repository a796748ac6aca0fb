"""How the rules of a source stand, by the newest of its runs that had articles."""

from pathlib import Path

from archive.catalogue.reader import CatalogueReader
from archive.catalogue.standing import RunStanding, SourceStanding, standing_of
from archive.folder import Holder
from archive.moments import stamp
from archive.reading import RunEnd
from tests.archive.histories import DAY_ONE, SOURCE, Visitor, article, new_archive

Counts = dict[str, dict[str, int]]


def standing_after(folder: Path, *runs: Counts | None) -> SourceStanding:
    """The source after runs that counted this; a run of None had no article."""
    visitor = Visitor(new_archive(folder))
    for found_by in runs:
        visitor.start_run()
        visitor.see(article())
        counts = {"articles": 0 if found_by is None else 5, "found_by": found_by or {}}
        visitor.store.note(
            RunEnd(
                run=visitor.run,
                finished_at=stamp(DAY_ONE),
                outcome="success",
                summary={"sources": {SOURCE: counts}},
            )
        )
    visitor.store.commit()
    with CatalogueReader.open(visitor.folder.catalogue_path) as reader:
        return standing_of(reader.db).sources[0]


def test_a_rule_that_stopped_matching_is_told_with_its_field_and_counts(tmp_path: Path) -> None:
    answered: Counts = {"text": {"rule": 5}, "authors": {"nothing": 5}}
    stopped: Counts = {"text": {"rule": 3, "blocks": 2}, "headline": {"rule": 5}}

    assert standing_after(tmp_path / "a", stopped, answered).unruled is None
    assert standing_after(tmp_path / "b", answered, stopped, None).found_by == stopped
    assert standing_after(tmp_path / "c", answered, stopped).unruled == (
        "in the last run with articles: text by rule on 3 of 5"
    )


def test_a_source_without_a_counted_run_tells_nothing_of_its_rules(tmp_path: Path) -> None:
    assert standing_after(tmp_path, None).unruled is None


def test_a_run_without_an_end_goes_on_only_while_who_began_it_writes() -> None:
    began, before, after = (f"2026-02-14T10:00:0{second}.000000Z" for second in (1, 0, 2))
    run = RunStanding(name="r1", started_at=began, finished_at=None, outcome=None)
    ended = RunStanding(name="r1", started_at=began, finished_at=after, outcome="success")
    its_own = Holder(process=1, host="here", since=before, purpose="salname crawl")
    a_later = Holder(process=2, host="here", since=after, purpose="salname recover")

    assert run.goes_on_under(its_own)
    assert not run.goes_on_under(a_later)
    assert not run.goes_on_under(None)
    assert not ended.goes_on_under(its_own)
