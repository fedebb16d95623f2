"""The statements of a page against its budget; dap.bench.counting counts them."""

from collections.abc import Callable

from dap.bench import counting

WITH_FRAME = counting.OWN + counting.FRAME
READING = 4
"""Once, when a page shows unread messages: lock, mark, event, row of the overview."""


def statements_of(page: Callable[[], object]) -> list[str]:
    """The statements that a page sends, without transaction control."""
    return [statement.sql for statement in counting.statements_of(page)]


def assert_statements(page: Callable[[], object], *, at_most: int = WITH_FRAME) -> list[str]:
    """The page stays within the budget, frame included; gives its statements."""
    sent = statements_of(page)
    shown = "\n".join(f"{number:2} {sql[:160]}" for number, sql in enumerate(sent, 1))
    assert len(sent) <= at_most, f"{len(sent)} statements, at most {at_most}:\n{shown}"
    return sent
