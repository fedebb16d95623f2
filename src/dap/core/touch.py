"""Which people an act has changed, so that their rows in the overview are refreshed once.

An action says `touch(person_id)`; the wrapper of all writes calls `flush()` before commit.
What a refresh does is wired in config, since the overview stands above the rooms that write.
"""

from collections.abc import Callable, Collection
from contextvars import ContextVar
from uuid import UUID

_touched: ContextVar[frozenset[UUID]] = ContextVar("touched", default=frozenset())
_refresh: Callable[[Collection[UUID]], object] | None = None


def refresh_with(refresh: Callable[[Collection[UUID]], object]) -> None:
    """Wire what refreshes the rows (called once, by config)."""
    global _refresh
    _refresh = refresh


def touch(person_id: UUID) -> None:
    """Remember that this person's row must be refreshed before commit."""
    _touched.set(_touched.get() | {person_id})


def forget() -> None:
    """Start afresh: at the beginning of an act, and after a rollback."""
    _touched.set(frozenset())


def flush() -> None:
    """Refresh the rows of all touched people, in the running transaction."""
    touched = _touched.get()
    forget()
    if touched and _refresh is not None:
        _refresh(sorted(touched))
