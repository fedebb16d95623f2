"""A volume into an empty database, phase by phase. Each phase can be stopped anywhere and is gone on with."""

import contextlib
import multiprocessing
import signal
from collections import Counter, deque
from collections.abc import Collection, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, LiteralString

import psycopg
from django.apps import apps
from django.db import connection, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

from dap.core import clock, database
from dap.core.problem import Problem
from dap.demo.volume import personas, rebuild, state
from dap.demo.volume.chunk import TABLES
from dap.demo.volume.faults import GO_ON, as_problems
from dap.demo.volume.offices import office_rows
from dap.demo.volume.rebuild import PRIMARY, Part
from dap.demo.volume.spec import CHUNK, Spec, chunks
from dap.demo.volume.state import Phase
from dap.demo.volume.statements import Tell, in_parallel
from dap.demo.volume.worker import load_chunk, work
from dap.portfolio.actions import refresh
from dap.portfolio.compute import TABLE as OVERVIEW

SEED_LOCK = 7_241_002  # one seed at a time on a database; any fixed number that nobody else takes
OFFICES = -1  # the number of the chunk that all others refer to
FILLED = (*TABLES, OVERVIEW)


@contextlib.contextmanager
def alone(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Yield a connection that holds the seed's lock. Raises Problem when another seed runs here."""
    with as_problems(), database.connect(url) as control:
        version = control.info.server_version
        if version < database.MINIMUM_VERSION:
            raise Problem(f"PostgreSQL {version // 10000} is too old: 15 or newer is needed.")
        row = control.execute("SELECT pg_try_advisory_lock(%s)", [SEED_LOCK]).fetchone()
        if row != (True,):
            raise Problem("Another seed runs on this database: let it finish, or stop it first.")
        control.execute("SET lock_timeout = '20s'")
        yield control


def begin(control: psycopg.Connection[Any], spec: Spec) -> None:
    """Remember what is begun, and take indexes and keys away: both or neither."""
    with as_problems(), control.transaction():
        parts = rebuild.collect(control, FILLED)
        rebuild.drop(control, parts)
        for table in FILLED:
            control.execute(_storage(table, "SET (autovacuum_enabled = false)"))
        control.execute(
            "INSERT INTO demo_seeding (people, seed, day, started_at, phase, rebuild)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [spec.people, spec.seed, spec.day, clock.now(), Phase.LOAD, Jsonb(parts)],
        )


def go_on(control: psycopg.Connection[Any], url: str, tell: Tell, *, processes: int) -> dict[str, int]:
    """Do what is left to do, and return how many rows of each table the volume has. Raises Problem."""
    seeded = state.read(control)
    assert seeded is not None
    with as_problems():
        parts = _parts(control)
        for phase in list(Phase)[list(Phase).index(seeded.phase) :]:
            control.execute("UPDATE demo_seeding SET phase = %s", [phase])
            match phase:
                case Phase.LOAD:
                    _load(control, url, seeded.spec, tell, processes)
                case Phase.TIDY:
                    _tidy(control, url, TABLES, tell)
                case Phase.REBUILD:
                    first = [part for part in parts if part["table"] != OVERVIEW or part["kind"] == PRIMARY]
                    rebuild.restore(control, url, first, tell)
                    rebuild.set_sequences(control, TABLES)
                case Phase.PERSONAS:
                    tell("personas", 0, "", 0)
                    personas.add(seeded.spec.day)
                case Phase.OVERVIEW:
                    tell("overview", 0, "", 0)
                    _overview(control)
                    rebuild.restore(control, url, parts, tell)
                    _tidy(control, url, [OVERVIEW], tell)
        with control.transaction():
            _let_vacuum(control)
            control.execute("UPDATE demo_seeding SET finished_at = %s", [clock.now()])
        return rows(control)


def empty(control: psycopg.Connection[Any], url: str, tell: Tell) -> None:
    """Empty a seeded database, so that it can be seeded anew. Raises Problem where it holds other people."""
    with as_problems():
        parts = _parts(control)
        with control.transaction():
            # Nobody comes between the count and the emptying.
            control.execute("LOCK TABLE people_person, people_office, people_counsellor IN EXCLUSIVE MODE")
            count = "SELECT (SELECT count(*) FROM people_person), count(person_id) FROM demo_demopersona"
            (people, written) = control.execute(count).fetchone() or (0, 0)
            others = people - written - rows(control)["people_person"]
            if others:
                raise Problem(
                    f"{abs(others)} people have come or gone since this database was seeded, so it is not "
                    "emptied: name another folder with --data, or another database."
                )
            control.execute(
                sql.SQL("TRUNCATE {} RESTART IDENTITY").format(
                    sql.SQL(", ").join(map(sql.Identifier, _own_tables(control)))
                )
            )
            control.execute("UPDATE demo_seeding SET phase = %s, finished_at = NULL", [Phase.LOAD])
        rebuild.restore(control, url, parts, tell)
        with control.transaction():
            _let_vacuum(control)
            control.execute("DELETE FROM demo_seeding")


def rows(control: psycopg.Connection[Any]) -> dict[str, int]:
    """Return how many rows of each table have been loaded, the personas' apart."""
    found: Counter[str] = Counter()
    for (loaded,) in control.execute("SELECT rows FROM demo_seededchunk").fetchall():
        found.update(loaded)
    return {table: found[table] for table in TABLES}


def _parts(control: psycopg.Connection[Any]) -> list[Part]:
    (parts,) = control.execute("SELECT rebuild FROM demo_seeding").fetchone() or ([],)
    return list(parts)


def _load(control: psycopg.Connection[Any], url: str, spec: Spec, tell: Tell, processes: int) -> None:
    """Let the processes load the chunks that are missing. Raises Problem when one cannot."""
    loaded = {number for (number,) in control.execute("SELECT number FROM demo_seededchunk").fetchall()}
    missing = [number for number in range(chunks(spec)) if number not in loaded]
    already = spec.people - sum(_size(spec, number) for number in missing)
    done = tell("load", spec.people, "people", already)
    if OFFICES not in loaded:
        load_chunk(control, OFFICES, office_rows(spec))
    waiting = deque(missing)
    running: list[SpawnProcess] = []
    busy: set[Connection] = set()
    try:
        for _ in range(min(processes, len(missing))):
            process, pipe = _start(url, spec)
            running.append(process)
            busy.add(pipe)
            pipe.send(waiting.popleft())
        while busy:
            for pipe in [pipe for pipe in wait(list(busy)) if isinstance(pipe, Connection)]:
                done(_size(spec, _answer(pipe)))
                if waiting:
                    pipe.send(waiting.popleft())
                else:
                    busy.remove(pipe)
                    pipe.close()
    finally:
        for process in running:
            process.terminate()
            process.join()


def _start(url: str, spec: Spec) -> tuple[SpawnProcess, Connection]:
    context = multiprocessing.get_context("spawn")  # a fork would share our connections
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, url, spec), daemon=True)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # it inherits this: Ctrl-C is for us
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, before)
        theirs.close()
    return process, ours


