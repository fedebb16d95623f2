"""The list of commands: one place for names, help texts and options. Standard library only.

The `dap` script reads it before anything is installed, so `./dap --help` costs nothing. A command's function
is named as text and imported when it runs.
"""

import argparse
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
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: choose a number from 1 to 65535")
    return int(text)
