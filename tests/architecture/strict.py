"""What the hostile harness watches while pages are fetched: unordered queries, and statements."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

SOURCE = str(Path(__file__).resolve().parents[2] / "src")
_BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET ")


@contextmanager
def unordered_queries() -> Iterator[list[str]]:
    """Collect where a query without an order gave several rows: the database promises no order for them."""
    found: list[str] = []
    fetch = QuerySet._fetch_all

    def watching(queryset: "QuerySet") -> None:
        fresh = queryset._result_cache is None
        fetch(queryset)
        if fresh and len(queryset._result_cache) > 1 and not queryset.ordered:
            frames = [f for f in traceback.extract_stack() if f.filename.startswith(SOURCE)]
            where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
            found.append(f"{where} {queryset.model.__name__}")

    QuerySet._fetch_all = watching  # type: ignore[method-assign]
    try:
        yield found
    finally:
        QuerySet._fetch_all = fetch  # type: ignore[method-assign]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the SQL statements, without those that only begin and end transactions."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [q["sql"] for q in captured.captured_queries if not q["sql"].lstrip().startswith(_BOOKKEEPING)]
