"""Shapes are what the rooms' own acts make: the same steps done by the acts give the same rows."""

import json
import random
from datetime import UTC, date, datetime, timedelta

import pytest

from dap.access.sessions import citizen_actor
from dap.core import touch
from dap.core.enums import Side
from dap.demo.volume import activity_shapes, thread_shapes
from dap.demo.volume.activity_shapes import ActivityShape, Change
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
