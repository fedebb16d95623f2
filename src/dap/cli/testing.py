"""test: style, types, import contracts and pytest, on a database of its own."""

# ruff: noqa: S603 - running tools is what this file is for

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from dap.cli.demo import root, say
from dap.core import database
from dap.core.pg import Cluster
from dap.core.problem import Problem

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
STAGES = {
    "ruff check": ["-m", "ruff", "check", "--quiet", ".", "dap"],
    "ruff format": ["-m", "ruff", "format", "--check", "--quiet", ".", "dap"],
    "mypy": ["-m", "mypy", "--config-file", "pyproject.toml", "src/dap"],
    "import contracts": ["-c", LINT_IMPORTS, "--no-logo"],
    "pytest": ["-m", "pytest"],
}


def run(options: argparse.Namespace) -> int:
    """Run every stage, whatever the ones before said; return the first failure's exit code."""
    os.environ["DAP_CHROMIUM"] = find_chromium()
    results: list[tuple[str, int]] = []
    with test_database() as environment:
        for name, command in STAGES.items():
            extra = options.pytest if name == "pytest" else []
            began = time.monotonic()
            code = subprocess.call(
                [sys.executable, *command, *extra], cwd=root(), env=os.environ | environment
            )
            say(f"{name}: {'ok' if code == 0 else f'FAILED (code {code})'}, {time.monotonic() - began:.1f} s")
            results.append((name, code))
    failed = [(name, code) for name, code in results if code != 0]
    if failed:
        say(f"Failed: {', '.join(name for name, _ in failed)}.")
    return failed[0][1] if failed else 0


@contextlib.contextmanager
def test_database() -> Iterator[dict[str, str]]:
    """Yield the variables of the database to test on: DATABASE_URL's server, else a cluster of our own.

    Roles are there; the owner may make databases. Tests make theirs through DATABASE_SUPERUSER_URL.
    """
    settings = {
        "DAP_TESTING": "1",
        "SECRET_KEY": "only-for-tests",
        "DJANGO_SETTINGS_MODULE": "dap.config.settings",
    }
    if os.environ.get("DATABASE_URL"):
        url = database.url_for("superuser", os.environ)
        database.ensure_roles(url, createdb=True)
        yield settings | {"DATABASE_SUPERUSER_URL": url}
        return
    with Cluster.temporary() as cluster:
        database.ensure_roles(cluster.url("superuser", "postgres"), "dap", login=True, createdb=True)
        yield settings | {variable: cluster.url(role) for role, variable in database.VARIABLES.items()}


def find_chromium() -> str:
    """Return the path of a Chromium: DAP_CHROMIUM, the system's, Playwright's, or by apt. Raises Problem."""
    wanted = os.environ.get("DAP_CHROMIUM")
    if wanted:
        if os.access(wanted, os.X_OK):
            return wanted
        raise Problem(f"DAP_CHROMIUM is {wanted}, which is not a program: correct it or unset it.")
    found = _on_path() or _from_playwright()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("No Chromium here: installing it with apt …")
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
            subprocess.run(
                command, check=False, capture_output=True, stdin=subprocess.DEVNULL, env=environment
            )
    found = _on_path()
    if found:
        return found
    raise Problem(
        "The browser tests need Chromium: install it (as root: apt install chromium), or run "
        ".venv/bin/python -m playwright install chromium, or set DAP_CHROMIUM to its path."
    )


def _on_path() -> str | None:
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def _from_playwright() -> str | None:
    """Return the Chromium that `playwright install` fetched, newest first, without starting its driver."""
    places = {"darwin": Path.home() / "Library/Caches/ms-playwright"}
    default = places.get(sys.platform, Path.home() / ".cache/ms-playwright")
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or default)
    programs = [
        *folder.glob("chromium-*/chrome-linux*/chrome"),
        *folder.glob("chromium-*/chrome-mac*/*.app/Contents/MacOS/*"),
    ]
    usable = [program for program in programs if os.access(program, os.X_OK)]
    return str(max(usable, key=lambda program: program.stat().st_mtime)) if usable else None
