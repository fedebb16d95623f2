"""Days and minutes as whole numbers on Norwegian clocks, and tables that write them as COPY reads them.

Day 0 is a Monday seven years before the volume's day; a moment is `day * 1440 + minute` of the clock on
the wall. Nothing is placed between midnight and six but midnight itself, so the hour that a change of
clocks skips or repeats never matters.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from dap.core.clock import OSLO

DAY = 1440
WEEK = 7 * DAY
_YEARS_BEFORE, _DAYS_AFTER = 7, 500
MINUTES = tuple(f"{minute:02}:00+00" for minute in range(60))
"""The end of a written moment, by the minute of the hour."""


class Calendar:
    """The tables for one day; `today` is its number, `end` its first minute: nothing seeded is later."""

    def __init__(self, day: date) -> None:
        early = date(day.year - _YEARS_BEFORE, day.month, 1)
        self.first = early - timedelta(days=early.weekday())
        self.today = (day - self.first).days
        self.end = self.today * DAY
        count = self.today + _DAYS_AFTER
        self.dates = [(self.first + timedelta(days=number)).isoformat() for number in range(count)]
        """Every day as YYYY-MM-DD."""
        self.hours = [_hour(self.first, hour) for hour in range(self.today * 24)]
        """Every hour of a Norwegian clock as the beginning of a moment in UTC."""

    def at(self, minute: int) -> str:
        """A moment as COPY reads it."""
        return self.hours[minute // 60] + MINUTES[minute % 60]

    def number(self, day: date) -> int:
        """The number of a day."""
        return (day - self.first).days


@lru_cache(maxsize=4)
def calendar(day: date) -> Calendar:
    """The tables for a volume's day."""
    return Calendar(day)


def working_day(day: int) -> int:
    """The day itself, or the Friday before a Saturday or Sunday."""
    return day - max(0, day % 7 - 4)


def _hour(first: date, hour: int) -> str:
    day = first + timedelta(days=hour // 24)
    local = datetime(day.year, day.month, day.day, hour % 24, tzinfo=OSLO)
    return local.astimezone(UTC).strftime("%Y-%m-%d %H:")