def _answer(pipe: Connection) -> int:
    """Return the number of the chunk that was loaded. Raises Problem."""
    try:
        answer = pipe.recv()
    except (EOFError, OSError):
        raise Problem(
            "A loading process was stopped, or failed with what it printed above; was memory short? "
            f"See to it, {GO_ON}."
        ) from None
    if isinstance(answer, str):
        raise Problem(answer)
    return int(answer)


def _size(spec: Spec, number: int) -> int:
    """How many people the chunk has."""
    return min(CHUNK, spec.people - number * CHUNK)


def _tidy(control: psycopg.Connection[Any], url: str, tables: Collection[str], tell: Tell) -> None:
    """Vacuum and analyze, before there are indexes to read: what reads the rows later need not write them."""
    done = tell("vacuum", len(tables), "tables", 0)
    statements = [
        [sql.SQL("VACUUM (FREEZE, ANALYZE) {}").format(sql.Identifier(table)).as_bytes(control)]
        for table in rebuild.by_size(control, tables)
    ]
    # With PostgreSQL's own 2 MB it would wait for the log at every turn; 15 has no such setting.
    ring = {"vacuum_buffer_usage_limit": "64MB"} if control.info.server_version >= 160000 else {}
    in_parallel(url, statements, ring, done)


def _overview(control: psycopg.Connection[Any]) -> None:
    """Let the overview compute its rows, as it does for `refresh` anywhere."""
    control.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(OVERVIEW)))  # what a stopped one has left
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        refresh(None)


def _let_vacuum(control: psycopg.Connection[Any]) -> None:
    for table in FILLED:
        control.execute(_storage(table, "RESET (autovacuum_enabled)"))


def _storage(table: str, what: LiteralString) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} {}").format(sql.Identifier(table), sql.SQL(what))


def _own_tables(control: psycopg.Connection[Any]) -> list[str]:
    """The tables of our rooms and the sessions, as far as they exist here; not what tells of the seed."""
    models = apps.get_models(include_auto_created=True)
    names = [model._meta.db_table for model in models if model.__module__.startswith("dap.")]
    names = [name for name in [*names, "django_session"] if name != "demo_seeding"]
    there = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)"
    return [name for (name,) in control.execute(there, [names]).fetchall()]
