"""Courses of threads: who writes and reads when, and what the dialogue's own rules make of it.

A shape is made once and stamped on many threads. What waits on whom, what is unread and which events
are remembered comes from `dialogue.rules`, step by step as `dialogue.actions` would have done it. A thread
that is not yet at its end is the same shape cut off, so what waits and is unread today is natural.
"""

import random
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache

from dap.core.enums import Side
from dap.demo.volume import figures
from dap.demo.volume.days import DAY
from dap.demo.volume.shapes import Clock, lognormal
from dap.demo.volume.texts import LINES
from dap.dialogue import rules
from dap.dialogue.enums import EventKind
from dap.dialogue.rules import Waits

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_NONE = -1
SHAPES = 160
"""Shapes for each weekday and each side that begins."""


class Act(Enum):
    """What is done to a thread. HANDLED is a counsellor's mark that it waits for nobody any more."""

    MESSAGE = "message"
    QUESTION = "message that waits for an answer"
    READ = "read"
    HANDLED = "handled"


@dataclass(frozen=True, slots=True)
class Step:
    """One act, `at` minutes from midnight of the first day."""

    at: int
    act: Act
    nav: bool


@dataclass(frozen=True, slots=True)
class ThreadShape:
    """A thread but for who, when and which words. Moments are numbers of steps, -1 where there is none.

    `messages` holds (step, number, by Nav, which of the side's texts); `events` (step, kind and message
    number as two columns, by Nav); `closing` the kinds of event when the period ends.
    """

    steps: tuple[Step, ...]
    offsets: tuple[int, ...]
    messages: tuple[tuple[int, int, bool, int], ...]
    events: tuple[tuple[int, str, bool], ...]
    nav: bool
    last: int
    count: str
    waits_on_nav: int
    waits_on_citizen: int
    read_numbers: str
    citizen_unread: int
    nav_unread: int
    closing: tuple[str, ...]
    citizen_here: int
    _cut: dict[int, "ThreadShape"] = field(default_factory=dict, compare=False)

    def until(self, minutes: int) -> "ThreadShape":
        """The thread as it stands after so many minutes, when the first message at least was written."""
        if self.offsets[-1] < minutes:
            return self
        kept = bisect_left(self.offsets, minutes)
        if kept not in self._cut:
            self._cut[kept] = fold(self.steps[:kept])
        return self._cut[kept]


def fold(steps: tuple[Step, ...]) -> ThreadShape:
    """What the rules make of these steps, as `dialogue.actions` would have stored it."""
    waits = Waits()
    messages: list[tuple[int, int, bool, int]] = []
    events: list[tuple[int, str, bool]] = []
    read = {True: 0, False: 0}
    written = {True: 0, False: 0}

    def remember(index: int, kinds: list[EventKind], number: int, nav: bool) -> None:
        events.extend((index, f"{kind.value}\t{number}", nav) for kind in kinds)

    def reads(index: int, up_to: int, nav: bool) -> None:
        if read[nav] < up_to:
            read[nav] = up_to
            remember(index, [EventKind.READ_BY_NAV if nav else EventKind.READ_BY_CITIZEN], up_to, nav)

    for index, step in enumerate(steps):
        at, nav, count = _EPOCH + timedelta(minutes=index), step.nav, len(messages)
        if step.act in (Act.MESSAGE, Act.QUESTION):
            side = Side.NAV if nav else Side.CITIZEN
            asks = step.act is Act.QUESTION
            waits, kinds = rules.after_message(waits, side, at, opening=count == 0, asks_citizen=asks)
            reads(index, count, nav)
            read[nav] = count + 1
            messages.append((index, count + 1, nav, written[nav]))
            written[nav] = (written[nav] + 1) % LINES
            remember(index, kinds, count + 1, nav)
        elif step.act is Act.HANDLED:
            waits, kinds = rules.after_mark(waits, at, nav=False, citizen=False)
            remember(index, kinds, count, True)
            reads(index, count, True)
        else:
            reads(index, count, nav)
            waits = _after_read(waits, nav)
    return ThreadShape(
        steps=steps,
        offsets=tuple(step.at for step in steps),
        messages=tuple(messages),
        events=tuple(events),
        nav=steps[0].nav,
        last=messages[-1][0],
        count=str(len(messages)),
        waits_on_nav=_index(waits.nav_since),
        waits_on_citizen=_index(waits.citizen_since),
        read_numbers=f"{read[False]}\t{read[True]}",
        citizen_unread=_index(waits.citizen_unread_since),
        nav_unread=_index(waits.nav_unread_since),
        closing=tuple(str(kind.value) for kind in rules.after_close(waits)[1]),
        citizen_here=max((i for i, step in enumerate(steps) if not step.nav), default=_NONE),
    )


