"""Relative moments of the demo stories, resolved against now.

`-12d 09:15` and `+5d` count from now, `3d` and `2..30h` (without a sign) from what stands before:
the period's start, the activity, the message. `-40..-30d` is any moment between. What Nav does falls on
working days from 8 to 16, what a citizen does in waking hours, and nothing happens after now.
"""

import math
import random
import re
from datetime import date, datetime, time, timedelta

from dap.demo.phrases import is_working_day, working_day

_MOMENT = re.compile(r"([+-]?)(\d+)(?:\.\.([+-]?)(\d+))?([mhd])(?: (\d\d):(\d\d))?")
_UNITS = {"m": 1, "h": 60, "d": 1440}
MINUTE = timedelta(minutes=1)
# Hours between messages: median and spread of a log-normal. Nav's follow the published answer times
# (median 17 hours, mean 39: STATISTICS.md section 3, ch. 9); citizens answer rather sooner.
_NAV_ANSWERS, _CITIZEN_ANSWERS, _SPREAD = 17.0, 7.0, 1.25
_LONGEST_ANSWER = 9 * 24.0


class Times:
    """The moments of one person's story; `start` is the first day of the follow-up period."""

    def __init__(self, rng: random.Random, now: datetime, start: date) -> None:
        self.rng = rng
        self.now = now.replace(second=0, microsecond=0)
        self.earliest = datetime.combine(start, time(8, 10), tzinfo=now.tzinfo)
        self.latest = self.now - 2 * MINUTE

    def _draw(self, expression: str) -> tuple[bool, int, str, time | None]:
        """Whether it counts from now, the distance in minutes, its unit, and a given clock time."""
        match = _MOMENT.fullmatch(expression.strip())
        if not match:
            raise ValueError(f"«{expression}» is no relative moment")
        sign, low, high_sign, high, unit, hour, minute = match.groups()
        first = int(sign + low)
        last = int(high_sign + high) if high else first
        clock = time(int(hour), int(minute)) if hour else None
        factor = _UNITS[unit]
        distance = self.rng.randint(*sorted((first, last))) * factor
        if unit == "h":
            distance += self.rng.randint(-25, 25)
        return bool(sign), distance, unit, clock

    def day(self, expression: str, anchor: date) -> date:
        """A date from now (signed) or from the anchor."""
        signed, distance, _unit, _clock = self._draw(expression)
        return (self.now.date() if signed else anchor) + timedelta(minutes=distance)

    def moment(self, expression: str, anchor: datetime, *, nav: bool) -> datetime:
        """A moment from now (signed) or from the anchor; it may lie after now, see `past`."""
        signed, distance, unit, clock = self._draw(expression)
        at = (self.now if signed else anchor) + timedelta(minutes=distance)
        if unit == "d":
            at = datetime.combine(at.date(), clock or self._clock(nav), tzinfo=at.tzinfo)
            if signed:
                at = min(at, self.latest) if distance <= 0 else at
            elif at <= anchor:
                at = anchor + timedelta(minutes=self.rng.randint(4, 90))
        if at < self.earliest:
            # The period is shorter than the story thinks: any moment within it will do.
            at = self.earliest + (self.latest - self.earliest) * self.rng.random()
            at = at.replace(second=0, microsecond=0)
            return self.office(at, back=False) if nav else at
        at = self.office(at, back=signed and distance <= 0) if nav else at
        return self.office(self.earliest, back=False) if at < self.earliest else at

    def past(self, at: datetime) -> bool:
        """Whether the moment has come."""
        return at <= self.latest

    def gap(self, expression: str | None, *, nav: bool, answers: bool) -> timedelta:
        """The time from one message to the next, drawn where the story does not say."""
        if expression is not None:
            _signed, distance, unit, _clock = self._draw(expression)
            jitter = self.rng.randint(-300, 300) if unit == "d" else 0
            return timedelta(minutes=max(distance + jitter, 1))
        if not answers:
            return timedelta(minutes=self.rng.randint(2, 40))
        median = _NAV_ANSWERS if nav else _CITIZEN_ANSWERS
        hours = min(self.rng.lognormvariate(math.log(median), _SPREAD), _LONGEST_ANSWER)
        return timedelta(minutes=max(int(hours * 60), 6))

    def office(self, at: datetime, *, back: bool) -> datetime:
        """The moment itself if Nav works then, else another in the nearest working day after (or before)."""
        if is_working_day(at.date()) and 8 <= at.hour < 16:
            return at
        early = at.hour < 8
        day = at.date()
        if back and early:
            day -= timedelta(days=1)
        if not back and at.hour >= 16:
            day += timedelta(days=1)
        day = working_day(day, -1 if back else 1)
        return datetime.combine(day, self._clock(True), tzinfo=at.tzinfo)

    def awake(self, at: datetime) -> datetime:
        """The moment itself, or the evening before where it falls in the night."""
        if 7 <= at.hour < 23:
            return at
        day = at.date() - timedelta(days=1) if at.hour < 7 else at.date()
        return datetime.combine(
            day, time(self.rng.randint(19, 22), self.rng.randint(0, 59)), tzinfo=at.tzinfo
        )

    def _clock(self, nav: bool) -> time:
        if nav:
            return time(self.rng.randint(8, 15), self.rng.randint(0, 59))
        hour = self.rng.choices(range(7, 24), (2, 4, 6, 7, 7, 6, 6, 6, 5, 5, 5, 5, 6, 7, 7, 5, 2))[0]
        return time(hour, self.rng.randint(0, 59))
