"""What the database itself refuses: history is append-only, and the constraints hold in any case."""

from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction

from dap.access import audit
from dap.access.models import AuditEntry
from dap.config.grants import APPEND_ONLY
from dap.core.enums import Side
from dap.dialogue.models import Message, Thread
from dap.people.models import Assignment, FollowUpPeriod, LevelHistory, PersonNumber
from dap.plan import actions
from dap.plan.enums import Status
from dap.plan.models import Activity, ActivityChange

from .. import factories
from ..factories import NOW, TODAY, House


@pytest.fixture
def filled(house: House) -> House:
    """Every append-only table has a row."""
    card = factories.activity(house.citizen, house.by_citizen)
    factories.thread(house.citizen, house.by_citizen, about=card)
    actions.set_goal(person=house.citizen, text="Jobb", seen_goal_id=None, by=house.by_citizen, at=NOW)
    audit.write(actor=house.by_citizen, what="test", people=[house.citizen.id])
    return house


@pytest.mark.feature("X4")
@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("verb", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_web_role_can_neither_change_nor_delete_history(filled: House, table: str, verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        (rows,) = cursor.fetchone()
    assert rows > 0
    statement = verb.format(table).replace(
        "SET at", "SET sent_at" if table == "dialogue_message" else "SET at"
    )
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (rows,)


@pytest.mark.feature("X4")
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE plan_activity ADD COLUMN x int",
        "DROP TABLE plan_goal",
        "SELECT * FROM django_migrations",
        "DELETE FROM access_auditentry_rest",
    ],
)
def test_the_web_role_can_not_help_itself_to_more(db: None, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.feature("X4")
def test_an_audit_row_lands_in_the_partition_of_its_month_or_in_the_rest(house: House) -> None:
    audit.write(
        actor=None, what="look", people=[house.citizen.id, house.citizen.id], allowed=False, reason="NO"
    )
    entry = AuditEntry.objects.get(what="look")
    assert (entry.actor_key, entry.people, entry.at, entry.allowed) == (
        "anonym:-",
        [house.citizen.id],
        NOW,
        False,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_ensure_audit_partitions()")
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'access_auditentry'::regclass")
        assert cursor.fetchone()[0] >= 5, "this month, three to come, and the rest"


def test_a_person_has_one_open_period_one_counsellor_and_one_number(house: House) -> None:
    person = house.citizen
    taken = PersonNumber.objects.get(person=person).number
    for wrong in (
        lambda: FollowUpPeriod.objects.create(person=person, started_at=NOW),
        lambda: Assignment.objects.create(person=person, counsellor_id=house.colleague.id, from_at=NOW),
        lambda: LevelHistory.objects.create(person=person, level="BATT", from_date=TODAY),
        lambda: PersonNumber.objects.filter(person=house.neighbour).update(number=taken),
        lambda: FollowUpPeriod.objects.filter(person=person).update(ended_at=factories.BEGAN - timedelta(1)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    FollowUpPeriod.objects.filter(person=person).update(ended_at=NOW)
    FollowUpPeriod.objects.create(person=person, started_at=NOW)


def test_plan_and_dialogue_hold_together_whatever_the_program_does(filled: House) -> None:
    card, thread = Activity.objects.get(), Thread.objects.get()
    message = {"thread": thread, "sent_at": NOW, "text": "x", "by_side": Side.NAV}
    cards = Activity.objects.filter(id=card.id)
    for wrong in (
        lambda: cards.update(to_date=card.from_date - timedelta(days=1)),
        lambda: cards.update(status="FERDIG"),
        lambda: cards.update(version=-1),
        lambda: ActivityChange.objects.create(activity=card, version=1, at=NOW, kind="AVTALT", by_side="NAV"),
        lambda: Message.objects.create(number=1, **message),
        lambda: Thread.objects.filter(id=thread.id).update(nav_read_no=2),
        lambda: Thread.objects.create(
            person=filled.citizen, period=thread.period, activity=card, title="x",
            created_at=NOW, last_message_at=NOW, by_side=Side.NAV,
        ),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    with pytest.raises(DataError), transaction.atomic():
        cards.update(title="x" * 101)
    assert Status(Activity.objects.get().status) is Status.PLANNED
