"""Articles, versions, observations and photos: what one look at an address changes in them."""

import json
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from archive.article import Article, PageKind
from archive.catalogue.absences import AbsenceTable, Place
from archive.catalogue.change_log import ChangeLog
from archive.catalogue.contents import ContentTable
from archive.catalogue.corrections import CorrectionTables
from archive.catalogue.doubts import DoubtTables
from archive.catalogue.hidden import HiddenTable
from archive.catalogue.identities import IdentityTables
from archive.catalogue.look import Look
from archive.catalogue.offers import LedgerTable
from archive.catalogue.photos import PhotoTables
from archive.catalogue.rows import ChangeKind
from archive.catalogue.sightings import SightingTable
from archive.catalogue.stories import Joined, StoryTables
from archive.edits import Edit, EditKind
from archive.errors import IntegrityError
from archive.ledger import LedgerState
from archive.moments import moment_of
from archive.reading import PictureVerdict
from archive.versions import (
    changed_fields,
    folded_sha256,
    is_page_clock,
    text_sha256,
    version_sha256,
)

_NOT_SEEN = (LedgerState.GONE, LedgerState.BLOCKED, LedgerState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an article stands before the look at hand."""

    id: int
    canonical_url: str
    state: str
    first_seen_at: str
    last_changed_at: str
    missing_since: str | None
    versions: int
    last_version_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What leads to a version from the one before; nothing to the first."""

    changed: tuple[str, ...] = ()
    edit: Edit | None = None


class ArticleTables:
    """The tables of articles and what belongs to them, within the writer's transaction."""

    def __init__(
        self,
        db: Database,
        ledger: LedgerTable,
        changes: ChangeLog,
        identities: IdentityTables,
        hidden: HiddenTable,
    ) -> None:
        self._db = db
        self._ledger = ledger
        self._photos = PhotoTables(db, ledger, changes)
        self._stories = StoryTables(db)
        self._contents = ContentTable(db)
        self._changes = changes
        self._doubts = DoubtTables(db)
        self._identities = identities
        self._hidden = hidden
        self._absences = AbsenceTable(db, SightingTable(db), changes)
        self._corrections = CorrectionTables(db, self._photos, self._stories, changes)

    def apply(self, look: Look) -> tuple[int | None, Look]:
        """Apply one look; the article that the address leads to, or None, and the look as it turned
        out."""
        reading = look.reading
        if reading.reread is not None:
            self._corrections.apply(look)
        elif reading.article is not None and reading.article_key is not None:
            article_id = self._apply_article(look, reading.article, reading.article_key)
            return article_id, self._doubts.as_it_turned_out(look, article_id)
        if reading.photo is not None:
            self._photos.apply(look)
        elif reading.kind is PageKind.UNCHANGED and look.row.article_id is not None:
            self._apply_unchanged(look, look.row.article_id)
        elif reading.state in _NOT_SEEN and look.row.article_id is not None:
            self._apply_absence(look, look.row.article_id)
        return look.row.article_id, look

    def judge_picture(self, verdict: PictureVerdict) -> None:
        """Apply what a person says of two photos."""
        self._photos.judge(verdict)

    def standing_of(self, article_id: int) -> Standing:
        """Where an article stands now."""
        return _standing_from(
            self._db.execute(_STANDING + "WHERE id = :id", {"id": article_id}).fetchone()
        )

    # An article was read

    def _apply_article(self, look: Look, article: Article, key: str) -> int:
        found = self._db.execute(_STANDING + "WHERE key = :key", {"key": key}).fetchone()
        if found is None:
            standing = self._insert_article(look, article, key)
            self._add_version(look, standing, article, _Step())
        else:
            standing = self._going_on(_standing_from(found))
            self._follow_move(look, standing, article)
            self._compare(look, standing, article)
            self._see(look, standing)
        self._note_addresses(look, standing.id, article)
        if look.reading.url == article.canonical_url:
            self._identities.merge_led_here(look.occasion, standing.id)
        if found is not None:
            self._absences.found(look, standing.id)
            self._hidden.found(look, standing.id)
        self._absences.control(look, standing.id)
        return standing.id

    def _going_on(self, standing: Standing) -> Standing:
        into = self._identities.going_on(standing.id)
        return standing if into == standing.id else self.standing_of(into)

    def _insert_article(self, look: Look, article: Article, key: str) -> Standing:
        url, at = article.canonical_url, look.reading.at
        row = {"source": look.source_id, "key": key, "url": url, "at": at}
        cursor = self._db.execute(_INSERT_ARTICLE, row)
        return self.standing_of(cursor.lastrowid or 0)

    def _follow_move(self, look: Look, standing: Standing, article: Article) -> None:
        if article.canonical_url == standing.canonical_url:
            return
        known = self._db.execute(
            "SELECT 1 FROM address WHERE article_id = :id AND url = :url",
            {"id": standing.id, "url": article.canonical_url},
        ).fetchone()
        if known:
            return
        self._db.execute(
            "UPDATE article SET canonical_url = :url WHERE id = :id",
            {"url": article.canonical_url, "id": standing.id},
        )
        self._ledger.rest(standing.id, article.canonical_url)
        detail = {"from": standing.canonical_url, "to": article.canonical_url}
        self._changes.tell(look.occasion, ChangeKind.MOVED, standing.id, detail)

    def _compare(self, look: Look, standing: Standing, article: Article) -> None:
        last_id = _known(standing.last_version_id)
        (sha256,) = self._db.execute(
            "SELECT version_sha256 FROM version WHERE id = :id", {"id": last_id}
        ).fetchone()
        if sha256 == version_sha256(article):
            return self._observe(look, last_id)
        old = self._contents.article(last_id)
        changed = changed_fields(old, article)
        seen_at = moment_of(look.reading.at)
        if not changed or not look.is_whole or is_page_clock(changed, article, seen_at):
            return self._observe(look, last_id)
        if self._doubts.is_doubtful(look, last_id, old, article):
            return None  # what it saw is of no version, and of no correction
        if self._corrections.is_of_same_bytes(look, last_id):
            self._corrections.correct(look, last_id, article)
            return self._observe(look, last_id)
        is_closed = not look.reading.unclosed
        edit = self._doubts.edit_between(last_id, old, article, is_closed=is_closed)
        step = _Step(changed=changed, edit=edit)
        return self._add_version(look, standing, article, step)

    def _add_version(self, look: Look, standing: Standing, article: Article, step: "_Step") -> None:
        reading, text_digest = look.reading, text_sha256(article)
        is_completion = _kind_of(step) is ChangeKind.COMPLETED
        changed_at = standing.last_changed_at if is_completion else reading.at
        number = standing.versions + 1
        cursor = self._db.execute(
            _INSERT_VERSION,
            {
                "article": standing.id,
                "number": number,
                "sha256": version_sha256(article),
                "folded": folded_sha256(article),
                "text_sha256": text_digest,
                "changed": json.dumps(step.changed),
                "edit": _edit_json(step.edit),
                "capture": look.capture_id,
                "at": reading.at,
                "headline": article.headline,
                "title": article.title,
                "published": article.published.at if article.published else None,
                "extractor": reading.extractor,
            },
        )
        version_id = cursor.lastrowid or 0
        self._contents.add(version_id, standing.id, number, article)
        self._doubts.note_version(look, version_id)
        self._db.execute(
            "UPDATE article SET versions = :number, last_version_id = :version,"
            " last_changed_at = :at WHERE id = :id",
            {"number": number, "version": version_id, "at": changed_at, "id": standing.id},
        )
        self._observe(look, version_id)
        self._photos.show(look, version_id, article)
        detail: dict[str, Any] = {"version": number, "title": article.title}
        if step.edit is not None:
            self._note_kinds(version_id, step.edit)
            self._photos.look_again(look, version_id)
            detail |= {"fields": step.changed, "edit": step.edit}
        elif same := self._same_text(text_digest, standing.id):
            detail["same_text_as"] = same
        joined = self._joined(look, standing.id, article, step)
        if joined is not None:
            detail |= {"story": joined.story, "same_as": joined.others}
        self._changes.tell(look.occasion, _kind_of(step), standing.id, detail, version_id)
        if joined is not None:
            for story in joined.merged:
                told = {"story": joined.story, "same_as": (standing.id,)}
                self._changes.tell(look.occasion, ChangeKind.JOINED, story, told)

    def _joined(self, look: Look, article_id: int, article: Article, step: _Step) -> Joined | None:
        """The story that a new text belongs to; None where it stands alone or is not new."""
        if step.edit is None or "text" in step.changed:
            if step.edit is not None:
                self._leave(look, article_id)
            return self._stories.place(article_id, article, look.reading.at)
        self._stories.forget(article_id)
        return None

    def _leave(self, look: Look, article_id: int) -> None:
        story = self._stories.story_of(article_id)
        for left in self._stories.leave(article_id):
            detail: dict[str, Any] = {"left": story}
            if left.story is not None:
                detail["story"] = left.story
            for each in left.articles:
                self._changes.tell(look.occasion, ChangeKind.LEFT, each, detail)

    def _note_kinds(self, version_id: int, edit: Edit) -> None:
        for kind in edit.kinds:
            self._db.execute(
                "INSERT INTO version_edit (kind, version_id) VALUES (:kind, :version)",
                {"kind": kind, "version": version_id},
            )

    def _same_text(self, text_digest: str | None, article_id: int) -> int | None:
        """The first other article with the same text."""
        row = self._db.execute(
            "SELECT article_id FROM version WHERE text_sha256 = :sha256 AND article_id <> :id"
            " ORDER BY id LIMIT 1",
            {"sha256": text_digest, "id": article_id},
        ).fetchone()
        return row[0] if row else None

    def _observe(self, look: Look, version_id: int) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO observation (version_id, capture_id)"
            " VALUES (:version, :capture)",
            {"version": version_id, "capture": look.capture_id},
        )
        self._db.execute(
            "UPDATE version SET last_seen_at = :at, observations = observations + 1 WHERE id = :id",
            {"at": look.reading.at, "id": version_id},
        )

    def _see(self, look: Look, standing: Standing) -> None:
        if standing.state != "live":
            detail = {"missing_since": standing.missing_since}
            self._changes.tell(look.occasion, ChangeKind.RETURNED, standing.id, detail)
        self._db.execute(
            "UPDATE article SET state = 'live', missing_since = NULL, last_seen_at = :at"
            " WHERE id = :id",
            {"at": look.reading.at, "id": standing.id},
        )

    def _note_addresses(self, look: Look, article_id: int, article: Article) -> None:
        led = self._db.execute(_LED_HERE, {"url": look.reading.url}).fetchall()
        for url in dict.fromkeys(
            (look.reading.url, article.canonical_url, *(url for (url,) in led))
        ):
            self._note_address(article_id, url, look.reading.at)

    def redirected(self, look: Look) -> None:
        """An address leads on to another: where an article is known there, it is one of its own."""
        found = self._db.execute(_LEADS_TO, {"url": look.reading.moved_to}).fetchone()
        if found is not None:
            self._note_address(found[0], look.reading.url, look.reading.at)

    def _note_address(self, article_id: int, url: str, at: str) -> None:
        known = {"article": article_id, "url": url, "at": at}
        self._db.execute(_NOTE_ADDRESS, known)
        self._db.execute(_LEAD_HERE, known)

    # Nothing new, or nothing there

    def _apply_unchanged(self, look: Look, article_id: int) -> None:
        standing = self.standing_of(article_id)
        self._observe(look, _known(standing.last_version_id))
        self._see(look, standing)
        self._db.execute(
            "UPDATE address SET last_seen_at = :at WHERE article_id = :id AND url = :url",
            {"at": look.reading.at, "id": article_id, "url": look.reading.url},
        )
        self._absences.found(look, article_id)
        self._hidden.found(look, article_id)
        self._absences.control(look, article_id)

    def _apply_absence(self, look: Look, article_id: int) -> None:
        standing = self.standing_of(article_id)
        if look.reading.url != standing.canonical_url:
            return
        if look.reading.state is not LedgerState.GONE:
            self._absences.troubled(look, article_id)
            return
        place = Place(
            article_id=article_id,
            canonical_url=standing.canonical_url,
            state=standing.state,
            missing_since=standing.missing_since,
        )
        self._absences.absent(look, place)


