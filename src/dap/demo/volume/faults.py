"""What the database may say while a volume is seeded, each as one sentence that says what to do."""

import contextlib
from collections.abc import Iterator

import django.db
import psycopg
from psycopg import errors

from dap.core.problem import Problem

GO_ON = "run the same command (without --anew) and it goes on where it stopped"


@contextlib.contextmanager
def as_problems() -> Iterator[None]:
    """Raise a Problem instead of an error of psycopg or Django's database layer."""
    try:
        yield
    except psycopg.Error as error:
        raise Problem(sentence(error)) from None
    except django.db.Error as error:
        cause = error.__cause__
        raise Problem(sentence(cause if isinstance(cause, psycopg.Error) else psycopg.Error())) from None


def sentence(error: psycopg.Error) -> str:
    """Return what it means. Never the error's details, which may hold values of rows."""
    match error:
        case errors.DiskFull():
            return f"The disk of the database is full: make room on it, {GO_ON}."
        case errors.OutOfMemory():
            return f"The database ran out of memory: end other programs, {GO_ON}."
        case errors.LockNotAvailable() | errors.DeadlockDetected():
            return f"Another program uses the tables: stop web, worker and demo on this database, {GO_ON}."
        case errors.InsufficientPrivilege():
            return (
                f"The owner's login may not do this ({error.diag.message_primary}): docs/operations.md says "
                f"how the roles are set up; then {GO_ON}."
            )
        case errors.IntegrityError():
            return (
                f"The rows do not fit together ({error.diag.message_primary}): the database was changed "
                "since the seed began. Begin again with --anew."
            )
    if error.diag.message_primary is None or isinstance(error, errors.AdminShutdown | errors.CrashShutdown):
        return f"The database went away; was it stopped, or is its disk full? See to it, {GO_ON}."
    return f"The database refused ({error.diag.message_primary}): see to it, {GO_ON}."
