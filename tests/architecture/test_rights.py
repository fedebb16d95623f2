"""What the web role may do in the database: a fault in the program can't rewrite history or make tables."""

import os

import psycopg
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from psycopg import errors

from dap.core.database import OWNER, ROLES, WEB
from tests.conftest import address

pytestmark = pytest.mark.django_db

ALL = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
APPEND_ONLY = frozenset({"SELECT", "INSERT"})
EVERY_PRIVILEGE = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

EXPECTED = {
    "access_auditentry": APPEND_ONLY,
    "core_draft": ALL,
    "core_idempotencykey": ALL,
    "demo_demopersona": ALL,
    "demo_seededchunk": ALL,
    "demo_seeding": ALL,
    "dialogue_message": APPEND_ONLY,
    "dialogue_thread": ALL,
    "dialogue_threadevent": APPEND_ONLY,
    "django_migrations": frozenset(),
    "django_session": ALL,
    "people_assignment": ALL,
    "people_benefithistory": ALL,
    "people_counsellor": ALL,
    "people_counsellor_offices": ALL,
    "people_followupperiod": ALL,
    "people_levelhistory": ALL,
    "people_office": ALL,
    "people_officehistory": ALL,
    "people_person": ALL,
    "people_personnumber": ALL,
    "people_registrationhistory": ALL,
    "plan_activity": ALL,
    "plan_activitychange": APPEND_ONLY,
    "plan_activityseen": ALL,
    "plan_goal": APPEND_ONLY,
    "portfolio_portfoliorow": ALL,
    "portfolio_search": ALL,
    "procrastinate_events": ALL,
    "procrastinate_jobs": ALL,
    "procrastinate_periodic_defers": ALL,
    "procrastinate_workers": ALL,
}


def tables(*, partitions: bool) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relispartition = %s",
            [partitions],
        )
        return sorted(name for (name,) in cursor.fetchall())


def held(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(%s::text[]) AS p WHERE has_table_privilege(current_user, %s, p)",
            [list(EVERY_PRIVILEGE), f'public."{table}"'],
        )
        return {privilege for (privilege,) in cursor.fetchall()}


def scalar(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_every_table_stands_in_the_list_and_every_model_has_its_table() -> None:
    assert tables(partitions=False) == sorted(EXPECTED)
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert models <= set(EXPECTED)


@pytest.mark.parametrize("table", EXPECTED)
def test_the_web_role_has_exactly_these_rights(table: str) -> None:
    assert held(table) == EXPECTED[table]


def test_the_suite_runs_as_the_web_role_which_owns_nothing() -> None:
    assert scalar("SELECT current_user") == "dap_web"
    assert scalar("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == 0
    assert (
        scalar("SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        is False
    )
    assert scalar("SELECT pg_has_role(current_user, 'dap_owner', 'member')") is False
    assert scalar("SELECT has_schema_privilege(current_user, 'public', 'CREATE')") is False
    assert scalar("SELECT has_database_privilege(current_user, current_database(), 'CREATE')") is False


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE noe (id int)",
        "ALTER TABLE people_person ADD COLUMN noe int",
        "DROP TABLE people_person",
        "TRUNCATE dialogue_thread",
        "UPDATE access_auditentry SET allowed = true",
        "DELETE FROM access_auditentry",
        "UPDATE dialogue_message SET text = ''",
        "DELETE FROM dialogue_threadevent",
        "UPDATE plan_activitychange SET version = 1",
        "DELETE FROM plan_goal",
        "SELECT * FROM django_migrations",
        "SELECT * FROM access_auditentry_rest",
        "CREATE OR REPLACE FUNCTION access_ensure_audit_partitions() RETURNS integer"
        " LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION access_ensure_audit_partitions() SECURITY INVOKER",
    ],
)
def test_the_web_role_is_refused(statement: str) -> None:
    with pytest.raises(ProgrammingError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)


def test_the_web_role_can_not_become_the_owner() -> None:
    """With a login of its own. One login for all roles is told to be weaker in docs/operations.md."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        (login,) = cursor.fetchone()
    if login != ROLES[WEB]:
        assert "DATABASE_OWNER_URL" not in os.environ, "a web login of its own is expected"
        return
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"SET ROLE {ROLES[OWNER]}")


def test_the_audit_log_has_its_months_ahead_and_the_web_role_may_make_them() -> None:
    partitions = tables(partitions=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_char(date_trunc('month', now()) + i * interval '1 month', 'YYYY_MM')"
            " FROM generate_series(0, 3) i"
        )
        months = [f"access_auditentry_{month}" for (month,) in cursor.fetchall()]
        cursor.execute("SELECT access_ensure_audit_partitions()")
        assert cursor.fetchone() == (0,)
    assert set(months) <= set(partitions)
    for partition in partitions:
        assert held(partition) == set(), f"{partition} can be reached beside the log"


def test_the_function_that_makes_partitions_is_for_the_web_role_and_nobody_else() -> None:
    name = "public.access_ensure_audit_partitions()"
    of_it = f"FROM pg_proc WHERE oid = '{name}'::regprocedure"
    assert scalar(f"SELECT has_function_privilege('dap_web', '{name}', 'EXECUTE')") is True
    assert scalar(f"SELECT proacl IS NULL OR proacl::text ~ '[{{,]=X' {of_it}") is False, "PUBLIC may call it"
    assert scalar(f"SELECT proconfig::text LIKE '%search_path%' {of_it}") is True


def test_the_erase_role_holds_nothing_until_it_has_its_function() -> None:
    with (
        psycopg.connect(address("erase"), autocommit=True) as erase,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        erase.execute("SELECT * FROM people_person")
