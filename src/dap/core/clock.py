"""The only source of time. Stored in UTC, shown in Europe/Oslo; tests set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")

_frozen: datetime | None = None


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _frozen or datetime.now(UTC)


def today() -> date:
    """The current day in Norway."""
    return now().astimezone(OSLO).date()


def local(moment: datetime) -> datetime:
    """The moment on a Norwegian clock."""
    return moment.astimezone(OSLO)


def day_of(moment: datetime) -> date:
    """The day of the moment in Norway."""
    return local(moment).date()


def start_of_day(day: date) -> datetime:
    """Midnight in Norway as the day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=OSLO)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Let the clock stand still at this moment (tests only; all threads see it)."""
    global _frozen
    before, _frozen = _frozen, moment
    try:
        yield
    finally:
        _frozen = before
