"""No page may get dearer unseen: statements, rows touched and bytes stand in a committed table.

The volume has one office of 3,000 people, full plans and long threads. Its tables are small, so the ways that
pay in small tables only are shut: what is counted is what would be touched in a large country.
"""

import gzip
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from dap.bench import counting
from dap.bench.counting import Statement
from dap.bench.journeys import JOURNEYS, Journey, Kind, send
from dap.bench.pages import Inside
from dap.bench.subjects import Subjects
from dap.core import clock
from dap.core.database import OWNER
from dap.demo.volume import rebuild
from dap.demo.volume.chunk import TABLES, chunk_rows
from dap.demo.volume.offices import office_rows
from dap.demo.volume.spec import Spec, chunks
from dap.demo.volume.worker import load_chunk
from dap.portfolio.actions import refresh
from tests.conftest import NOW, address, empty_database

from .page_costs import COSTS, Cost

SPEC = Spec(people=3000, seed=3, day=date(2026, 11, 18))
LOOKS = 5
ROWS_MORE = 1.3
BYTES_MORE = 1.1
"""How much dearer than the table: names, texts and the planner's guesses vary a little."""
SMALL_WAYS = ("enable_seqscan", "enable_mergejoin", "enable_hashjoin")


@pytest.fixture(scope="module")
def subjects(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Subjects]:
    """A small country, with its indexes, and statistics on every row."""
    with django_db_blocker.unblock(), clock.frozen(NOW):
        with psycopg.connect(address(OWNER), autocommit=True) as owner:
            load_chunk(owner, -1, office_rows(SPEC))
            for number in range(chunks(SPEC)):
                load_chunk(owner, number, chunk_rows(SPEC, number))
            rebuild.set_sequences(owner, TABLES)
            owner.execute("SET default_statistics_target = 1000")
            owner.execute("VACUUM (ANALYZE)")  # computing everybody's rows without it may take minutes
            refresh(None)
            owner.execute("VACUUM (ANALYZE) portfolio_portfoliorow")
        with Subjects(1) as found:
            yield found
        connection.close()
        empty_database()


def touched(plan: dict[str, Any]) -> float:
    """The rows that the scans of a plan read, each as often as it ran, those thrown away included."""
    own = 0.0
    if "Scan" in plan["Node Type"] and plan["Node Type"] not in ("Subquery Scan", "CTE Scan"):
        thrown_away = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        own = (plan.get("Actual Rows", plan["Plan Rows"]) + thrown_away) * plan.get("Actual Loops", 1)
    return own + sum(touched(child) for child in plan.get("Plans", []))


def rows_of(statement: Statement) -> float:
    """What a reading statement touches, and what the planner expects of a writing one."""
    first = statement.sql.split(maxsplit=1)[0].upper()
    reads = first == "SELECT" and "FOR " not in statement.sql and "pg_advisory" not in statement.sql
    if first not in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        return 0
    with connection.cursor() as cursor:
        for way in SMALL_WAYS:
            cursor.execute(f"SET {way} = off")
        how = "ANALYZE, TIMING OFF, FORMAT JSON" if reads else "FORMAT JSON"
        cursor.execute(f"EXPLAIN ({how}) {statement.sql}", statement.params)
        (found,) = cursor.fetchone()
        for way in SMALL_WAYS:
            cursor.execute(f"RESET {way}")
    return touched(found[0]["Plan"])


def cost_of(journey: Journey, subjects: Subjects) -> tuple[Cost, str]:
    """The dearest of some looks, and its dearest statement."""
    found = []
    dearest = (0.0, "")
    for look in journey.looks(subjects, LOOKS):
        visitor = Inside(look.cookie)
        ask = look.prepare(visitor)
        if journey.kind is not Kind.ACT:
            send(visitor, ask)  # the first look marks what it shows as read
        answers = []
        sent = counting.split(counting.statements_of(lambda: answers.append(send(visitor, ask))))  # noqa: B023
        each = [(rows_of(statement), statement.sql) for statement in sent.own]
        dearest = max(dearest, *each)
        rows = sum(count for count, _ in each)
        found.append((len(sent.own), len(sent.frame), rows, len(gzip.compress(answers[0].body, 6))))
        if ask.undo:
            send(visitor, ask.undo(answers[0]))
    own, frame, rows, size = (max(values) for values in zip(*found, strict=True))
    return Cost(own, frame, round(rows), round(size / 1000, 1)), f"{dearest[0]:.0f} rows in {dearest[1]}"


def test_the_table_names_what_is_measured() -> None:
    assert list(COSTS) == [journey.name for journey in JOURNEYS]


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
def test_a_page_costs_what_the_table_says(journey: Journey, subjects: Subjects) -> None:
    with clock.frozen(NOW):
        cost, dearest = cost_of(journey, subjects)
    allowed = COSTS.get(journey.name, Cost(0, 0, 0, 0))
    line = f'    "{journey.name}": {cost},'
    assert (cost.own, cost.frame) == (allowed.own, allowed.frame), f"statements changed:\n{line}"
    assert cost.kilobytes <= allowed.kilobytes * BYTES_MORE, f"more bytes:\n{line}"
    assert cost.rows <= allowed.rows * ROWS_MORE + 5, f"more rows touched:\n{line}\n{dearest}"
    assert cost.rows * 2 >= allowed.rows - 10, f"far fewer rows touched, so the table is old:\n{line}"
    if journey.kind is not Kind.ACT:
        assert cost.own <= counting.OWN and cost.frame <= counting.FRAME
