"""`./dap check` is silent about a right house, and finds every fault that is planted in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

import pytest

from dap.access.sessions import citizen_actor
from dap.core import touch
from dap.core.enums import Side
from dap.dialogue import actions as dialogue
from dap.dialogue.models import Message, Thread
from dap.people.enums import Benefit, Level, Registration
from dap.people.models import (
    Assignment,
    BenefitHistory,
    FollowUpPeriod,
    LevelHistory,
    OfficeHistory,
    Person,
    RegistrationHistory,
)
from dap.plan import actions as plan
from dap.plan.enums import ChangeKind, Status
from dap.plan.models import Activity, ActivityChange
from dap.portfolio import actions, check
from dap.portfolio.invariants import INVARIANTS
from dap.portfolio.models import PortfolioRow

from . import builders
from .builders import BEGIN, NOW

pytestmark = pytest.mark.django_db


@dataclass
class House:
    """A person with an activity that has moved and a thread with two messages, and somebody else."""

    person: Person
    other: Person
    activity: Activity
    thread: Thread


@pytest.fixture
def house() -> House:
    office = builders.office()
    nav = builders.counsellor(office)
    person = builders.person(office, followed_by=nav)
    citizen = citizen_actor(person)
    activity = builders.activity(person, date(2026, 12, 24))
    plan.change_status(activity=activity, version=1, to=Status.IN_PROGRESS, reason="", by=citizen, at=NOW)
    message = dialogue.write_about_activity(
        person=person, activity=activity, text="Hei", asks_citizen=False, by=citizen, at=NOW
    )
    dialogue.reply(thread=message.thread, text="Hei", by=nav, at=NOW)
    touch.flush()
    return House(person, builders.person(office, "Berg", "Jonas"), activity, message.thread)


def test_a_right_house_is_clean_and_summed_up_in_one_line(house: House) -> None:
    out = StringIO()
    assert check.run(out) == 0
    (line,) = out.getvalue().splitlines()
    assert line.startswith(f"check: no difference in 2 people and {len(INVARIANTS) + 1} rules, ")


def _threads(**values: object) -> Callable[[House], object]:
    return lambda house: Thread.objects.filter(id=house.thread.id).update(**values)


def _rows(**values: object) -> Callable[[House], object]:
    return lambda house: PortfolioRow.objects.filter(person=house.person).update(**values)


def _person(**values: object) -> Callable[[House], object]:
    return lambda house: Person.objects.filter(id=house.person.id).update(**values)


def _activity(**values: object) -> Callable[[House], object]:
    return lambda house: Activity.objects.filter(id=house.activity.id).update(**values)


def _period_of_other(model: type[Activity] | type[Thread]) -> Callable[[House], object]:
    def plant(house: House) -> None:
        theirs = FollowUpPeriod.objects.get(person=house.other)
        model.objects.filter(person=house.person).update(period=theirs)

    return plant


Planting = Callable[[House], object]


def _two_spans(model: type[LevelHistory] | type[RegistrationHistory], **value: object) -> Planting:
    def plant(house: House) -> None:
        model.objects.filter(person=house.person).delete()
        spans = [(date(2026, 1, 1), date(2026, 6, 2)), (date(2026, 6, 1), None)]
        for start, end in spans:
            model.objects.create(person=house.person, from_date=start, to_date=end, **value)

    return plant


def _history_span(model: type[OfficeHistory] | type[BenefitHistory], **value: object) -> Planting:
    def plant(house: House) -> None:
        given = value or {"office": house.person.office}
        for day in (1, 2):
            model.objects.create(
                person=house.person, from_date=date(2026, 1, day), to_date=date(2026, 2, day), **given
            )

    return plant


def _earlier_period(house: House) -> None:
    FollowUpPeriod.objects.create(
        person=house.person, started_at=BEGIN - timedelta(days=9), ended_at=BEGIN + timedelta(days=1)
    )


def _earlier_assignment(house: House) -> None:
    now = Assignment.objects.get(person=house.person)
    Assignment.objects.create(
        person=house.person,
        counsellor_id=now.counsellor_id,
        from_at=BEGIN - timedelta(days=9),
        to_at=BEGIN + timedelta(days=1),
    )


def _change(house: House, version: int, status: Status) -> None:
    ActivityChange.objects.create(
        activity=house.activity,
        version=version,
        at=NOW,
        kind=ChangeKind.STATUS,
        changes={"status": [str(Status.PLANNED), str(status)]},
        by_side=Side.CITIZEN,
    )


def _message_after_a_hole(house: House) -> None:
    Message.objects.create(thread=house.thread, number=4, sent_at=NOW, text="Hei", by_side=Side.NAV)
    Thread.objects.filter(id=house.thread.id).update(message_count=3)


def _end_period(house: House) -> None:
    FollowUpPeriod.objects.filter(person=house.person).update(ended_at=NOW)


FAULTS: list[tuple[str, Callable[[House], object]]] = [
    ("overview: rows as computed", _rows(unread_by_nav=3)),
    ("overview: rows as computed", _rows(open_end_dates=[])),
    ("overview: rows as computed", lambda house: PortfolioRow.objects.filter(person=house.person).delete()),
    ("activities: one change for every version", _activity(version=5)),
    (
        "activities: one change for every version",
        lambda house: _change(house, version=4, status=Status.IN_PROGRESS),
    ),
    ("activities: status as the history ends", _activity(status=Status.PLANNED)),
    (
        "activities: status as the history ends",
        lambda house: _change(house, version=3, status=Status.ABORTED),
    ),
    ("activities: in the plan of their own person", _period_of_other(Activity)),
    ("activities: historic when their period has ended", _activity(historic_at=NOW)),
    ("activities: historic when their period has ended", _end_period),
    ("threads: messages counted, and numbered from 1 without holes", _threads(message_count=3)),
    (
        "threads: messages counted, and numbered from 1 without holes",
        _message_after_a_hole,
    ),
    ("threads: last_message_at as the newest message", _threads(last_message_at=BEGIN)),
    ("threads: in the plan of their own person", _period_of_other(Thread)),
    ("threads: historic when their period has ended", _threads(historic_at=NOW)),
    ("threads: a historic one waits for nobody", _threads(historic_at=NOW, waits_on_nav_since=NOW)),
    ("threads: a historic one waits for nobody", _threads(waits_on_citizen_since=BEGIN)),
    ("threads: nav_unread_since is when the first unread message was sent", _threads(nav_unread_since=NOW)),
    ("threads: nav_unread_since is when the first unread message was sent", _threads(nav_read_no=0)),
    ("threads: citizen_unread_since is when the first", _threads(citizen_unread_since=None)),
    ("threads: citizen_unread_since is when the first", _threads(citizen_read_no=2)),
    ("people: office_id as in its history", lambda house: OfficeHistory.objects.all().delete()),
    ("people: level as in its history", _person(level=Level.SPECIAL)),
    ("people: benefit as in its history", _person(benefit=Benefit.AAP)),
    ("people: follow-up periods do not overlap", _earlier_period),
    ("people: assignments do not overlap", _earlier_assignment),
    ("people: offices in the history do not overlap", _history_span(OfficeHistory)),
    ("people: levels in the history do not overlap", _two_spans(LevelHistory, level=Level.SITUATIONAL)),
    ("people: benefits in the history do not overlap", _history_span(BenefitHistory, benefit=Benefit.AAP)),
    (
        "people: registrations in the history do not overlap",
        _two_spans(RegistrationHistory, registration=Registration.JOBSEEKER),
    ),
]


@pytest.mark.parametrize(("name", "plant"), FAULTS)
def test_a_planted_fault_is_found(house: House, name: str, plant: Callable[[House], object]) -> None:
    plant(house)
    out = StringIO()
    assert check.run(out) == 1
    found = [line for line in out.getvalue().splitlines() if line.startswith(name)]
    assert found
    assert " DIFFERENCE" in out.getvalue()
    ids = {str(thing.id) for thing in (house.person, house.activity, house.thread, house.other)}
    assert any(known in found[0] for known in ids)
    assert "berg" not in out.getvalue().lower()


def test_every_invariant_has_a_planted_fault() -> None:
    names = ["overview: rows as computed", *(invariant.name for invariant in INVARIANTS)]
    untested = [name for name in names if not any(name.startswith(fault) for fault, _ in FAULTS)]
    assert untested == []


def test_a_difference_names_its_columns_and_refresh_mends_it(house: House) -> None:
    rows = PortfolioRow.objects.filter(person=house.person)
    rows.update(unread_by_citizen=0, last_contact_side=Side.CITIZEN)
    out = StringIO()
    check.run(out)
    assert f"{house.person.id} differs in unread_by_citizen, last_contact_side" in out.getvalue()
    actions.refresh()
    assert check.run(StringIO()) == 0


def test_many_faults_are_counted_and_only_the_first_printed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "SHOWN", 1)
    PortfolioRow.objects.all().delete()
    out = StringIO()
    check.run(out)
    assert "overview: rows as computed: and 1 more" in out.getvalue()
    assert "2 DIFFERENCES" in out.getvalue()


def test_the_archive_entry_of_a_closed_period_keeps_the_status(house: House) -> None:
    period = FollowUpPeriod.objects.get(person=house.person)
    period.ended_at = NOW
    period.save()
    by = builders.counsellor(ident="Z100002")
    plan.close_period(period=period, by=by, at=NOW)
    dialogue.close_period(period=period, by=by, at=NOW)
    touch.flush()
    assert ActivityChange.objects.filter(activity=house.activity, kind=ChangeKind.ARCHIVED).exists()
    assert check.run(StringIO()) == 0
