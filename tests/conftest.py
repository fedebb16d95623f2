"""The harness: a real PostgreSQL with the real roles, and a clock that tests set.

`./dap test` starts the server; here a database of its own is made for the run, migrated as the owner
and used as the web role, so that a missing right or a wrong grant fails here and not in production.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from dap.core import clock
from dap.core.database import OWNER, ROLES, SUPERUSER, WEB, django_database, parse, url_for

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
"""A Wednesday, 10.00 in Norway."""
DATABASE = f"dap_test_{os.getpid()}"


def address(role: str) -> str:
    """The address of the run's own database, as a role."""
    parts = {**parse(url_for(role, os.environ)), "dbname": DATABASE}
    return psycopg.conninfo.make_conninfo("", **parts)


def use_role(role: str) -> None:
    """Let Django's connection be this role's."""
    from django.db import connections

    connections.close_all()
    connections.settings["default"].update(django_database(address(role)))
    del connections["default"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the database, migrate it, give the roles their rights, and be the web role."""
    from django.core.management import call_command

    from dap.config import grants

    server = {**parse(url_for(SUPERUSER, os.environ)), "dbname": "postgres"}
    name, owner = sql.Identifier(DATABASE), sql.Identifier(ROLES[OWNER])
    with psycopg.connect(psycopg.conninfo.make_conninfo("", **server), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
        with django_db_blocker.unblock():
            use_role(OWNER)
            call_command("migrate", verbosity=0, interactive=False)
            grants.apply()
            use_role(WEB)
        yield
        with django_db_blocker.unblock():
            connection.close()
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database whose transactions really commit, for tests with several connections; emptied afterwards."""
    with django_db_blocker.unblock():
        yield
        connection.close()
        empty_database()


def empty_database() -> None:
    """Empty every table as the owner (the web role may not)."""
    with psycopg.connect(address(OWNER), autocommit=True) as owner:
        tables = owner.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
            " AND c.relname <> 'django_migrations' AND c.relname NOT LIKE 'procrastinate%%'"
        ).fetchall()
        names = sql.SQL(", ").join(sql.Identifier(name) for (name,) in tables)
        owner.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))


@pytest.fixture
def at_noon() -> Iterator[datetime]:
    """The clock stands still at NOW."""
    with clock.frozen(NOW):
        yield NOW
