"""check and import-case: what looks at or brings in data."""

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from dap.cli import demo, django_setup
from dap.core.database import url_for
from dap.core.pg import Cluster
from dap.core.pg_files import Busy
from dap.core.problem import Problem
from dap.demo.volume.state import refuse_unfinished

WAIT_SECONDS = 60


def check(options: argparse.Namespace) -> int:
    """Recompute what is stored twice; exit code 1 if there is a difference."""
    with database(options.data):
        from dap.portfolio import check as portfolio_check

        return int(portfolio_check.run(sys.stdout))


def import_case(options: argparse.Namespace) -> int:
    """Bring in the plans of a case file; exit code 1 if one could not be."""
    if not options.file.is_file():
        raise Problem(f"There is no file {options.file}.")
    with database(options.data):
        from dap.record import case_import

        return int(case_import.run(options.file, sys.stdout))


@contextlib.contextmanager
def database(data: Path | None) -> Iterator[None]:
    """Set Django up on the database of DATABASE_URL, else on the demo's, running or not. Raises Problem."""
    with contextlib.ExitStack() as stack:
        if data or not os.environ.get("DATABASE_URL"):
            folder = demo.data_folder(data)
            if not (folder / "secret").exists():
                raise Problem(
                    "There is no database: set DATABASE_URL, or run ./dap demo first to use the demo's."
                )
            cluster = Cluster(folder / "pg")
            if start_or_attach(cluster):
                stack.callback(cluster.stop)
            os.environ.update(demo.demo_environment(cluster, folder))
        refuse_unfinished(url_for("web", os.environ))
        django_setup.setup("web")
        yield
        django_setup.close()  # before the database stops


def start_or_attach(cluster: Cluster) -> bool:
    """Start the demo's database, or use that of the demo that runs; return whether we started it.

    A short command like ours stops its database when it ends, so that one is waited for. Raises Problem.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            cluster.hold()
            cluster.start(demo.say)
            return True
        except Busy as busy:
            if time.monotonic() > deadline:
                raise
            if demo.PORT_NOTE in busy.holder:
                with contextlib.suppress(Problem):  # the demo is starting
                    cluster.attach()
                    return False
        time.sleep(0.2)
