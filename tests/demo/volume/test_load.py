"""A volume in a real database: whole when it is finished, the same rows wherever it was stopped."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO

import psycopg
import pytest
from psycopg import errors, sql

from dap.core import clock
from dap.core.database import OWNER, WEB
from dap.core.problem import Problem
from dap.demo import seed
from dap.demo.models import DemoPersona, Seeding
from dap.demo.volume import load, personas, rebuild, state
from dap.demo.volume.faults import sentence
from dap.demo.volume.spec import Spec
from dap.people.models import Office, Person
from dap.plan.models import Goal
from dap.portfolio import check
from dap.portfolio.models import PortfolioRow
from tests.conftest import NOW, address

SPEC = Spec(people=2100, seed=7, day=date(2026, 11, 18))
"""Two chunks, the second short."""
Control = psycopg.Connection[tuple[object, ...]]


def quiet(_what: str, _total: int, _unit: str, _already: int) -> Callable[[int], None]:
    return lambda _count: None


@pytest.fixture
def control(committed: None) -> Iterator[Control]:
    """The owner's connection with the seed's lock; whatever happens, indexes and keys stand afterwards."""
    with load.alone(address(OWNER)) as connection:
        before = catalog(connection)
        yield connection
        row = connection.execute("SELECT rebuild FROM demo_seeding").fetchone()
        if row:
            rebuild.restore(connection, address(OWNER), row[0], quiet)  # type: ignore[arg-type]  # JSON
            load._let_vacuum(connection)
        assert catalog(connection) == before


def catalog(connection: Control) -> list[object]:
    """All that the load takes away, as the catalog tells it."""
    found: list[object] = connection.execute(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid),"
        "   convalidated, conindid::regclass, condeferrable)"
        "   FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        " UNION ALL SELECT concat_ws(' ', relname, reloptions) FROM pg_class"
        "   WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
    ).fetchall()  # fmt: skip
    return found


def digest(connection: Control) -> dict[str, object]:
    """A sum of all rows of each table, whatever their order on the disk."""
    return {
        table: connection.execute(
            sql.SQL(
                "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {} t"
            ).format(sql.Identifier(table))
        ).fetchone()
        for table in load.FILLED
    }


def go_on(control: Control, tell: load.Tell = quiet, processes: int = 2) -> dict[str, int]:
    with clock.frozen(NOW):
        return load.go_on(control, address(OWNER), tell, processes=processes)


class Stop:
    """Ends a phase at its beginning, or after some of its work: as Ctrl-C, or as a statement that fails."""

    def __init__(self, phase: str, after: int = 0, error: type[BaseException] = KeyboardInterrupt) -> None:
        self.phase, self.left, self.error = phase, after, error

    def __call__(self, what: str, total: int, unit: str, already: int) -> Callable[[int], None]:
        def done(_count: int) -> None:
            self.left -= 1
            if what == self.phase and self.left == 0:
                raise self.error

        if what == self.phase and self.left == 0:
            raise self.error
        return done if what == self.phase else lambda _count: None


def test_a_finished_volume_is_whole(control: Control) -> None:
    load.begin(control, SPEC)
    loaded = go_on(control)

    seeded = state.read(control)
    assert seeded == state.Seeded(SPEC, state.Phase.OVERVIEW, finished=True)
    state.refuse_unfinished(address(WEB))
    assert loaded["people_person"] == SPEC.people
    assert loaded["plan_activity"] > SPEC.people
    assert Person.objects.count() == SPEC.people + personas.people() == PortfolioRow.objects.count()
    report = StringIO()
    assert check.run(report) == 0, report.getvalue()

    somebody = Person.objects.filter(goals__isnull=False, periods__ended_at=None).order_by("id")[0]
    newest = Goal.objects.order_by("-id")[0].id
    more = Goal.objects.create(
        person=somebody, period=somebody.periods.get(ended_at=None), text="Jobb", at=NOW, by_side="BRUKER"
    )
    assert more.id == newest + 1, "its own numbers go on past those that were loaded"
    (statistics,) = control.execute(
        "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND reltuples > 0", [list(load.FILLED)]
    ).fetchone() or (0,)
    assert statistics == len(load.FILLED), "analyzed"

    # The written people, and staff of the largest office, can log in.
    largest = max(Office.objects.all(), key=lambda office: office.people.count())
    assert DemoPersona.objects.filter(person__isnull=False).count() == len(seed.ABOUT)
    assert {persona.about for persona in DemoPersona.objects.filter(rank__gte=200)} == {
        f"Veileder, {largest.name}",
        f"Leder, {largest.name}",
    }


def test_stopped_anywhere_it_gives_the_same_rows(control: Control) -> None:
    load.begin(control, SPEC)
    with pytest.raises(KeyboardInterrupt):
        go_on(control, Stop("personas"), processes=1)
    undisturbed = digest(control)
    with clock.frozen(NOW):
        load.empty(control, address(OWNER), quiet)
    assert not any(
        count
        for count, _ in digest(control).values()  # type: ignore[misc]  # a count and a sum
    )

    load.begin(control, SPEC)
    for stop in (
        Stop("load"),
        Stop("load", 1),
        Stop("vacuum", 2, errors.QueryCanceled),
        Stop("indexes"),
        Stop("indexes", 5, errors.QueryCanceled),
        Stop("foreign keys"),
        Stop("foreign keys", 3, errors.QueryCanceled),
        Stop("personas"),
    ):
        wanted = KeyboardInterrupt if stop.error is KeyboardInterrupt else Problem
        with pytest.raises(wanted):
            go_on(control, stop, processes=1)
        with pytest.raises(Problem, match=r"not whole\. Go on with \./dap seed --people 2100 --seed 7 "):
            state.refuse_unfinished(address(WEB))
    assert digest(control) == undisturbed
    for stop in (Stop("overview"), Stop("indexes", 1, errors.QueryCanceled), Stop("foreign keys")):
        with pytest.raises((KeyboardInterrupt, Problem)):
            go_on(control, stop)
    # As after a crash between the personas' commit and the note of it.
    control.execute("UPDATE demo_seeding SET phase = %s", [state.Phase.PERSONAS])
    go_on(control)
    assert check.run(StringIO()) == 0
    assert DemoPersona.objects.filter(person__isnull=False).count() == len(seed.ABOUT), "only once"


def test_a_chunk_that_is_there_is_not_loaded_twice(control: Control) -> None:
    load.begin(control, SPEC)
    texts = {"people_office": b"7\t0007\tNav Her\n"}
    load.load_chunk(control, 5, texts)
    load.load_chunk(control, 5, texts)
    assert control.execute("SELECT count(*) FROM people_office").fetchone() == (1,)
    control.execute("DELETE FROM people_office")


def test_another_person_in_a_seeded_database_keeps_it_from_being_emptied(control: Control) -> None:
    load.begin(control, SPEC)
    office = Office.objects.create(number="0001", name="Nav Her")
    Person.objects.create(
        first_name="Ny", last_name="Her", name_key="her ny", birth_date=date(1990, 1, 1), office=office
    )
    with pytest.raises(Problem, match="1 people have come or gone"):
        load.empty(control, address(OWNER), quiet)
    assert Person.objects.count() == 1


def test_two_seeds_at_once_the_second_is_refused(control: Control) -> None:
    with pytest.raises(Problem, match="Another seed runs"), load.alone(address(OWNER)):
        pass


def test_a_database_is_empty_without_people_offices_and_staff(control: Control) -> None:
    assert state.people_in(control) is None
    Office.objects.create(number="0001", name="Nav Her")
    assert state.people_in(control) == 0


def test_nothing_was_seeded_where_the_tables_are_not(control: Control) -> None:
    with control.transaction(force_rollback=True):
        control.execute("DROP TABLE demo_seeding")
        assert state.read(control) is None


def ends(*_arguments: object) -> None:
    os._exit(9)


def test_a_loading_process_that_dies_is_a_sentence(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    load.begin(control, SPEC)
    monkeypatch.setattr(load, "work", ends)
    with pytest.raises(Problem, match="A loading process was stopped"):
        go_on(control)
    assert Seeding.objects.get().phase == state.Phase.LOAD


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.DiskFull(), "disk of the database is full: make room"),
        (errors.OutOfMemory(), "ran out of memory"),
        (errors.LockNotAvailable(), "Another program uses the tables"),
        (errors.UniqueViolation(), "do not fit together"),
        (errors.AdminShutdown(), "went away"),
        (psycopg.OperationalError("server closed"), "went away; was it stopped, or is its disk full"),
    ],
)
def test_what_the_database_says_becomes_a_sentence(error: psycopg.Error, said: str) -> None:
    assert said in sentence(error)
