"""Courses of activities: made, begun, agreed, put off, finished, with the history that `plan.actions` writes.

Like a thread's, a shape is made once and stamped on many activities, and an activity that is not yet at
its end is the same shape cut off.
"""

import random
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache

from dap.demo.volume.days import DAY
from dap.demo.volume.shapes import Clock
from dap.demo.volume.texts import to_json
from dap.plan.activity_types import ACTIVITY_TYPES
from dap.plan.enums import ActivityType, ApplicationStatus, ChangeKind, Status

SHAPES = 80
"""Shapes for each type, creator and weekday."""
NOT_AGREED = -1
REASONS = (
    "Ferdig som avtalt.",
    "Gjennomført, og det var nyttig.",
    "Fikk det til til slutt.",
    "Ble ikke noe av denne gangen.",
    "Passet ikke lenger, vi lager en ny.",
    "Avlyst av arrangøren.",
    "Fekk gjort det i går.",
    "Done, thank you.",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One act after the making, `at` minutes from midnight of the first day. It does exactly one thing."""

    at: int
    nav: bool
    status: Status | None = None
    reason: str = ""
    application: ApplicationStatus | None = None
    agree: bool = False
    later: int = 0
    """Days by which the end date is put off."""


@dataclass(frozen=True, slots=True)
class Change:
    """One version: the step, kind and changes as two columns. With `later` the changes are two end dates,
    days from the first day, that are still to be written."""

    step: int
    kind: str
    nav: bool
    later: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ActivityShape:
    """An activity but for who, when and which words; `days` from its first day to its end date or None."""

    type: ActivityType
    code: str
    nav: bool
    days: int | None
    starts: int
    steps: tuple[Step, ...]
    offsets: tuple[int, ...]
    changes: tuple[Change, ...]
    status: str
    version: str
    application: str
    reason: str
    agreed: int
    citizen_here: int
    _cut: dict[int, "ActivityShape"] = field(default_factory=dict, compare=False)

    def until(self, minutes: int) -> "ActivityShape":
        """The activity as it stands after so many minutes; made it must be."""
        if self.offsets[-1] < minutes:
            return self
        kept = bisect_left(self.offsets, minutes)
        if kept not in self._cut:
            self._cut[kept] = fold(
                self.type, self.offsets[0], self.nav, self.starts, self.days, self.steps[: kept - 1]
            )
        return self._cut[kept]


def fold(
    activity_type: ActivityType, made: int, nav: bool, starts: int, days: int | None, steps: tuple[Step, ...]
) -> ActivityShape:
    """What `plan.actions` makes of these steps. `days` is the end date at first, from the making's day."""
    minutes = activity_type is ActivityType.SAMTALEREFERAT
    status = Status.COMPLETED if minutes else Status.PLANNED
    application = str(ApplicationStatus.NOT_STARTED) if activity_type is ActivityType.STILLING else ""
    reason, agreed, end = "", NOT_AGREED, days
    changes = [Change(0, _told(ChangeKind.CREATED, {"status": [None, str(status)]}), nav)]
    for index, step in enumerate(steps, start=1):
        if step.status is not None:
            what: dict[str, object] = {"status": [str(status), str(step.status)]}
            if step.status.finished and step.reason:
                what["reason"] = [reason, step.reason]
                reason = step.reason
            status = step.status
            changes.append(Change(index, _told(ChangeKind.STATUS, what), step.nav))
        elif step.application is not None:
            what = {"application_status": [application, str(step.application)]}
            application = str(step.application)
            changes.append(Change(index, _told(ChangeKind.APPLICATION, what), step.nav))
        elif step.agree:
            agreed = index
            changes.append(Change(index, _told(ChangeKind.AGREED, {"agreed": [False, True]}), step.nav))
        else:
            assert end is not None
            kind = ChangeKind.DETAILS if agreed == NOT_AGREED else ChangeKind.AGREED_DATE
            changes.append(Change(index, str(kind), step.nav, (end, end + step.later)))
            end += step.later
    return ActivityShape(
        type=activity_type,
        code=activity_type.value,
        nav=nav,
        days=end,
        starts=starts,
        steps=steps,
        offsets=(made, *(step.at for step in steps)),
        changes=tuple(changes),
        status=str(status),
        version=str(len(changes)),
        application=application,
        reason=reason,
        agreed=agreed,
        citizen_here=max((c.step for c in changes if not c.nav), default=-1),
    )


def _told(kind: ChangeKind, what: dict[str, object]) -> str:
    return f"{kind.value}\t{to_json(what)}"


@dataclass(frozen=True)
class _Habit:
    """How activities of a type go: chances, and days. `ends` is the chance of an end date."""

    days: tuple[int, int]
    ends: float = 1.0
    agreed: float = 0.3
    begun: float = 0.7
    finished: float = 0.85
    aborted: float = 0.12
    put_off: float = 0.08
    reason: float = 0.4


_HABITS = {
    ActivityType.STILLING: _Habit((4, 24), ends=0.6, agreed=0.0, put_off=0.02),
    ActivityType.EGEN: _Habit((7, 45), agreed=0.3, begun=0.6, finished=0.95),
    ActivityType.BEHANDLING: _Habit((30, 180), begun=0.65, finished=0.95, aborted=0.06, put_off=0.1),
    ActivityType.IJOBB: _Habit((30, 300), ends=0.4, agreed=0.1, begun=0.8, finished=0.75, aborted=0.1),
    ActivityType.SOKEAVTALE: _Habit((60, 120), agreed=0.7, begun=0.4, finished=0.96, aborted=0.08),
    ActivityType.SAMTALEREFERAT: _Habit((0, 0), ends=0.0),
}


def course(rng: random.Random, weekday: int, activity_type: ActivityType, *, nav: bool) -> ActivityShape:
    """One activity from its making to its end, which for some never comes."""
    clock, habit = Clock(rng, weekday), _HABITS[activity_type]
    made = clock.first(nav=nav)
    if activity_type is ActivityType.SAMTALEREFERAT:
        return fold(activity_type, made, True, 0, None, ())
    starts = 0 if rng.random() < 0.6 else rng.randint(1, 10)
    days = starts + rng.randint(*habit.days) if rng.random() < habit.ends else None
    return fold(
        activity_type, made, nav, starts, days, _steps(rng, clock, activity_type, made, nav, starts, days)
    )


def _steps(
    rng: random.Random,
    clock: Clock,
    activity_type: ActivityType,
    made: int,
    nav: bool,
    starts: int,
    days: int | None,
) -> tuple[Step, ...]:
    habit = _HABITS[activity_type]
    if activity_type is ActivityType.STILLING:
        return _application(rng, clock, made)
    steps: list[Step] = []
    at = made
    agreed = rng.random() < habit.agreed
    if agreed:
        at = at + rng.randint(1, 9) if nav else clock.fit(at + rng.randint(200, 4000), nav=True)
        at = clock.fit(at, nav=True)
        steps.append(Step(at, True, agree=True))
    by_nav = rng.random() < (0.3 if nav else 0.05)
    if rng.random() < habit.begun:
        at = max(clock.fit(starts * DAY + rng.randint(0, 5 * DAY), nav=by_nav), at + 2)
        steps.append(Step(at, by_nav, status=Status.IN_PROGRESS))
    end = rng.randint(*habit.days) + starts if days is None else days
    if days is not None and rng.random() < habit.put_off:
        at = max(clock.fit((days - rng.randint(0, 4)) * DAY, nav=agreed or nav), at + 2)
        later = rng.choice((7, 14, 30, 60))
        steps.append(Step(at, agreed or nav, later=later))
        end += later
    if rng.random() < habit.finished:
        to = Status.ABORTED if rng.random() < habit.aborted / habit.finished else Status.COMPLETED
        reason = rng.choice(REASONS) if agreed or rng.random() < habit.reason else ""
        around = (
            (end * 0.6 + rng.expovariate(1 / 12)) * DAY
            if to is Status.ABORTED
            else (end + rng.randint(-3, 5)) * DAY
        )
        at = max(clock.fit(max(int(around), 0), nav=by_nav), at + 2)
        steps.append(Step(at, by_nav, status=to, reason=reason))
    return tuple(steps)


def _application(rng: random.Random, clock: Clock, made: int) -> tuple[Step, ...]:
    """A job applied for, as `demo.applications` tells it: sent, answered or not, tidied away."""

    def later(at: int, low: int, high: int) -> int:
        return max(clock.fit(at + rng.randint(low, high), nav=False), at + 2)

    if rng.random() < 0.25:
        tidied = later(made, 5 * DAY, 30 * DAY)
        return (Step(tidied, False, status=Status.ABORTED),) if rng.random() < 0.9 else ()
    sent = later(made, 3, 110 * 60)
    steps = [Step(sent, False, application=ApplicationStatus.SENT)]
    if rng.random() < 0.3:
        steps.append(Step(sent + 1, False, status=Status.IN_PROGRESS))
    answer = later(sent, 6 * DAY, 32 * DAY)
    fate = rng.random()
    if fate < 0.35:
        steps.append(Step(answer, False, application=ApplicationStatus.REJECTED))
    elif fate < 0.45:
        steps.append(Step(answer, False, application=ApplicationStatus.INTERVIEW))
        answer = later(answer, 5 * DAY, 14 * DAY)
        won = rng.random() < 0.3
        steps.append(
            Step(answer, False, application=ApplicationStatus.OFFER if won else ApplicationStatus.REJECTED)
        )
    if rng.random() < 0.93:
        steps.append(Step(answer + 2, False, status=Status.COMPLETED))
    return tuple(steps)


@lru_cache(maxsize=1)
def activity_shapes() -> dict[tuple[ActivityType, bool, int], list[ActivityShape]]:
    """The shapes by type, whether Nav makes it and weekday, made once in a process, for every seed alike."""
    rng = random.Random("activities")  # noqa: S311 - invented people, not secrets
    return {
        (activity_type, nav, weekday): [
            course(rng, weekday, activity_type, nav=nav) for _ in range(_many(activity_type))
        ]
        for activity_type in ACTIVITY_TYPES
        for nav in (True, False)
        for weekday in range(5 if nav else 7)
    }


def _many(activity_type: ActivityType) -> int:
    return 10 if activity_type is ActivityType.SAMTALEREFERAT else SHAPES
