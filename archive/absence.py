"""How much a look that found nothing speaks for an article being gone: a pure rule of times."""

from datetime import timedelta

_MOST_A_LOOK = timedelta(days=1)  # one look after a month is one look


def added_weight(since_last: timedelta) -> timedelta:
    """What one more look that found nothing adds, where the same host showed a control page.

    The time since the last look that counted, a day at most: ten looks within an hour are an hour's
    worth, and one look after a month is not a month's.

    >>> added_weight(timedelta(hours=6)), added_weight(timedelta(days=30))
    (datetime.timedelta(seconds=21600), datetime.timedelta(days=1))
    """
    return min(since_last, _MOST_A_LOOK)
