"""Shapes are what the rooms' own acts make: the same steps done by the acts give the same rows."""

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pytest

from dap.access.sessions import citizen_actor
from dap.core import touch
from dap.core.enums import Side
from dap.demo.volume import activity_shapes, figures, thread_shapes
from dap.demo.volume.activity_shapes import ActivityShape, Change
from dap.demo.volume.chunk import TABLES, chunk_rows
from dap.demo.volume.days import DAY
from dap.demo.volume.offices import country
from dap.demo.volume.spec import Spec
from dap.demo.volume.thread_shapes import MANNERS, Act, ThreadShape
from dap.dialogue import actions as dialogue
from dap.dialogue.models import Thread, ThreadEvent
from dap.plan import actions as plan
from dap.plan.enums import ActivityType, Status
from dap.plan.models import Activity, ActivityChange
from tests import factories

START = datetime(2026, 9, 7, tzinfo=UTC)
"""A Monday after the factories' period has begun."""


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def thread_pieces() -> list[ThreadShape]:
    rng = random.Random(5)
    whole = [
        thread_shapes.fold(thread_shapes.course(rng, 0, manner, nav=nav))
        for manner in MANNERS.values()
        for nav in (True, False)
        for _ in range(12)
    ]
    whole.append(thread_shapes.fold(thread_shapes.long_course(rng, 0, 40)))
    return [*whole, *(shape.until(shape.offsets[len(shape.offsets) // 2] + 1) for shape in whole)]


@pytest.mark.django_db
def test_threads_are_what_the_dialogue_stores() -> None:
    house = factories.house()
    for shape in thread_pieces():
        thread: Thread | None = None
        for step in shape.steps:
            by, when = (house.counsellor if step.nav else house.by_citizen), at(step.at)
            if thread is None:
                first = dialogue.start_thread(
                    person=house.citizen,
                    title="Tema",
                    text="Hei",
                    asks_citizen=step.act is Act.QUESTION,
                    by=by,
                    at=when,
                )
                thread = first.thread
            elif step.act is Act.MESSAGE:
                dialogue.reply(thread=thread, text="Hei", by=by, at=when)
            elif step.act is Act.HANDLED:
                dialogue.mark_waits(thread=thread, nav=False, citizen=False, by=by, at=when)
            else:
                dialogue.mark_read(
                    person_id=house.citizen.id,
                    thread_id=thread.id,
                    up_to=thread.message_count,
                    by=by,
                    at=when,
                )
                thread.refresh_from_db()
        assert thread is not None
        moments = [*(at(offset) for offset in shape.offsets), None]
        assert shape.count == str(thread.message_count)
        assert shape.read_numbers == f"{thread.citizen_read_no}\t{thread.nav_read_no}"
        assert moments[shape.last] == thread.last_message_at
        assert moments[shape.waits_on_nav] == thread.waits_on_nav_since
        assert moments[shape.waits_on_citizen] == thread.waits_on_citizen_since
        assert moments[shape.nav_unread] == thread.nav_unread_since
        assert moments[shape.citizen_unread] == thread.citizen_unread_since
        told = [(moments[step], what, nav) for step, what, nav in shape.events]
        events = ThreadEvent.objects.filter(thread=thread).order_by("id")
        assert told == [(e.at, f"{e.kind}\t{e.message_no}", e.by_side == Side.NAV) for e in events]
        before = events.count()
        period = thread.period
        dialogue.close_period(period=period, by=house.counsellor, at=at(10**6))
        closing = ThreadEvent.objects.filter(thread=thread).order_by("id")[before:]
        assert shape.closing == tuple(event.kind for event in closing)
    touch.flush()


def activity_pieces() -> list[ActivityShape]:
    rng = random.Random(6)
    whole = [
        activity_shapes.course(rng, 0, kind, nav=nav)
        for kind in ActivityType
        if kind is not ActivityType.SAMTALEREFERAT
        for nav in ((True,) if kind is ActivityType.SOKEAVTALE else (True, False))
        for _ in range(25)
    ]
    return [*whole, *(shape.until(shape.offsets[len(shape.offsets) // 2] + 1) for shape in whole)]


def dated(shape: ActivityShape, days: int) -> str:
    return (START.date() + timedelta(days=days)).isoformat()


def told(shape: ActivityShape, change: Change) -> tuple[datetime, str, object, bool]:
    """A change of a shape as the history has it."""
    kind, _, what = change.kind.partition("\t")
    differences = json.loads(what) if what else {"to_date": [dated(shape, day) for day in change.later or ()]}
    return at(shape.offsets[change.step]), kind, differences, change.nav


@pytest.mark.django_db
def test_activities_are_what_the_plan_stores() -> None:
    house = factories.house()
    for shape in activity_pieces():
        first = shape.changes[0]
        days = next((c.later[0] for c in shape.changes if c.later), shape.days)
        values: dict[str, object] = {
            "from_date": START.date() + timedelta(days=shape.starts),
            "to_date": None if days is None else START.date() + timedelta(days=days),
        }
        activity = plan.create_activity(
            person=house.citizen,
            type=shape.type,
            values={**factories.FIELDS[shape.type], **values},
            status=Status.PLANNED,
            by=house.counsellor if first.nav else house.by_citizen,
            at=at(shape.offsets[0]),
        )
        if shape.type is ActivityType.STILLING:
            activity.application_status = "IKKE_STARTET"  # as the demo and the case file have it
        for step in shape.steps:
            do(activity, step, by_citizen=citizen_actor(house.citizen), by_nav=house.counsellor)
        activity.refresh_from_db()
        assert (shape.status, shape.version) == (activity.status, str(activity.version))
        assert shape.reason == activity.reason
        if shape.steps and shape.application:
            assert shape.application == activity.application_status
        assert shape.days is None or dated(shape, shape.days) == str(activity.to_date)
        agreed = None if shape.agreed == activity_shapes.NOT_AGREED else at(shape.offsets[shape.agreed])
        assert agreed == activity.agreed_at
        changes = ActivityChange.objects.filter(activity=activity).order_by("version")
        assert [told(shape, change) for change in shape.changes] == [
            (c.at, c.kind, c.changes, c.by_side == Side.NAV) for c in changes
        ]
    touch.flush()


def do(activity: Activity, step: activity_shapes.Step, *, by_citizen: object, by_nav: object) -> None:
    """One step, done by the plan's own act."""
    common: dict[str, object] = {
        "activity": activity,
        "version": activity.version,
        "by": by_nav if step.nav else by_citizen,
        "at": at(step.at),
    }
    if step.status is not None:
        plan.change_status(to=step.status, reason=step.reason, **common)  # type: ignore[arg-type]
    elif step.application is not None:
        plan.set_application_status(code=step.application.value, **common)  # type: ignore[arg-type]
    elif step.agree:
        plan.agree(**common)  # type: ignore[arg-type]
    else:
        assert isinstance(activity.to_date, date)
        later = activity.to_date + timedelta(days=step.later)
        plan.edit_activity(values={"to_date": later}, **common)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Told:
    """What ch. 9 asks of one thread. `weight` is how often it is placed; an answer time of None is none."""

    weight: float
    by_nav: bool
    nav: int
    citizen: int
    answer_hours: float | None
    days: float


def told_of(messages: list[tuple[float, bool]], weight: float = 1) -> Told:
    """The definitions of STATISTICS section 2, for messages as (minute, by Nav) in order.

    An answer goes from the first of a run of the citizen's messages to Nav's next; a thread has their mean.
    """
    answers: list[float] = []
    asked: float | None = None
    for minute, nav in messages:
        if not nav:
            asked = minute if asked is None else asked
        elif asked is not None:
            answers.append((minute - asked) / 60)
            asked = None
    by_nav = sum(nav for _, nav in messages)
    return Told(
        weight=weight,
        by_nav=messages[0][1],
        nav=by_nav,
        citizen=len(messages) - by_nav,
        answer_hours=sum(answers) / len(answers) if answers else None,
        days=(messages[-1][0] - messages[0][0]) / DAY,
    )


def mean(values: Iterable[tuple[float, float]]) -> float:
    """Of (value, weight)."""
    values = list(values)
    return sum(value * weight for value, weight in values) / sum(weight for _, weight in values)


def median(values: Iterable[tuple[float, float]]) -> float:
    """Of (value, weight)."""
    values = sorted(values)
    half = sum(weight for _, weight in values) / 2
    for value, weight in values:
        half -= weight
        if half <= 0:
            return value
    raise AssertionError("no values")


@dataclass(frozen=True)
class Summary:
    """The figures of ch. 9. Messages as Nav's and the citizen's, times as median and mean."""

    by_nav: float
    messages: tuple[float, float]
    messages_median: tuple[float, float]
    answered: float
    answer_hours: tuple[float, float]
    days: tuple[float, float]


def summary(threads: list[Told]) -> Summary:
    answers = [(one.answer_hours, one.weight) for one in threads if one.answer_hours is not None]
    nav, citizen = [(t.nav, t.weight) for t in threads], [(t.citizen, t.weight) for t in threads]
    days = [(one.days, one.weight) for one in threads]
    return Summary(
        by_nav=mean((one.by_nav, one.weight) for one in threads),
        messages=(mean(nav), mean(citizen)),
        messages_median=(median(nav), median(citizen)),
        answered=mean((one.answer_hours is not None, one.weight) for one in threads),
        answer_hours=(median(answers), mean(answers)),
        days=(median(days), mean(days)),
    )


def whole(group: str) -> Summary:
    """Of the shapes, each as often as it is placed: what Nav begins on a weekend lies on the Friday."""
    starts, threads = figures.NAV_STARTS[group], []
    for (own, nav, weekday), shapes in thread_shapes.thread_shapes().usual.items():
        days = 3 if nav and weekday == 4 else 1
        weight = (starts if nav else 1 - starts) * days / 7 / len(shapes)
        threads += [
            told_of([(shape.offsets[step], by_nav) for step, _, by_nav, _ in shape.messages], weight)
            for shape in shapes
            if own == group
        ]
    return summary(threads)


@lru_cache(maxsize=1)
def placed() -> dict[str, Summary]:
    """Of the threads of one chunk of 2,000 people, by group; the heavy people's long threads left out."""
    spec = Spec(people=20_000, seed=1, day=date(2026, 11, 22))
    texts = chunk_rows(spec, 0)

    def rows(table: str) -> Iterator[dict[str, str]]:
        for line in texts[table].decode().splitlines():
            yield dict(zip(TABLES[table], line.split("\t"), strict=True))

    # Person `number` is in the order of the rows; the surge is who stands on its positions.
    surge = {
        row["id"]
        for number, row in enumerate(rows("people_person"))
        if country(spec).place(number).kind.value.startswith("surge")
        and number % figures.HEAVY_EVERY != figures.HEAVY_AT
    }
    messages: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for row in rows("dialogue_message"):
        minute = datetime.fromisoformat(row["sent_at"]).timestamp() / 60
        messages[row["thread_id"]].append((minute, row["by_side"] == Side.NAV.value))
    threads: dict[str, list[Told]] = {"ordinary": [], "surge": []}
    for row in rows("dialogue_thread"):
        if row["message_count"] != str(figures.HEAVY_MESSAGES):
            threads["surge" if row["person_id"] in surge else "ordinary"].append(told_of(messages[row["id"]]))
    return {group: summary(own) for group, own in threads.items()}


def near(values: tuple[float, ...], wanted: tuple[float, ...], part: float) -> bool:
    """Within this part of what is wanted, each."""
    return all(value == pytest.approx(one, rel=part) for value, one in zip(values, wanted, strict=True))


@pytest.mark.parametrize("group", ["ordinary", "surge"])
def test_threads_left_alone_are_as_published(group: str) -> None:
    """Every mean and share of STATISTICS section 3, ch. 9, within a tenth, medians within 15 %."""
    found = whole(group)
    assert near(found.messages, figures.MESSAGES[group], 0.10)
    assert found.messages_median == figures.MESSAGES_MEDIAN[group]
    if group == "ordinary":  # not published for the surge
        assert near((found.answered,), (figures.ANSWERED,), 0.10)
    for times, wanted in ((found.answer_hours, figures.ANSWER_HOURS), (found.days, figures.DURATION_DAYS)):
        assert near(times[:1], wanted[group][:1], 0.15)
        assert near(times[1:], wanted[group][1:], 0.10)


def test_placed_ordinary_threads_are_as_published() -> None:
    """Also as they stand in a volume, where some are still running or ended with their period.

    That takes the ends of the longest. The mean duration cannot hold both here and in the whole shapes: the
    published threads were followed for ten months after the last began, ours until the volume's day.
    """
    found = placed()["ordinary"]
    assert near((found.by_nav,), (figures.NAV_STARTS["ordinary"],), 0.05)
    assert near(found.messages, figures.MESSAGES["ordinary"], 0.10)
    assert found.messages_median == figures.MESSAGES_MEDIAN["ordinary"]
    assert near((found.answered,), (figures.ANSWERED,), 0.10)
    assert near(found.answer_hours, figures.ANSWER_HOURS["ordinary"], 0.15)
    assert near(found.days[:1], figures.DURATION_DAYS["ordinary"][:1], 0.15)
    assert near(found.days[1:], figures.DURATION_DAYS["ordinary"][1:], 0.20)


def test_placed_surge_threads_are_young() -> None:
    """Half of the surge's threads began in the volume's last two weeks: their later messages are yet to come.

    So a median of one day, a mean of 7.6 and quite 1.4 and 0.5 messages cannot be reached by them, unless
    the whole shapes had more than is published. Who begins and how fast Nav answers are as published; few
    have an answer (some 200 in a chunk), hence the wide limits.
    """
    found = placed()["surge"]
    assert near((found.by_nav,), (figures.NAV_STARTS["surge"],), 0.05)
    assert near(found.messages, figures.MESSAGES["surge"], 0.15)
    assert found.messages_median == figures.MESSAGES_MEDIAN["surge"]
    assert near(found.answer_hours, figures.ANSWER_HOURS["surge"], 0.25)
    assert 1 < found.days[1] < figures.DURATION_DAYS["surge"][1]
