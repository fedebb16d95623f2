"""Stamps shapes on people: the rows of their activities and threads, as text for COPY.

The hot loops of the generator are here: a row is one f-string, moments and days come from tables.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from dap.access.enums import Role
from dap.core.enums import Side
from dap.demo.volume import figures
from dap.demo.volume.activity_shapes import NOT_AGREED, ActivityShape, activity_shapes
from dap.demo.volume.days import DAY, MINUTES, WEEK, Calendar, working_day
from dap.demo.volume.draws import dashed
from dap.demo.volume.texts import COUNSELLOR, FIRST_NAME, OFFICE, Card, Language, Script
from dap.demo.volume.thread_shapes import ThreadShape, thread_shapes
from dap.plan.enums import ActivityType, ChangeKind

_NULL = "\\N"
_CITIZEN = f"{Side.CITIZEN.value}\t{_NULL}"
_SYSTEM = f"{Side.SYSTEM.value}\t{_NULL}"
_ARCHIVED = f"{ChangeKind.ARCHIVED.value}\t{{}}"
_SEEN_BY_OTHER = 0.6
"""Chance that the other party has looked at what changed last week. Chosen."""
_TRIES_ACTIVITY = figures.ABOUT_ACTIVITY * 3.4
"""Chance to look for an activity to write about; most often one made before the thread is found."""
_ACTIVITIES_EARLY, _THREADS_EARLY = 1.5, 1.25
"""Much is done soon after the start (STATISTICS ch. 12): the power of the share of the period."""


@dataclass(slots=True)
class Span:
    """A period of one person in which shapes are stamped. `limit` is the first minute that is too late."""

    person: str
    period: str
    first: int
    limit: int
    ended: str
    """When it ended, \\N while it is open."""
    nav: str
    """The columns by_side and by_counsellor_id of what Nav does."""
    counsellor: str
    names: tuple[str, str, str]
    """First name, counsellor's first name, office."""
    texts: Language
    days: int = 0
    """Whole days of the period: the last, on which it ends, may end too early."""
    last_here: int = -1
    """The last minute at which the citizen wrote, read or changed something."""
    made: list[tuple[int, str, ActivityType, str]] = field(default_factory=list)
    """Activities that nobody has written about yet: when made, id, type, title."""

    def __post_init__(self) -> None:
        self.days = self.limit // DAY - self.first