def _after_read(waits: Waits, nav: bool) -> Waits:
    """A side has read all there is."""
    return Waits(
        waits.nav_since,
        waits.citizen_since,
        nav_unread_since=None if nav else waits.nav_unread_since,
        citizen_unread_since=waits.citizen_unread_since if nav else None,
    )


def _index(at: datetime | None) -> int:
    return _NONE if at is None else round((at - _EPOCH) / timedelta(minutes=1))


@dataclass(frozen=True)
class Manner:
    """How people of a group write: chances and times tuned so that `figures` of ch. 9 come out.

    Pairs of chances are for a thread that is soon done and for one that goes on and on.
    """

    talkative: float
    """Share of threads that go on and on."""
    replies: tuple[float, float]
    """Chance that the citizen writes when Nav has begun; higher when Nav asks."""
    returns: tuple[float, float]
    """Chance that the citizen writes again when Nav has answered."""
    answers: tuple[float, float]
    """Chance that Nav answers what the citizen wrote."""
    nav_adds: float
    """Chance that Nav writes once more, days later."""
    nav_adds_days: float
    """How much later than a day, in the mean."""
    citizen_adds: float
    """Chance that the citizen writes once more, soon after."""
    asks: float
    """Share of Nav's openings that wait for the citizen."""
    resumed: tuple[float, float]
    """Share of the citizen's replies and returns that come weeks later."""
    resumed_days: float
    """How much later, in the mean."""
    reply_hours: tuple[float, float]
    """Median and mean of the citizen's replies, before nights are added."""
    answer_hours: tuple[float, float]
    """Median and mean of Nav's answers, before nights and weekends are added."""


MANNERS = {
    "ordinary": Manner(
        talkative=0.16,
        replies=(0.54, 0.90),
        returns=(0.125, 0.87),
        answers=(0.90, 0.95),
        nav_adds=0.045,
        nav_adds_days=8.0,
        citizen_adds=0.15,
        asks=0.20,
        resumed=(0.40, 0.20),
        resumed_days=40.0,
        reply_hours=(24.0, 50.0),
        answer_hours=(1.4, 34.0),
    ),
    "surge": Manner(
        talkative=0.01,
        replies=(0.44, 0.80),
        returns=(0.03, 0.70),
        answers=(0.42, 0.90),
        nav_adds=0.21,
        nav_adds_days=6.0,
        citizen_adds=0.05,
        asks=0.06,
        resumed=(0.08, 0.08),
        resumed_days=120.0,
        reply_hours=(24.0, 28.0),
        answer_hours=(1.9, 9.5),
    ),
}
_ASKED = 0.25
"""How much more likely the citizen is to reply when Nav asks."""
_CITIZEN_ADDS_DAYS = 0.1
"""In the mean."""
_LONGEST = 60 * DAY
"""No reply or answer takes longer, but for replies that come weeks later."""
_DAYTIME = 0.5
"""Share of the citizens' messages kept to Nav's hours: they write most when Nav just wrote."""
_NAV_READS, _CITIZEN_READS = (2.0, 6.0), (6.0, 26.0)
_PUT_AWAY_DAYS = 8
_MOST_STEPS = 36
_STREAMS = {"ordinary": "threads 129", "surge": "threads 60"}
"""Seeds of the shapes. With long tails 160 are few: these come close to what the manners give of many."""


