"""The SQL statements of a page: its own, those of the frame, and what its own cost without the program."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection

TRANSACTION = re.compile(r"^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET TRANSACTION)", re.I)
"""Transaction control is no statement of the page; in tests savepoints stand in for BEGIN and COMMIT."""
OWN, FRAME = 8, 4
"""At most so many of the page's own, and of the frame: session, actor, audit, seen (DESIGN.md section 6)."""
_SESSION = re.compile(r'"django_session"')
_ACTOR = re.compile(r'FROM "people_(person|counsellor)"')
_AUDIT = re.compile(r'INSERT INTO "access_auditentry"')


@dataclass(frozen=True)
class Statement:
    """One statement as Django sent it."""

    sql: str
    params: Any
    many: bool = False


@dataclass(frozen=True)
class Split:
    """The statements of one request."""

    own: list[Statement]
    frame: list[Statement]


def statements_of(request: Callable[[], object]) -> list[Statement]:
    """The statements that a request sends through Django's connection, without transaction control."""
    sent: list[Statement] = []

    def remember(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not TRANSACTION.match(sql):
            sent.append(Statement(sql, params, many))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        request()
    return sent


def split(sent: Sequence[Statement]) -> Split:
    """Tell the frame's statements from the page's own. The frame is what every page has:

    - whatever is about the session, and directly after its first reading that of the actor
      (`access.middleware.visitor`);
    - the audit row and all that comes after it (`access.views.reader`: the seen marks of a look; what an act
      writes stands before its audit row).
    """
    own: list[Statement] = []
    frame: list[Statement] = []
    audited = False
    for number, statement in enumerate(sent):
        audited = audited or bool(_AUDIT.match(statement.sql))
        actor = number == 1 and _SESSION.search(sent[0].sql) and _ACTOR.search(statement.sql)
        of_frame = audited or actor or _SESSION.search(statement.sql)
        (frame if of_frame else own).append(statement)
    return Split(own, frame)


@contextmanager
def bare_connection() -> Iterator[psycopg.Connection[Any]]:
    """A connection as Django makes them (adapters, cursors, no prepared statements), without Django."""
    parameters = connection.get_connection_params()
    with psycopg.connect(**parameters, autocommit=True) as bare:
        bare.execute("SELECT set_config('TimeZone', %s, false)", [connection.timezone_name])
        yield bare


def floor_seconds(bare: psycopg.Connection[Any], own: Sequence[Statement], *, writes: bool = False) -> float:
    """Seconds that these statements and their rows take on this connection, in one transaction.

    It is read-only for a page; an act's is rolled back (`writes`).
    """
    bare.execute("BEGIN" if writes else "BEGIN READ ONLY")
    try:
        with bare.cursor() as cursor:
            began = time.perf_counter()
            for statement in own:
                send = cursor.executemany if statement.many else cursor.execute
                send(statement.sql, statement.params)
                if cursor.description:
                    cursor.fetchall()
            return time.perf_counter() - began
    finally:
        bare.execute("ROLLBACK")
