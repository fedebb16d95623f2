"""Courses in time that threads and activities are stamped from: working hours, waking hours, answers.

A shape's steps stand in minutes from midnight of its first day, whose weekday the shape knows, so that
what Nav does falls on working days and what citizens do in waking hours wherever it is placed.
"""

import math
import random

from dap.demo.volume.days import DAY

_NAV_HOURS = (8 * 60, 16 * 60)
_WAKING = (7 * 60, 23 * 60)


class Clock:
    """The hours of one course; `weekday` is its first day's (Monday 0)."""

    def __init__(self, rng: random.Random, weekday: int) -> None:
        self.rng = rng
        self.weekday = weekday

    def first(self, *, nav: bool) -> int:
        """When the course begins, on its first day."""
        low, high = _NAV_HOURS if nav else _WAKING
        return self.rng.randrange(low, high)

    def fit(self, at: int, *, nav: bool) -> int:
        """The moment itself or the next when this side is up and about."""
        low, high = _NAV_HOURS if nav else _WAKING
        day, minute = divmod(at, DAY)
        if low <= minute < high and not (nav and self._free(day)):
            return at
        if minute >= high:
            day += 1
        while nav and self._free(day):
            day += 1
        # In the morning most catch up with what has come in.
        return day * DAY + low + int(min(self.rng.expovariate(1 / 90), high - low - 1))

    def _free(self, day: int) -> bool:
        return (self.weekday + day) % 7 > 4


def lognormal(rng: random.Random, median_hours: float, mean_hours: float) -> int:
    """Minutes, at least two, of a log-normal with this median and mean."""
    spread = math.sqrt(2 * math.log(mean_hours / median_hours))
    return max(2, int(60 * rng.lognormvariate(math.log(median_hours), spread)))