def course(rng: random.Random, weekday: int, manner: Manner, *, nav: bool) -> tuple[Step, ...]:
    """The acts of one thread from its first message to when everything is read and handled."""
    clock = Clock(rng, weekday)
    talkative = int(rng.random() < manner.talkative)
    asks = nav and rng.random() < manner.asks
    at, writer = clock.first(nav=nav or rng.random() < _DAYTIME), nav
    steps = [Step(at, Act.QUESTION if asks else Act.MESSAGE, nav)]
    citizen_writes = manner.replies[talkative] + _ASKED * asks
    while len(steps) < _MOST_STEPS:
        if rng.random() < (manner.nav_adds if writer else manner.citizen_adds):
            gap = 2 + _added(rng, manner, nav=writer)
        elif rng.random() < (citizen_writes if writer else manner.answers[talkative]):
            writer, citizen_writes = not writer, manner.returns[talkative]
            gap = min(lognormal(rng, *(manner.answer_hours if writer else manner.reply_hours)), _LONGEST)
            if not writer and rng.random() < manner.resumed[talkative]:
                gap += int(rng.expovariate(1 / (manner.resumed_days * DAY)))
        else:
            break
        before, at = at, max(clock.fit(at + gap, nav=writer or rng.random() < _DAYTIME), at + 2)
        if at - before > DAY and steps[-1].nav != writer:
            read = min(clock.fit(before + _reading(rng, writer), nav=writer), at - 1)
            steps.append(Step(read, Act.READ, writer))
        steps.append(Step(at, Act.MESSAGE, writer))
    return (*steps, *_ending(rng, clock, at, last_by_nav=writer, asked=asks))


def _added(rng: random.Random, manner: Manner, *, nav: bool) -> int:
    """How long after its own message a side writes once more."""
    days = 1 + rng.expovariate(1 / manner.nav_adds_days) if nav else rng.expovariate(1 / _CITIZEN_ADDS_DAYS)
    return int(days * DAY)


def _reading(rng: random.Random, nav: bool) -> int:
    return lognormal(rng, *(_NAV_READS if nav else _CITIZEN_READS))


def _ending(rng: random.Random, clock: Clock, at: int, *, last_by_nav: bool, asked: bool) -> list[Step]:
    """Who reads the last message, and when a counsellor puts away what still waits."""
    read = clock.fit(at + _reading(rng, not last_by_nav), nav=not last_by_nav)
    steps = [Step(read, Act.READ, not last_by_nav)]
    if not last_by_nav:
        steps.append(Step(clock.fit(read + lognormal(rng, 2, 5), nav=True), Act.HANDLED, True))
    elif asked:
        away = at + int(_PUT_AWAY_DAYS * DAY * (0.5 + rng.random()))
        steps.append(Step(clock.fit(away, nav=True), Act.HANDLED, True))
    return sorted(steps, key=lambda step: step.at)


def long_course(rng: random.Random, weekday: int, messages: int) -> tuple[Step, ...]:
    """A thread of exactly so many messages within eight weeks, in turn, Nav first, all handled."""
    clock = Clock(rng, weekday)
    at = clock.first(nav=True)
    steps = [Step(at, Act.MESSAGE, True)]
    for number in range(1, messages):
        nav = number % 2 == 0
        at = max(clock.fit(at + rng.randint(10, 1300), nav=nav), at + 2)
        steps.append(Step(at, Act.MESSAGE, nav))
    return (*steps, *_ending(rng, clock, at, last_by_nav=messages % 2 == 1, asked=False))


@dataclass(frozen=True)
class ThreadShapes:
    """All shapes, by group, who begins and weekday. Nav begins on working days only."""

    usual: dict[tuple[str, bool, int], list[ThreadShape]]
    long: dict[int, list[ThreadShape]]


@lru_cache(maxsize=1)
def thread_shapes() -> ThreadShapes:
    """All shapes, made once in a process; the same for every seed, so that their means stand fast."""
    usual = {}
    for group, manner in MANNERS.items():
        rng = random.Random(_STREAMS[group])  # noqa: S311 - invented people, not secrets
        for nav in (True, False):
            for weekday in range(5 if nav else 7):
                courses = (course(rng, weekday, manner, nav=nav) for _ in range(SHAPES))
                usual[group, nav, weekday] = [fold(steps) for steps in courses]
    rng = random.Random("threads")  # noqa: S311
    long = {
        weekday: [fold(long_course(rng, weekday, figures.HEAVY_MESSAGES)) for _ in range(10)]
        for weekday in range(5)
    }
    return ThreadShapes(usual, long)
