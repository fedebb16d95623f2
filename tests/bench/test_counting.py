"""Which statements are a page's own, and what they cost alone."""

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from dap.bench.counting import Statement, bare_connection, floor_seconds, split, statements_of
from dap.core.models import Draft
from dap.people.models import Office, Person

from ..access.visiting import Visitor
from ..factories import House


def heads(statements: list[Statement]) -> list[str]:
    """The verb and the first table of each."""
    return [
        f"{one.sql.split()[0]} {one.sql.split('FROM ')[-1].split('INTO ')[-1].split()[0]}"
        for one in statements
    ]


def test_session_actor_and_audit_are_the_frame_and_the_rest_is_the_pages_own(house: House) -> None:
    visitor = Visitor(house.counsellor)
    found = split(statements_of(lambda: visitor.read(reverse("office_people"))))
    assert heads(found.frame) == [
        'SELECT "django_session"',
        'SELECT "people_counsellor"',
        'INSERT "access_auditentry"',
    ]
    assert len(found.own) == 3 and not any("django_session" in one.sql for one in found.own)


def test_the_person_that_a_page_is_about_is_its_own_the_one_who_looks_is_not(house: House) -> None:
    address = reverse("person:plan", kwargs={"person_id": house.citizen.id})
    citizen, staff = Visitor(house.by_citizen), Visitor(house.counsellor)
    oneself = split(statements_of(lambda: citizen.read(address)))
    assert heads(oneself.frame)[1] == 'SELECT "people_person"'
    other = split(statements_of(lambda: staff.read(address)))
    assert heads(other.frame)[1] == 'SELECT "people_counsellor"'
    assert heads(other.own)[0] == 'SELECT "people_person"'


def test_what_an_act_writes_is_its_own(house: House) -> None:
    visitor = Visitor(house.by_citizen)
    path = reverse("person:thread_new", kwargs={"person_id": house.citizen.id})
    fields = {**visitor.form(path), "title": "Hei", "text": "Hei"}
    found = split(statements_of(lambda: visitor.send(path, fields)))
    assert any('"dialogue_message"' in one.sql for one in found.own)
    assert any("portfolio_portfoliorow" in one.sql for one in found.own)
    assert heads(found.frame)[-1] == 'INSERT "access_auditentry"'


def test_transaction_control_is_not_counted(db: None) -> None:
    def page() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT x")
            cursor.execute("SELECT 1")
            cursor.execute("RELEASE SAVEPOINT x")

    assert [one.sql for one in statements_of(page)] == ["SELECT 1"]


def test_the_floor_sends_the_statements_with_their_parameters_and_keeps_nothing(committed: None) -> None:
    def page() -> None:
        list(Office.objects.filter(number="0000", id__in=[1, 2]))
        Draft.objects.create(actor_key="x", place="y", fields={"a": "å"}, saved_at="2026-11-18T09:00Z")

    office, draft = statements_of(page)
    Draft.objects.all().delete()
    with bare_connection() as bare:
        assert 0 < floor_seconds(bare, [office]) < 5
        assert 0 < floor_seconds(bare, [office, draft], writes=True) < 5
    assert not Draft.objects.exists()


def test_the_floor_of_a_page_is_read_only(committed: None) -> None:
    sent = statements_of(lambda: Person.objects.filter(first_name="x").update(first_name="y"))
    with bare_connection() as bare:
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            floor_seconds(bare, sent)
        assert floor_seconds(bare, []) >= 0  # and the connection is as before
