"""The row of a person after every kind of act is what the rooms below store."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dap.access.sessions import citizen_actor
from dap.core import touch
from dap.core.enums import Side
from dap.dialogue import actions as dialogue
from dap.dialogue.models import Thread
from dap.people.models import Assignment, Counsellor, FollowUpPeriod
from dap.plan import actions as plan
from dap.plan.enums import ActivityType, Status
from dap.portfolio import actions, check, compute
from dap.portfolio.models import PortfolioRow

from . import builders
from .builders import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class World:
    """A counsellor, and a person in the office with one plan."""

    def __init__(self) -> None:
        self.office = builders.office()
        self.nav = builders.counsellor(self.office)
        self.person = builders.person(self.office, followed_by=self.nav)
        self.citizen = citizen_actor(self.person)

    def row(self) -> PortfolioRow:
        """The stored row; what `./dap check` says of everything must be nothing."""
        touch.flush()
        out = StringIO()
        assert check.run(out) == 0, out.getvalue()
        return PortfolioRow.objects.get(person=self.person)

    def ask(self, text: str = "Hei, jeg lurer på noe.") -> Thread:
        """A free thread that the citizen opens."""
        return dialogue.start_thread(
            person=self.person, title="Spørsmål", text=text, asks_citizen=False, by=self.citizen, at=NOW
        ).thread


@pytest.fixture
def world() -> World:
    return World()


def test_a_new_person_has_an_empty_row(world: World) -> None:
    row = world.row()
    assert (row.office, row.counsellor_id, row.name_key) == (world.office, world.nav.id, "solberg, amina")
    assert (row.period_open, row.has_goal) == (True, False)
    assert (row.open_end_dates, row.active_activities) == ([], 0)
    assert (row.waits_on_nav_since, row.last_contact_at, row.last_contact_side) == (None, None, "")


def test_a_question_waits_on_nav_until_it_is_answered(world: World) -> None:
    thread = world.ask()
    row = world.row()
    assert (row.waits_on_nav_since, row.oldest_unread_by_nav) == (NOW, NOW)
    assert (row.unread_by_nav, row.unread_by_citizen) == (1, 0)
    assert (row.last_contact_at, row.last_contact_side) == (NOW, Side.CITIZEN)

    thread.refresh_from_db()
    dialogue.reply(thread=thread, text="Det finner vi ut av.", by=world.nav, at=NOW + HOUR)
    row = world.row()
    assert (row.waits_on_nav_since, row.oldest_unread_by_nav) == (None, None)
    assert (row.unread_by_nav, row.unread_by_citizen) == (0, 1)
    assert (row.last_contact_at, row.last_contact_side) == (NOW + HOUR, Side.NAV)


def test_reading_takes_the_unread_away_but_not_the_wait(world: World) -> None:
    thread = world.ask()
    dialogue.mark_read(person_id=world.person.id, thread_id=thread.id, up_to=1, by=world.nav, at=NOW + HOUR)
    row = world.row()
    assert (row.unread_by_nav, row.waits_on_nav_since) == (0, NOW)


def test_the_oldest_wait_of_several_threads_counts(world: World) -> None:
    world.ask()
    dialogue.start_thread(
        person=world.person, title="To", text="Igjen", asks_citizen=False, by=world.citizen, at=NOW - HOUR
    )
    row = world.row()
    assert (row.waits_on_nav_since, row.oldest_unread_by_nav) == (NOW - HOUR, NOW - HOUR)
    assert (row.unread_by_nav, row.last_contact_at) == (2, NOW)


def test_marks_by_hand_move_both_waits(world: World) -> None:
    thread = world.ask()
    dialogue.mark_waits(thread=thread, nav=False, citizen=True, by=world.nav, at=NOW + HOUR)
    row = world.row()
    assert (row.waits_on_nav_since, row.waits_on_citizen_since) == (None, NOW + HOUR)
    assert row.awaiting_citizen == 1


def test_open_activities_count_with_their_end_dates_sorted(world: World) -> None:
    builders.activity(world.person, date(2026, 12, 24))
    builders.activity(world.person, date(2026, 10, 24), by=world.nav)
    builders.activity(world.person, None, type=ActivityType.IJOBB)
    builders.activity(world.person, date(2026, 11, 1), status=Status.COMPLETED)
    row = world.row()
    assert row.open_end_dates == [date(2026, 10, 24), date(2026, 12, 24)]
    assert row.active_activities == 3


def test_finishing_undoing_and_a_new_date_change_the_end_dates(world: World) -> None:
    activity = builders.activity(world.person, date(2026, 12, 24))
    plan.change_status(activity=activity, version=1, to=Status.ABORTED, reason="", by=world.citizen, at=NOW)
    assert world.row().open_end_dates == []
    plan.undo_move(activity=activity, version=2, by=world.citizen, at=NOW)
    assert world.row().open_end_dates == [date(2026, 12, 24)]
    plan.edit_activity(
        activity=activity, version=3, values={"to_date": date(2027, 1, 5)}, by=world.citizen, at=NOW
    )
    assert world.row().open_end_dates == [date(2027, 1, 5)]


def test_the_row_follows_the_open_assignment_alone(world: World) -> None:
    colleague = builders.counsellor(world.office, ident="Z100002")
    open_one = Assignment.objects.get(person=world.person)
    open_one.to_at = NOW
    open_one.save()
    touch.touch(world.person.id)
    assert world.row().counsellor_id is None
    by = Counsellor.objects.get(ident="Z100002")
    Assignment.objects.create(person=world.person, counsellor=by, from_at=NOW)
    touch.touch(world.person.id)
    assert world.row().counsellor_id == colleague.id


def test_a_row_keeps_the_earliest_end_dates_within_bounds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compute, "MAX_END_DATES", 2)
    for day in (24, 22, 23):
        builders.activity(world.person, date(2026, 12, day))
    row = PortfolioRow.objects.get(person=world.person)
    assert row.open_end_dates == [date(2026, 12, 22), date(2026, 12, 23)]
    assert row.active_activities == 3


def test_the_longest_name_with_the_most_dates_fits_in_the_indexes(world: World) -> None:
    days = [date(1950, 1, 1) + timedelta(days=number * 181) for number in range(compute.MAX_END_DATES)]
    rows = PortfolioRow.objects.filter(person=world.person)
    assert rows.update(name_key="я" * 250, open_end_dates=days) == 1


def test_minutes_are_no_activity(world: World) -> None:
    activity = builders.activity(world.person, date(2026, 12, 24))
    activity.type = ActivityType.SAMTALEREFERAT
    activity.save()
    touch.touch(world.person.id)
    row = world.row()
    assert (row.open_end_dates, row.active_activities) == ([], 0)


def test_a_goal_of_the_open_period_is_told(world: World) -> None:
    plan.set_goal(person=world.person, text="Fast jobb", seen_goal_id=None, by=world.citizen, at=NOW)
    assert world.row().has_goal


def test_the_end_of_a_period_empties_the_row_but_keeps_the_last_contact(world: World) -> None:
    plan.set_goal(person=world.person, text="Fast jobb", seen_goal_id=None, by=world.citizen, at=NOW)
    builders.activity(world.person, date(2026, 12, 24))
    world.ask()
    period = FollowUpPeriod.objects.get(person=world.person)
    period.ended_at = NOW + HOUR
    period.save()
    plan.close_period(period=period, by=world.nav, at=NOW + HOUR)
    dialogue.close_period(period=period, by=world.nav, at=NOW + HOUR)
    row = world.row()
    assert (row.period_open, row.has_goal) == (False, False)
    assert (row.waits_on_nav_since, row.unread_by_nav) == (None, 0)
    assert (row.open_end_dates, row.active_activities) == ([], 0)
    assert row.last_contact_at == NOW


def test_refresh_leaves_right_rows_alone_and_mends_wrong_ones(world: World) -> None:
    other = builders.person(world.office, "Berg", "Jonas")
    assert actions.refresh() == 0
    PortfolioRow.objects.filter(person=world.person).update(unread_by_nav=7)
    PortfolioRow.objects.filter(person=other).delete()
    assert actions.refresh([other.id]) == 1
    assert actions.refresh() == 1
    world.row()


def test_refresh_is_one_statement_whatever_the_number(world: World) -> None:
    people = [builders.person(world.office, "Berg", f"Jonas {number}").id for number in range(5)]
    with CaptureQueriesContext(connection) as one:
        actions.refresh(people[:1])
    with CaptureQueriesContext(connection) as all_of_them:
        actions.refresh(people)
    assert len(one) == len(all_of_them) == 1
    assert actions.refresh([]) == 0


def test_whatever_moves_a_person_moves_the_row() -> None:
    """Also what no action of ours has done: the lists count by the row's office alone."""
    world = World()
    elsewhere = builders.office("0302")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_person SET office_id = %s WHERE id = %s", [elsewhere.id, world.person.id]
        )
    assert PortfolioRow.objects.get(person=world.person).office_id == elsewhere.id
