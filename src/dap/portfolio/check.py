"""`./dap check`: recompute what is stored twice, and report every difference by ids only."""

import time
from typing import Any, TextIO

from django.db import connection

from dap.portfolio import compute
from dap.portfolio.invariants import INVARIANTS, Invariant
from dap.portfolio.models import PortfolioRow

SHOWN = 100
"""Differences of one kind that are printed one by one; of the rest only the number."""


def run(out: TextIO) -> int:
    """Print each difference and one line of summary; return 0 when all is as it should be, else 1.

    Every statement compares within its own snapshot, so writes that go on meanwhile do no harm.
    """
    began = time.monotonic()
    differences = _report(Invariant("overview: rows as computed", _ROWS_DIFFER), out, compute.rows(None)[1])
    for invariant in INVARIANTS:
        differences += _report(invariant, out, None)
    people = PortfolioRow.objects.count()
    seconds = time.monotonic() - began
    found = (
        "no difference" if not differences else f"{differences} DIFFERENCE{'S' if differences > 1 else ''}"
    )
    print(f"check: {found} in {people} people and {len(INVARIANTS) + 1} rules, {seconds:.1f} s", file=out)
    return 1 if differences else 0


def _report(invariant: Invariant, out: TextIO, parameters: dict[str, Any] | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(invariant.sql, parameters)
        count = 0
        for found_id, text in cursor:
            count += 1
            if count <= SHOWN:
                print(f"{invariant.name}: {found_id} {text}", file=out)
    if count > SHOWN:
        print(f"{invariant.name}: and {count - SHOWN} more", file=out)
    return count


def _rows_differ() -> str:
    """Both ways at once: rows that are missing, left over, or different (with the columns that are)."""
    columns = ", ".join(
        f"CASE WHEN fresh.{column} IS DISTINCT FROM stored.{column} THEN '{column}' END"
        for column in compute.COLUMNS
    )
    computed, _ = compute.rows(None)
    fresh = ", ".join(f"fresh.{column}" for column in compute.COLUMNS)
    stored = ", ".join(f"stored.{column}" for column in compute.COLUMNS)
    return f"""
        SELECT coalesce(fresh.person_id, stored.person_id),
               CASE WHEN stored.person_id IS NULL THEN 'has no row'
                    WHEN fresh.person_id IS NULL THEN 'has a row too many'
                    ELSE concat('differs in ', concat_ws(', ', {columns})) END
          FROM ({computed}) fresh
          FULL JOIN {compute.TABLE} stored ON stored.person_id = fresh.person_id
         WHERE ({fresh}) IS DISTINCT FROM ({stored})"""  # noqa: S608  our own names


_ROWS_DIFFER = _rows_differ()
