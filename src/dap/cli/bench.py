"""bench: how fast it is, on a database that `seed` has filled. The measurements are in dap.bench."""

import argparse
import contextlib
import os
import secrets
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dap.bench import watch
from dap.cli import data, demo, django_setup, server
from dap.cli.children import Child
from dap.core.database import WEB, connect, url_for
from dap.core.pg import Cluster
from dap.core.problem import Problem
from dap.demo.volume import state

if TYPE_CHECKING:
    from dap.bench.figures import Figure


SETTINGS = ("shared_buffers", "work_mem", "effective_cache_size", "jit", "synchronous_commit")
"""Told with the figures, since they decide them; what `--set` gives besides is told too."""


@dataclass(frozen=True)
class Service:
    """What is measured: the port of the web, its process, and the database's cluster when it is ours."""

    port: int
    web_pid: int
    cluster: Cluster | None


def pages(options: argparse.Namespace) -> int:
    """Measure pages and acts, one client."""
    with database_and_web(options) as service:
        from dap.bench import pages as bench

        _finish(bench.run(service.port, options), options)
    return 0


def load(options: argparse.Namespace) -> int:
    """Measure a mixed load that rises until it is too much."""
    from dap.bench import mix

    if options.mix:
        demo.say(mix.table())
        return 0
    with database_and_web(options) as service:
        from dap.bench import load as bench

        _finish(bench.run(service.port, service.web_pid, service.cluster, options), options)
    return 0


def paint(options: argparse.Namespace) -> int:
    """Measure what a person waits for in a browser."""
    from dap.cli.testing import find_chromium

    options.chromium = find_chromium()
    with database_and_web(options) as service:
        from dap.bench import paint as bench

        _finish(bench.run(service.port, options), options)
    return 0


def growth(options: argparse.Namespace) -> int:
    """Put the figures of several volumes beside each other."""
    from dap.bench import growth as bench

    return int(bench.run(options))


@contextlib.contextmanager
def database_and_web(options: argparse.Namespace) -> Iterator[Service]:
    """Start or find the database, set Django up on it, and run the production server before it.

    Raises Problem when there is no database, or the web does not answer.
    """
    options.ticks = watch.machine_ticks()
    with _database(options) as cluster:
        port = options.port or _free_port()
        server.check_port(demo.HOST, port)
        arguments = ["serve", "--host", demo.HOST, "--port", str(port), "--processes", str(options.processes)]
        inherited = {key: value for key, value in os.environ.items() if key != "DAP_DATABASE_ROLE"}
        web = Child("The web", arguments, inherited)
        try:
            web.start()
            demo.wait_until_answering(web, port)
            assert web.process is not None
            yield Service(port, web.process.pid, cluster)
        finally:
            web.stop()


@contextlib.contextmanager
def _database(options: argparse.Namespace) -> Iterator[Cluster | None]:
    """As cli.data.database, with settings for the server, and the demo's cookies on any database."""
    chosen = server_settings(options.set)
    with contextlib.ExitStack() as stack:
        cluster = None
        if options.data or not os.environ.get("DATABASE_URL"):
            folder = demo.data_folder(options.data)
            if not (folder / "secret").exists():
                raise Problem(
                    "There is no database: fill one with ./dap seed --people N, or set DATABASE_URL."
                )
            cluster = Cluster(folder / "pg", settings=chosen)
            if data.start_or_attach(cluster):
                stack.callback(cluster.stop)
            elif chosen:
                raise Problem("The demo runs on this database: stop it first to try settings with --set.")
            os.environ.update(demo.demo_environment(cluster, folder))
        elif chosen:
            raise Problem("--set is for the embedded server: give yours its settings where it is started.")
        _refuse_unseeded()
        os.environ["DAP_DEMO"] = "1"  # over plain HTTP on loopback no browser keeps production's cookies
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
        django_setup.setup("web")
        try:
            yield cluster
        finally:
            django_setup.close()  # before the database stops


def _refuse_unseeded() -> None:
    """Raise Problem unless the database holds a whole volume: acts write, to invented people only."""
    url = url_for(WEB, os.environ)
    state.refuse_unfinished(url)
    with connect(url) as connection:
        if state.read(connection) is None:
            raise Problem(
                "This database was not filled by ./dap seed, and a measurement writes: "
                "choose another with --data DIR, filled by ./dap seed --people N --data DIR."
            )


def server_settings(given: list[str]) -> dict[str, str]:
    """The settings of `--set NAME=VALUE`, given any number of times. Raises Problem."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise Problem(f"--set {text} is not understood: write NAME=VALUE, such as work_mem=16MB.")
        found[name.strip()] = value.strip()
    return found


def machine(options: argparse.Namespace) -> Mapping[str, object]:
    """What the figures hold for: server version, cores, web processes, and settings that were chosen."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s) ORDER BY name",
            [["server_version", *SETTINGS]],
        )
        shown = dict(cursor.fetchall())
    return {
        "postgresql": shown.pop("server_version"),
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        "stolen": watch.stolen_share(options.ticks, watch.machine_ticks()),
        "processes": options.processes,
        "settings": shown | server_settings(options.set),
    }


def _finish(measured: "list[Figure]", options: argparse.Namespace) -> None:
    """The summary; each figure's own line has been printed when it was measured."""
    from dap.bench import figures
    from dap.demo.models import Seeding

    extra: dict[str, Any] = {"seed": options.seed, **machine(options)}
    figures.finish(Seeding.objects.get().people, measured, extra)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((demo.HOST, 0))
        return int(probe.getsockname()[1])
