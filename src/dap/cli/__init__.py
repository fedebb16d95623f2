"""The commands of `./dap`: `commands` lists them, `bootstrap` prepares the folder, the others do the work."""

import importlib
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from dap.cli import parent
from dap.cli.commands import build_parser
from dap.core.problem import Problem


def main(arguments: list[str]) -> int:
    """Run one command; return its exit code. A Problem becomes one sentence and exit code 1."""
    parser = build_parser()
    # What follows `test` is pytest's, options too, which argparse would claim for itself.
    to_pytest = (
        arguments[1:] if arguments[:1] == ["test"] and arguments[1:2] not in (["-h"], ["--help"]) else []
    )
    options = parser.parse_args(arguments[: len(arguments) - len(to_pytest)])
    options.pytest = to_pytest
    if not options.command:
        parser.print_help()
        return 0
    parent.follow()
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a script's background job starts with it ignored
    module, function = options.run.split(":")
    run: Callable[[object], int]
    try:
        run = getattr(importlib.import_module(module), function)
        return run(options)
    except Problem as problem:
        print(f"dap {options.command}: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """End on SIGTERM as on Ctrl-C, so that everything below us is stopped in order."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(143)
