"""serve, worker and migrate: the three processes of a deployment."""

import argparse
import errno
import os
import socket

from dap.cli import django_setup
from dap.core import database
from dap.core.problem import Problem
from dap.demo.volume.state import refuse_unfinished

# Two migrations at once would fail on each other's tables; any fixed number will do.
MIGRATION_LOCK = 7_241_001


def serve(options: argparse.Namespace) -> int:
    """Run the web until it is told to stop."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    check_port(options.host, options.port)
    refuse_unfinished(database.url_for("web", os.environ))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dap.config.settings")
    Granian(
        "dap.config.front:app",
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        workers=options.processes,
        websockets=False,
        respawn_failed_workers=options.processes
        > 1,  # a single one ends the command, and is seen from outside
        workers_kill_timeout=10,  # seconds for requests under way; event streams would wait for ever
        log_level=LogLevels.info if options.access_log else LogLevels.warning,
        log_access=options.access_log,
        # No query string: it may hold what a person has searched for.
        log_access_format='[%(time)s] "%(method)s %(path)s" %(status)d %(dt_ms).0f ms',
    ).serve()
    return 0


def worker(_options: argparse.Namespace) -> int:
    """Run jobs until told to stop; jobs under way get ten seconds to finish."""
    refuse_unfinished(database.url_for("web", os.environ))
    django_setup.setup("web")
    from procrastinate.contrib.django import app

    # As Procrastinate's own management command does, without what it prints.
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]  # Django's connector has it
        app.run_worker(delete_jobs="successful", shutdown_graceful_timeout=10)
    return 0


def migrate(_options: argparse.Namespace) -> int:
    """Bring roles, tables and rights to this version."""
    prepare_roles()
    django_setup.setup("owner")
    apply_migrations(verbosity=1)
    return 0


def prepare_roles() -> None:
    """Make the roles in the database of DATABASE_URL where they are missing. Raises Problem."""
    given = {name for name in database.VARIABLES.values() if os.environ.get(name, "").strip()}
    if "DATABASE_SUPERUSER_URL" in given or "DATABASE_OWNER_URL" not in given:
        database.ensure_roles(database.url_for("superuser", os.environ))
    # else an administrator has made the logins, and the owner's may not make roles


def apply_migrations(*, verbosity: int) -> None:
    """Migrate as the connection's role (the owner) and give the other roles their rights."""
    from django.core.management import call_command

    from dap.config import grants

    with database.connect(database.url_for("owner", os.environ)) as lock:
        lock.execute("select pg_advisory_lock(%s)", [MIGRATION_LOCK])
        call_command("migrate", interactive=False, verbosity=verbosity)
        grants.apply()


def check_port(host: str, port: int) -> None:
    """Raise Problem if we cannot listen there. Granian itself would share a port with its like, silently."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Problem(
                    f"Port {port} is taken by another program: choose another with --port."
                ) from None
            raise Problem(
                f"Port {port} on {host} cannot be used ({error.strerror}): choose another."
            ) from None