class Stamper:
    """Stamps the rows of one chunk. `first_id` is the id of the first row of each child table."""

    def __init__(self, calendar: Calendar, rng: random.Random, ids: Iterator[str], first_id: int) -> None:
        self.rng = rng
        self.calendar = calendar
        self.ids = ids
        self.threads: list[str] = []
        self.messages: list[str] = []
        self.events: list[str] = []
        self.activities: list[str] = []
        self.changes: list[str] = []
        self.seen: list[str] = []
        self._event, self._change, self._seen = first_id, first_id, first_id
        self._thread_shapes = thread_shapes()
        self._activity_shapes = activity_shapes()

    def _day(self, span: Span, nav: bool, early: float) -> int:
        """A day of the period, a working day for Nav."""
        day = span.first + int(self.rng.random() ** early * span.days)
        return working_day(day) if nav else day

    def activity(self, span: Span, activity_type: ActivityType) -> None:
        """One activity with its history."""
        chance = self.rng.random
        nav = chance() >= figures.BY_CITIZEN[activity_type]
        day = self._day(span, nav, _ACTIVITIES_EARLY)
        shapes = self._activity_shapes[activity_type, nav, day % 7]
        cards = span.texts.cards[activity_type]
        card = cards[int(chance() * len(cards))]
        self._put_activity(span, day, shapes[int(chance() * len(shapes))], card)

    def _put_activity(self, span: Span, day: int, shape: ActivityShape, card: Card) -> None:
        base = day * DAY
        shape = shape.until(span.limit - base)
        hours, dates = self.calendar.hours, self.calendar.dates
        at = [hours[m // 60] + MINUTES[m % 60] for m in [base + offset for offset in shape.offsets]]
        activity_id = next(self.ids)
        number = self._change
        for version, change in enumerate(shape.changes, start=1):
            by = span.nav if change.nav else _CITIZEN
            what = change.kind
            if change.later:
                before, after = change.later
                what = f'{what}\t{{"to_date": ["{dates[day + before]}", "{dates[day + after]}"]}}'
            self.changes.append(f"{number}\t{activity_id}\t{version}\t{at[change.step]}\t{what}\t{by}\n")
            number += 1
        version_now, changed_at = shape.version, at[-1]
        changed_by = span.nav if shape.changes[-1].nav else _CITIZEN
        if span.ended != _NULL:
            version_now, changed_at, changed_by = str(len(shape.changes) + 1), span.ended, _SYSTEM
            self.changes.append(
                f"{number}\t{activity_id}\t{version_now}\t{span.ended}\t{_ARCHIVED}\t{_SYSTEM}\n"
            )
            number += 1
        self._change = number
        to_date = _NULL if shape.days is None else dates[day + shape.days]
        agreed = _NULL if shape.agreed == NOT_AGREED else at[shape.agreed]
        self.activities.append(
            f"{activity_id}\t{span.person}\t{span.period}\t{shape.code}\t{shape.status}\t{version_now}\t"
            f"{card.title}\t{dates[day + shape.starts]}\t{to_date}\t{card.rest}\t{shape.application}\t"
            f"{agreed}\t{shape.reason}\t{at[0]}\t{changed_at}\t{changed_by}\t{span.ended}\t"
            f"{span.nav if shape.nav else _CITIZEN}\n"
        )
        if shape.citizen_here >= 0:
            span.last_here = max(span.last_here, base + shape.offsets[shape.citizen_here])
        span.made.append((base + shape.offsets[0], activity_id, shape.type, card.title))
        if span.ended == _NULL and base + shape.offsets[-1] >= self.calendar.end - WEEK:
            self._look(span, activity_id, version_now, shape.changes[-1].nav)

    def _look(self, span: Span, activity_id: str, version: str, by_nav: bool) -> None:
        """Who changed it last has seen it, and most often the other party too."""
        for nav in (by_nav, not by_nav):
            if nav is not by_nav and self.rng.random() >= _SEEN_BY_OTHER:
                continue
            role, who = (Role.COUNSELLOR, span.counsellor) if nav else (Role.CITIZEN, span.person)
            self.seen.append(f"{self._seen}\t{role.value}:{dashed(who)}\t{activity_id}\t{version}\n")
            self._seen += 1

    def thread(self, span: Span, group: str) -> None:
        """One thread with its messages and events."""
        chance = self.rng.random
        nav = chance() < figures.NAV_STARTS[group]
        day = self._day(span, nav, _THREADS_EARLY)
        shapes = self._thread_shapes.usual[group, nav, day % 7]
        shape = shapes[int(chance() * len(shapes))]
        about = None
        if span.made and chance() < _TRIES_ACTIVITY:
            about = self._about(span, day * DAY + shape.offsets[0])
        scripts = span.texts.free[nav]
        if about is not None:
            scripts = span.texts.about.get((nav, about[2]), scripts)
        self._put_thread(span, day, shape, scripts[int(chance() * len(scripts))], about)

    def long_thread(self, span: Span) -> None:
        """A thread of `figures.HEAVY_MESSAGES` messages, all of them in the past."""
        latest = span.limit // DAY - 64
        day = working_day(span.first + 3 + int(self.rng.random() * max(latest - span.first - 3, 1)))
        shapes = self._thread_shapes.long[day % 7]
        scripts = span.texts.free[True]
        self._put_thread(span, day, self.rng.choice(shapes), self.rng.choice(scripts), None)

    def _about(self, span: Span, at: int) -> tuple[int, str, ActivityType, str] | None:
        """An activity made before this moment that nobody has written about; it is taken."""
        index = int(self.rng.random() * len(span.made))
        if span.made[index][0] >= at:
            return None
        return span.made.pop(index)

    def _put_thread(
        self,
        span: Span,
        day: int,
        shape: ThreadShape,
        script: Script,
        about: tuple[int, str, ActivityType, str] | None,
    ) -> None:
        base = day * DAY
        shape = shape.until(span.limit - base)
        hours = self.calendar.hours
        at = [hours[m // 60] + MINUTES[m % 60] for m in [base + offset for offset in shape.offsets]]
        at.append(_NULL)  # a moment that is none has the number -1
        thread_id, ids, nav_by = next(self.ids), self.ids, span.nav
        add_message, add_event = self.messages.append, self.events.append
        named = script.named
        for step, number, nav, index in shape.messages:
            text = (script.nav if nav else script.citizen)[index]
            if named:
                text = _name(text, span)
            add_message(
                f"{next(ids)}\t{thread_id}\t{number}\t{at[step]}\t{text}\t{nav_by if nav else _CITIZEN}\n"
            )
        event = self._event
        for step, what, nav in shape.events:
            add_event(f"{event}\t{thread_id}\t{at[step]}\t{what}\t{nav_by if nav else _CITIZEN}\n")
            event += 1
        on_nav, on_citizen = at[shape.waits_on_nav], at[shape.waits_on_citizen]
        if span.ended != _NULL:
            on_nav = on_citizen = _NULL
            for kind in shape.closing:
                add_event(f"{event}\t{thread_id}\t{span.ended}\t{kind}\t{shape.count}\t{_SYSTEM}\n")
                event += 1
        self._event = event
        title = script.title if about is None else about[3]
        self.threads.append(
            f"{thread_id}\t{span.person}\t{span.period}\t{_NULL if about is None else about[1]}\t"
            f"{_name(title, span) if named else title}\t{at[0]}\t{at[shape.last]}\t{shape.count}\t"
            f"{on_nav}\t{on_citizen}\t{shape.read_numbers}\t{at[shape.citizen_unread]}\t"
            f"{at[shape.nav_unread]}\t{span.ended}\t{nav_by if shape.nav else _CITIZEN}\n"
        )
        if shape.citizen_here >= 0:
            span.last_here = max(span.last_here, base + shape.offsets[shape.citizen_here])


def _name(text: str, span: Span) -> str:
    """The text with names for its marks."""
    first, counsellor, office = span.names
    return text.replace(FIRST_NAME, first).replace(COUNSELLOR, counsellor).replace(OFFICE, office)
