"""Counting the SQL statements of a page: its own, and those of the frame."""

import re
from collections.abc import Callable
from typing import Any

from django.db import connection

TRANSACTION = re.compile(r"^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET TRANSACTION)", re.I)
"""Transaction control is no statement of the page; in tests savepoints stand in for BEGIN and COMMIT."""
WITH_FRAME = 12
"""At most 8 statements of the page's own, and 4 of the frame: session, actor, audit, seen (DESIGN.md 6)."""
READING = 6
"""Once, when a page shows unread messages: two locks, what is left, mark, event, row of the overview."""


def statements_of(page: Callable[[], object]) -> list[str]:
    """The statements that a page sends, without transaction control."""
    sent: list[str] = []

    def remember(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not TRANSACTION.match(sql):
            sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        page()
    return sent


def assert_statements(page: Callable[[], object], *, at_most: int = WITH_FRAME) -> list[str]:
    """The page stays within the budget, frame included; gives its statements."""
    sent = statements_of(page)
    shown = "\n".join(f"{number:2} {sql[:160]}" for number, sql in enumerate(sent, 1))
    assert len(sent) <= at_most, f"{len(sent)} statements, at most {at_most}:\n{shown}"
    return sent
