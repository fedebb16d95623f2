"""How far a seed has come, as its database remembers it. Plain SQL: asked before Django is set up, too."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg

from dap.core import database
from dap.core.problem import Problem
from dap.demo.volume.spec import Spec


class Phase(StrEnum):
    """What is being done; in this order, each finished before the next begins."""

    LOAD = "load"
    TIDY = "tidy"
    REBUILD = "rebuild"
    PERSONAS = "personas"
    OVERVIEW = "overview"


@dataclass(frozen=True)
class Seeded:
    """The volume of a database, whole or not."""

    spec: Spec
    phase: Phase
    finished: bool

    @property
    def command(self) -> str:
        """The command that goes on with it."""
        return f"./dap seed --people {self.spec.people} --seed {self.spec.seed}"


def read(connection: psycopg.Connection[Any]) -> Seeded | None:
    """Return what was seeded here, or None: also where the demo's tables are not."""
    (table,) = connection.execute("SELECT to_regclass('public.demo_seeding')").fetchone() or (None,)
    if table is None:
        return None
    row = connection.execute(
        "SELECT people, seed, day, phase, finished_at IS NOT NULL FROM demo_seeding"
    ).fetchone()
    return row and Seeded(Spec(row[0], row[1], row[2]), Phase(row[3]), row[4])


def people_in(connection: psycopg.Connection[Any]) -> int | None:
    """Return how many people the database holds; None when it is empty, without offices and staff too."""
    (table,) = connection.execute("SELECT to_regclass('public.people_person')").fetchone() or (None,)
    if table is None:
        return None
    people, others = connection.execute(
        "SELECT (SELECT count(*) FROM people_person),"
        " EXISTS (SELECT FROM people_office) OR EXISTS (SELECT FROM people_counsellor)"
    ).fetchone() or (0, False)
    return people if people or others else None


def refuse_unfinished(url: str) -> None:
    """Raise Problem when the database holds a volume that is not whole: it looks like one, and is none."""
    with database.connect(url) as connection:
        seeded = read(connection)
    if seeded and not seeded.finished:
        raise Problem(
            f"This database is being seeded, or that was interrupted (phase {seeded.phase}), so it is not "
            f"whole. Go on with {seeded.command} (and --data, if you gave it), or add --anew to begin again."
        )
