"""Times as the archive writes them: RFC 3339, UTC, microseconds, `Z`; they sort as text."""

from datetime import UTC, datetime


def now() -> datetime:
    """The moment by the machine's clock, aware."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """The moment as text, such as `2026-02-14T14:03:07.000123Z`.

    Source: RFC 3339 section 5.6; of fixed width, so that text order is time order.
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment_of(text: str) -> datetime:
    """The aware moment that `stamp` wrote."""
    return datetime.fromisoformat(text)
