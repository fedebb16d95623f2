"""seed: a whole country of invented people into an empty database, to measure on."""

import argparse
import contextlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg

from dap.cli import demo, django_setup, server
from dap.cli.bootstrap import say
from dap.cli.progress import Progress
from dap.core import clock, database, pg_files
from dap.core.pg import Cluster
from dap.core.problem import Problem
from dap.demo.volume import state
from dap.demo.volume.faults import GO_ON
from dap.demo.volume.spec import Spec

BYTES_A_PERSON = 22_000  # measured on 65,000 people: 18 kB stay, and up to 28 kB with the log of changes
BYTES_MORE = 1_000_000_000  # what does not grow: of the log at most 2 GB are kept
NEARLY_FULL = 200_000_000  # bytes; with less PostgreSQL cannot even make its next log file
MOST_PROCESSES = 8
SETTINGS = {
    "wal_level": "minimal",  # what is made and filled in one transaction is not logged: indexes, the overview
    "max_wal_senders": "0",
}
"""Of the embedded server while it is seeded."""


def run(options: argparse.Namespace) -> int:
    """Seed, or go on with what was stopped; a table on standard error, one JSON line on standard output."""
    began = time.monotonic()
    if options.day and options.day > clock.today():
        raise Problem(f"The day {options.day} has not come: name today's or an earlier one with --day.")
    with _database(options) as folder, _full_disk_named(folder):
        from dap.demo.volume import load

        url = database.url_for("owner", os.environ)
        with load.alone(url) as control:
            if not _prepared(control, url, options):
                return 0
            memory = _Memory(of_database=folder is None)
            try:
                with Progress(sys.stderr, memory.sample) as progress:
                    rows = load.go_on(control, url, progress.tell, processes=_processes())
            except (KeyboardInterrupt, SystemExit):
                say("Stopped. The same command (without --anew) goes on from here.")
                raise
            _report(control, options, rows, time.monotonic() - began, memory)
    return 0


@contextlib.contextmanager
def _database(options: argparse.Namespace) -> Iterator[Path | None]:
    """Set Django up as the owner of DATABASE_URL's database, else of our own, made if missing.

    Yields the folder of the data if it is ours. Raises Problem: also when the disk is too small.
    """
    os.environ["DAP_DEMO"] = "1"  # the tables that remember a seed are the demo's
    with contextlib.ExitStack() as stack:
        data = None
        if options.data or not os.environ.get("DATABASE_URL"):
            folder = demo.data_folder(options.data)
            cluster = Cluster(folder / "pg", settings=SETTINGS)
            stack.callback(cluster.stop)
            cluster.hold("seeding")
            data = pg_files.server_folder(cluster.home, pg_files.server_account())
            _check_disk(data, options.people)
            cluster.start(say)
            database.ensure_roles(cluster.url("superuser", "postgres"), "dap", login=True)
            os.environ.update(demo.demo_environment(cluster, folder))
        else:
            server.prepare_roles()
        django_setup.setup("owner")
        stack.callback(django_setup.close)  # before the database stops
        yield data


def _check_disk(data: Path, people: int) -> None:
    """Raise Problem when the disk cannot hold so many people. What is there already counts."""
    there = sum(file.stat().st_size for file in data.rglob("*") if file.is_file())
    needed = people * BYTES_A_PERSON + BYTES_MORE - there
    free = shutil.disk_usage(data).free
    if free < max(needed, NEARLY_FULL):
        raise Problem(
            f"{people} people need about {needed / 1e9:.1f} GB more on the disk of {data}, and "
            f"{free / 1e9:.1f} GB are free: make room, name another folder with --data, or seed fewer people."
        )


@contextlib.contextmanager
def _full_disk_named(data: Path | None) -> Iterator[None]:
    """PostgreSQL that cannot write its log ends without saying why: say it for it."""
    try:
        yield
    except Problem:
        if data and shutil.disk_usage(data).free < NEARLY_FULL:
            raise Problem(f"The disk of {data} is full: make room on it, {GO_ON}.") from None
        raise


def _prepared(control: psycopg.Connection[Any], url: str, options: argparse.Namespace) -> bool:
    """Bring the database to where rows can be loaded; False when all stand there already. Raises Problem."""
    from dap.demo.volume import load

    seeded = state.read(control)
    if seeded and options.anew:
        with Progress(sys.stderr, lambda: None) as progress:
            load.empty(control, url, progress.tell)
        seeded = None
    if seeded is None:
        people = state.people_in(control)
        if people is not None:
            raise Problem(
                f"The database is not empty: it holds {people} people that no seed made. "
                "seed fills an empty one: name another folder with --data, or another database."
            )
        server.apply_migrations(verbosity=0)
        load.begin(control, Spec(options.people, options.seed, options.day or clock.today()))
        return True
    given = (options.people, options.seed, options.day or seeded.spec.day)
    same = given == (seeded.spec.people, seeded.spec.seed, seeded.spec.day)
    if seeded.finished:
        if not same:
            raise Problem(
                f"The database holds another volume, that of {seeded.command} --day {seeded.spec.day}: "
                "add --anew to empty it and begin again, or name another folder with --data."
            )
        say(f"{seeded.spec.people} people stand here already: {seeded.command} --day {seeded.spec.day}.")
        return False
    if not same:
        raise Problem(
            f"Another seed was interrupted here: go on with {seeded.command} "
            "(and --data, if you gave it), or add --anew to begin again."
        )
    if _to_migrate():
        raise Problem(
            "The interrupted seed was begun by an older version of the program: add --anew to begin again."
        )
    say(f"Going on with the interrupted seed (phase {seeded.phase}).")
    return True


def _to_migrate() -> bool:
    """Whether there are migrations that this database has not had."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _processes() -> int:
    """One loading process a core."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, MOST_PROCESSES)


class _Memory:
    """The peak of what our processes and the database use together, in MiB; None where nobody may look."""

    def __init__(self, *, of_database: bool) -> None:
        from dap.bench import watch

        # Our own server runs below us; another one is looked for on this machine.
        self.roots = [os.getpid(), *(watch.database_roots() if of_database else [])]
        self.whole = not of_database or len(self.roots) > 1
        self.peak_mib: float | None = None

    def sample(self) -> None:
        """Look once."""
        from dap.bench import watch

        now = watch.memory_mib(watch.tree(self.roots))
        if now is not None:
            self.peak_mib = max(self.peak_mib or 0.0, now)


def _report(
    control: psycopg.Connection[Any],
    options: argparse.Namespace,
    rows: Mapping[str, int],
    seconds: float,
    memory: _Memory,
) -> None:
    """The table for people, and the line for programs."""
    (size,) = control.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    disk = round(size / 2**20)
    for table, count in rows.items():
        say(f"  {table:<32}{count:>12,}")
    say(f"  {'seconds':<32}{seconds:>12,.1f}")
    say(f"  {'disk (MiB)':<32}{disk:>12,}")
    if memory.peak_mib is not None:
        whose = "memory at its peak (MiB)" if memory.whole else "our memory at its peak (MiB)"
        say(f"  {whose:<32}{memory.peak_mib:>12,.0f}")
    figures = {
        "name": "seed",
        "people": options.people,
        "seconds": round(seconds, 1),
        "items": dict(rows),
        "peak_mib": memory.peak_mib,
        "disk_mib": disk,
    }
    print(json.dumps(figures), flush=True)
