"""Absences: a look that finds nothing is evidence, and what is told of it needs a control page.

An absence is told as gone when looks over days have found nothing while the same host showed
another article, the control page, in the same runs; a look without one counts for nothing.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlite_utils import Database

from archive.absence import added_weight
from archive.catalogue.calls import look_sooner
from archive.catalogue.change_log import ChangeLog, Occasion
from archive.catalogue.hosts import netloc_of
from archive.catalogue.look import Look
from archive.catalogue.rows import ChangeKind
from archive.catalogue.sightings import SightingTable, sight_in
from archive.ledger import LedgerState
from archive.moments import moment_of

_CONTROLS_LOOKED_AT = 20  # newest articles of a source among which one of the same host is sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An article as a look meets it, and the state that it was in."""

    article_id: int
    canonical_url: str
    state: str
    missing_since: str | None

    @property
    def host(self) -> str:
        """The host that answers for it, with its port."""
        return netloc_of(self.canonical_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """An absence whose last look no control page has answered for yet."""

    article_id: int
    source_id: int
    host: str
    last_at: str


class AbsenceTable:
    """The absences within the writer's transaction.

    Beside the table stands only a copy of some of its rows: those that wait for a control page.
    """

    def __init__(self, db: Database, rows: SightingTable, changes: ChangeLog) -> None:
        self._db = db
        self._rows = rows
        self._changes = changes
        self._waiting = {
            id_: _Waiting(
                article_id=article, source_id=source, host=netloc_of(url), last_at=last_at
            )
            for id_, article, source, url, last_at in db.execute(_WAITING)
        }

    def found(self, look: Look, article_id: int) -> None:
        """A look has found an article that was known before."""
        for state, id_ in self._rows.open_states(article_id).items():
            if state != "hidden":
                self._end(look, id_)

    def control(self, look: Look, article_id: int) -> None:
        """An article was found: it speaks for looks of the same run that found another one gone."""
        if not self._waiting:
            return
        host = netloc_of(look.reading.url)
        for id_, each in list(self._waiting.items()):
            if each.last_at < look.run_started_at:
                del self._waiting[id_]
            elif (each.source_id, each.host) == (look.source_id, host) and (
                each.article_id != article_id
            ):
                self._weigh(look, id_, look.capture_id)

    def absent(self, look: Look, place: Place) -> None:
        """A look has found nothing there: the first is evidence, later ones may confirm it."""
        states = self._rows.open_states(place.article_id)
        for state in ("blocked", "failed"):
            if state in states:
                self._end(look, states[state])
        if place.state == "live":
            self._begin_absence(look, place)
        elif place.state == "gone":
            self._see_again(look, place, states.get("gone"), "gone")
        else:
            id_ = self._see_again(look, place, states.get("missing"), "missing")
            control_id = self._control_before(look, place)
            if control_id is not None:
                self._weigh(look, id_, control_id)
            else:
                self._waiting[id_] = _Waiting(
                    article_id=place.article_id,
                    source_id=look.source_id,
                    host=place.host,
                    last_at=look.reading.at,
                )
                self._ask_for_control(look, place)

    def troubled(self, look: Look, article_id: int) -> None:
        """A look was blocked or failed, which says nothing of the article."""
        is_blocked = look.reading.state is LedgerState.BLOCKED
        state, other = ("blocked", "failed") if is_blocked else ("failed", "blocked")
        states = self._rows.open_states(article_id)
        if other in states:
            self._end(look, states[other])
        if state in states:
            self._rows.again(look, states[state])
        else:
            self._rows.begin(sight_in(look, article_id, state))

    def _begin_absence(self, look: Look, place: Place) -> None:
        self._rows.begin(sight_in(look, place.article_id, "missing"))
        self._db.execute(_MISS, {"id": place.article_id, "at": look.reading.at})
        detail = {"reason": look.reading.reason, "missing_since": look.reading.at}
        self._changes.tell(look.occasion, ChangeKind.MISSING, place.article_id, detail)

    def _see_again(self, look: Look, place: Place, id_: int | None, state: str) -> int:
        if id_ is None:  # the catalogue is older than this table
            sight = sight_in(look, place.article_id, state)
            return self._rows.begin(replace(sight, first_at=place.missing_since or sight.at))
        self._rows.again(look, id_)
        return id_

    def _weigh(self, look: Look, id_: int, control_id: int | None) -> None:
        self._waiting.pop(id_, None)
        article_id, first_at, last_at, weighed_at, weight_s, looks, reason, capture_id = (
            self._db.execute(_ABSENCE, {"id": id_}).fetchone()
        )
        added = added_weight(moment_of(last_at) - moment_of(weighed_at))
        weight = timedelta(seconds=weight_s) + added
        self._db.execute(
            _WEIGH,
            {
                "id": id_,
                "weight": round(weight.total_seconds()),
                "at": last_at,
                "control": control_id,
            },
        )
        if first_at >= look.run_started_at or weight < timedelta(seconds=look.gone_after_s):
            return
        self._end(look, id_)
        sight = sight_in(look, article_id, "gone")
        self._rows.begin(replace(sight, reason=reason, capture_id=capture_id))
        self._db.execute("UPDATE article SET state = 'gone' WHERE id = :id", {"id": article_id})
        (control,) = self._db.execute(
            "SELECT url FROM capture WHERE id = :id", {"id": control_id}
        ).fetchone()
        occasion = Occasion(
            source=look.reading.source,
            at=look.reading.at,
            run_id=look.run_id,
            capture_id=capture_id,
        )
        detail = {"reason": reason, "missing_since": first_at, "looks": looks, "control": control}
        self._changes.tell(occasion, ChangeKind.DISAPPEARED, article_id, detail)

    def _control_before(self, look: Look, place: Place) -> int | None:
        """The answer of another article of the same host in this run, or None."""
        rows = self._db.execute(
            _SEEN_SINCE,
            {
                "source": look.source_id,
                "since": look.run_started_at,
                "id": place.article_id,
                "limit": _CONTROLS_LOOKED_AT,
            },
        )
        return next((id_ for id_, url in rows if netloc_of(url) == place.host), None)

    def _ask_for_control(self, look: Look, place: Place) -> None:
        """Have one known article of the same host looked at in this run; one a run and source."""
        (asked_at,) = self._db.execute(
            "SELECT control_asked_at FROM source WHERE id = :id", {"id": look.source_id}
        ).fetchone()
        if (asked_at or "") >= look.run_started_at:
            return
        rows = self._db.execute(
            _CONTROLS,
            {
                "source": look.source_id,
                "id": place.article_id,
                "since": look.run_started_at,
                "limit": _CONTROLS_LOOKED_AT,
            },
        ).fetchall()
        found = next((id_ for id_, url in rows if netloc_of(url) == place.host), None)
        if found is not None:
            look_sooner(self._db, found, look.reading.at)
            known = {"source": look.source_id, "at": look.reading.at}
            self._db.execute(_NOTE_ASKED, known)

    def _end(self, look: Look, id_: int) -> None:
        self._waiting.pop(id_, None)
        self._rows.end(look, id_)


_WAITING = """
SELECT sighting.id, article_id, source_id, canonical_url, last_at
FROM sighting JOIN article ON article.id = article_id
WHERE ended_at IS NULL AND sighting.state = 'missing' AND last_at > weighed_at
"""

_MISS = "UPDATE article SET state = 'missing', missing_since = :at WHERE id = :id"

_ABSENCE = """
SELECT article_id, first_at, last_at, weighed_at, weight_s, looks, reason, capture_id
FROM sighting WHERE id = :id
"""

_WEIGH = """
UPDATE sighting SET weight_s = :weight, weighed_at = :at, control_id = :control WHERE id = :id
"""

_SEEN_SINCE = """
SELECT ledger.good_capture_id, canonical_url
FROM article JOIN ledger ON ledger.url = article.canonical_url
WHERE article.source_id = :source AND article.last_seen_at >= :since AND article.id <> :id
    AND article.state = 'live' AND ledger.good_capture_id IS NOT NULL
ORDER BY article.last_seen_at DESC, article.id DESC LIMIT :limit
"""

_CONTROLS = """
SELECT ledger.id, canonical_url
FROM article JOIN ledger ON ledger.url = article.canonical_url
WHERE article.source_id = :source AND article.last_seen_at < :since AND article.id <> :id
    AND article.state = 'live' AND ledger.state_at < :since
ORDER BY article.last_seen_at DESC, article.id DESC LIMIT :limit
"""

_NOTE_ASKED = "UPDATE source SET control_asked_at = :at WHERE id = :source"
