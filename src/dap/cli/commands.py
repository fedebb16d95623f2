"""The list of commands: one place for names, help texts and options. Standard library only.

The `dap` script reads it before anything is installed, so `./dap --help` costs nothing. A command's function
is named as text and imported when it runs.
"""

import argparse
import contextlib
from datetime import date
from pathlib import Path

DEFAULT_PORT = 8000


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; `run` in its result names the function to call."""
    parser = argparse.ArgumentParser(
        prog="dap",
        description="Digital aktivitetsplan. From a fresh clone, Python 3.11 to 3.13 is all that is needed.",
        epilog="dap COMMAND --help tells more. docs/operations.md is about running it for others.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", dest="command")

    def add(name: str, run: str, text: str, more: str = "") -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}. {more}".strip()
        )
        command.set_defaults(run=f"dap.cli.{run}")
        return command

    demo = add(
        "demo",
        "demo:run",
        "the real thing on this machine, with invented people",
        "Starts its own PostgreSQL, the web and the worker on 127.0.0.1, and says who to log in as. "
        "Ctrl-C stops it; what was written is there next time.",
    )
    demo.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help=f"where to listen (default {DEFAULT_PORT})"
    )
    demo.add_argument(
        "--data", type=Path, metavar="DIR", help="where to keep the data (default .dap beside dap)"
    )

    add(
        "test",
        "testing:run",
        "the whole suite: style, types, import contracts and tests, browser included",
        "Everything after `test` goes to pytest, for example: dap test tests/house -k lock.",
    ).usage = "dap test [PYTEST ARGUMENT ...]"

    serve = add("serve", "server:serve", "the web, on the database of DATABASE_URL")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    serve.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help=f"where to listen (default {DEFAULT_PORT})"
    )
    serve.add_argument("--processes", type=int, default=1, metavar="N", help="web processes (default 1)")
    serve.add_argument("--access-log", action="store_true", help="log each request, without its query string")

    add("worker", "server:worker", "the worker, which runs jobs from the database's queue")
    add(
        "migrate",
        "server:migrate",
        "bring the database to this version: roles, tables, rights",
        "Safe to repeat, and to run on two machines at once.",
    )
    check = add(
        "check",
        "data:check",
        "recompute what is stored twice, and report any difference",
        "On the database of DATABASE_URL, else on the demo's.",
    )
    check.add_argument("--data", type=Path, metavar="DIR", help="the demo's data, if not .dap beside dap")

    import_case = add(
        "import-case",
        "data:import_case",
        "bring in plans from a JSON case file, all or nothing per case",
        "Into the database of DATABASE_URL, else into the demo's, running or not.",
    )
    import_case.add_argument(
        "--data", type=Path, metavar="DIR", help="the demo's data, if not .dap beside dap"
    )
    import_case.add_argument("file", type=Path, metavar="FILE", help="the case file")

    _add_seed(
        add(
            "seed",
            "seed:run",
            "a whole country of invented people into an empty database, to measure on",
            "Into the database of DATABASE_URL, else into one of our own, made if missing. When it was "
            "stopped, the same command goes on. 650,000 people take about ten minutes on two cores and 15 GB "
            "of disk.",
        )
    )
    _add_bench(
        add(
            "bench",
            "bench:pages",
            "measure how fast it is, on a database that seed has filled",
            "Prints a JSON line for each thing measured and a summary line, and a table on standard error. "
            "The exit code is 0 when it was measured, whatever the figures say.",
        )
    )
    return parser


def _add_seed(seed: argparse.ArgumentParser) -> None:
    seed.add_argument("--people", type=_people, required=True, metavar="N", help="how many people")
    seed.add_argument(
        "--seed", type=_seed, default=1, metavar="S", help="which country: the same again by the same number"
    )
    seed.add_argument(
        "--day",
        type=_day,
        metavar="YYYY-MM-DD",
        help="the day that it stands at, nothing is later (default today)",
    )
    seed.add_argument("--data", type=Path, metavar="DIR", help="where to keep it, if not .dap beside dap")
    seed.add_argument("--anew", action="store_true", help="empty what an earlier seed made, and begin again")


def _add_bench(bench: argparse.ArgumentParser) -> None:
    names = bench.add_subparsers(metavar="NAME", title="what to measure", dest="bench", required=True)

    def add(name: str, text: str, more: str) -> argparse.ArgumentParser:
        one = names.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}. {more}")
        one.set_defaults(run=f"dap.cli.bench:{name}")
        return one

    def add_served(name: str, text: str, more: str) -> argparse.ArgumentParser:
        """One that measures the real service: on which database, and how it is run."""
        one = add(name, text, more)
        one.add_argument(
            "--data", type=Path, metavar="DIR", help="the data that seed has filled, if not .dap beside dap"
        )
        one.add_argument("--seed", type=int, default=1, metavar="S", help="chooses the people (default 1)")
        one.add_argument("--port", type=_port, help="where the web listens meanwhile (default a free port)")
        one.add_argument("--processes", type=_count, default=1, metavar="N", help="web processes (default 1)")
        one.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="a setting of the embedded PostgreSQL for this run, any number of times",
        )
        return one

    pages = add_served(
        "pages",
        "pages and acts, one client",
        "The acts really write: cards are moved there and back, messages are added.",
    )
    pages.add_argument("--count", type=_count, default=200, metavar="N", help="people a page (default 200)")
    pages.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="only these; an unknown name lists them all"
    )
    load = add_served(
        "load",
        "a mixed load that rises until a page takes too long",
        "It writes: messages, cards and drafts, as in the busiest hour of the worst month.",
    )
    load.add_argument("--seconds", type=_count, default=15, metavar="N", help="a step's length (default 15)")
    load.add_argument("--mix", action="store_true", help="show what the load consists of, and stop")
    add_served(
        "paint",
        "what a person waits for in a browser, desktop and phone",
        "Needs Chromium. It moves cards and sends messages.",
    )
    growth = add(
        "growth",
        "the figures of several volumes in one table and one plot",
        "Each FILE holds what `bench pages` printed for one volume.",
    )
    growth.add_argument("files", nargs="+", type=Path, metavar="FILE", help="saved output of bench pages")
    growth.add_argument(
        "--out",
        type=Path,
        default=Path("docs/growth.svg"),
        metavar="SVG",
        help="where to draw the plot (default docs/growth.svg)",
    )


def _people(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError(f"{text} is not a number of people: choose from 1 to 10000000")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) > 1_000_000_000:
        raise argparse.ArgumentTypeError(f"{text} is not a seed: choose a number from 0 to 1000000000")
    return int(text)


def _day(text: str) -> date:
    """A day since 2020: the histories reach back years from it, and benefits and levels are of our time."""
    with contextlib.suppress(ValueError):
        day = date.fromisoformat(text)
        if len(text) == 10 and day.year >= 2020:
            return day
    raise argparse.ArgumentTypeError(f"{text} is not a day: write it as 2026-11-20, 2020 or later")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to 100000")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: choose a number from 1 to 65535")
    return int(text)