def _kind_of(step: _Step) -> ChangeKind:
    if step.edit is None:
        return ChangeKind.APPEARED
    if EditKind.COMPLETED in step.edit.kinds:
        return ChangeKind.COMPLETED
    if EditKind.SHORTENED in step.edit.kinds:
        return ChangeKind.SHORTENED
    return ChangeKind.MARKED if step.changed == ("markers",) else ChangeKind.EDITED


def _edit_json(edit: Edit | None) -> str | None:
    return None if edit is None else orjson.dumps(edit).decode()


def _known(version_id: int | None) -> int:
    if version_id is None:
        raise IntegrityError("An article has no version. Run `salname rebuild`.")
    return version_id


def _standing_from(row: tuple[Any, ...]) -> Standing:
    return Standing(**dict(zip(Standing.__slots__, row, strict=True)))


_STANDING = """
SELECT id, canonical_url, state, first_seen_at, last_changed_at, missing_since, versions,
       last_version_id
FROM article """

_INSERT_ARTICLE = """
INSERT INTO article (source_id, key, canonical_url, state, first_seen_at, last_seen_at,
                     last_changed_at)
VALUES (:source, :key, :url, 'live', :at, :at, :at)
"""

_INSERT_VERSION = """
INSERT INTO version (article_id, number, version_sha256, folded_sha256, text_sha256, changed, edit,
                     first_capture_id, first_seen_at, last_seen_at, headline, title, published_at,
                     extractor)
VALUES (:article, :number, :sha256, :folded, :text_sha256, :changed, :edit, :capture, :at, :at,
        :headline, :title, :published, :extractor)
"""

# Addresses that redirect to this one, over any number of steps.
_LED_HERE = """
WITH RECURSIVE led (url) AS (
    SELECT url FROM ledger WHERE moved_to = :url
    UNION
    SELECT ledger.url FROM ledger JOIN led ON ledger.moved_to = led.url
)
SELECT url FROM led
"""

_LEADS_TO = """
WITH RECURSIVE led (url) AS (
    VALUES (:url) UNION SELECT moved_to FROM led NATURAL JOIN ledger WHERE moved_to IS NOT NULL
)
SELECT article_id FROM led NATURAL JOIN ledger
WHERE state = 'fetched' AND kind = 'page' AND article_id IS NOT NULL LIMIT 1
"""

_LEAD_HERE = "UPDATE ledger SET article_id = :article WHERE url = :url AND article_id IS NULL"

_NOTE_ADDRESS = """
INSERT INTO address (article_id, url, first_seen_at, last_seen_at) VALUES (:article, :url, :at, :at)
ON CONFLICT (article_id, url) DO UPDATE SET last_seen_at = excluded.last_seen_at
"""
