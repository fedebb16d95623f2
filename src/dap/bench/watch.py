"""What a measurement costs the machine: processor and memory of processes, the database's connections.

Read from /proc. What may not be read there (another account's memory, another machine's database) is None.
"""

import os
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

_PROC = Path("/proc")
_STOLEN = 7
"""The place of the stolen time among `machine_ticks`."""
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Reading:
    """The processor time that each group has used up to a moment (monotonic seconds), in seconds."""

    at: float
    processor: Mapping[str, float | None]


class Watch:
    """Watches groups of processes, each a tree below its roots: {"web": [pid], …}. No roots: unknown.

    And the machine as a whole: what it does besides our groups is somebody else's, and in the way.
    """

    def __init__(self, groups: Mapping[str, Collection[int]]) -> None:
        self.groups = groups

    def read(self) -> Reading:
        """The processor time used until now."""
        used = {name: processor_seconds(tree(roots)) for name, roots in self.groups.items()}
        used["machine"] = machine_seconds()
        return Reading(time.monotonic(), used)

    def cores(self, first: Reading, last: Reading) -> dict[str, float | None]:
        """How many cores each group kept busy between two readings: 1.0 is one core all the time."""
        seconds = last.at - first.at
        busy: dict[str, float | None] = {}
        for name in first.processor:
            before, after = first.processor[name], last.processor[name]
            busy[name] = None
            if before is not None and after is not None:
                busy[name] = round((after - before) / seconds, 2)
        return busy

    def memory_mib(self) -> dict[str, float | None]:
        """The memory of each group now: proportional set size, so that shared pages count once. MiB."""
        return {name: memory_mib(tree(roots)) for name, roots in self.groups.items()}


def tree(roots: Collection[int]) -> list[int]:
    """The processes with these numbers and all below them, now."""
    parents: dict[int, list[int]] = {}
    for folder in _PROC.glob("[0-9]*"):
        fields = _stat(int(folder.name))
        if fields:
            parents.setdefault(int(fields[1]), []).append(int(folder.name))
    found: list[int] = []
    waiting = [pid for pid in roots if _stat(pid)]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += parents.get(pid, [])
    return found


def processor_seconds(pids: Collection[int]) -> float | None:
    """Seconds that these processes, and those below them that have ended, have run. None without any."""
    times = [_stat(pid) for pid in pids]
    ticks = [sum(int(field) for field in one[11:15]) for one in times if one]
    return sum(ticks) / _TICKS if ticks else None


def machine_ticks() -> list[int]:
    """Clock ticks of all cores since the machine started: user, nice, system, idle, waiting, two kinds of
    interrupt, stolen. Empty where the kernel does not tell."""
    try:
        line = (_PROC / "stat").read_text().partition("\n")[0]
    except OSError:
        return []
    return [int(ticks) for ticks in line.split()[1:9]]


def machine_seconds() -> float | None:
    """Seconds that all cores together have been busy since the machine started; None: unknown."""
    if len(ticks := machine_ticks()) < _STOLEN:
        return None
    user, nice, system, _idle, _wait, *interrupts = ticks[:_STOLEN]
    return (user + nice + system + sum(interrupts)) / _TICKS


def stolen_share(before: Sequence[int], after: Sequence[int]) -> float | None:
    """The share of the cores' time that other machines on the same host took between two `machine_ticks`.

    On a shared host it can be half, and every time that was measured is longer by as much. None: unknown.
    """
    spent = [late - early for early, late in zip(before, after, strict=False)]
    if len(spent) <= _STOLEN or not any(spent):
        return None
    return round(spent[_STOLEN] / sum(spent), 2)


def memory_mib(pids: Collection[int]) -> float | None:
    """Proportional set size of these processes together; None when one may not be read, or without any."""
    total = 0
    for pid in pids:
        try:
            text = (_PROC / str(pid) / "smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        except OSError:
            return None
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return round(total / 1024, 1) if total else None


def database_roots() -> list[int]:
    """The number of the database's first process when it runs on this machine, else nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    own = _stat(backend)
    if not own or _name(backend) != "postgres":
        return []
    first = int(own[1])
    return [first] if _name(first) == "postgres" else []


def connections() -> int:
    """How many clients the server has, all its databases together; ours that asks is one of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
        return int(cursor.fetchone()[0])


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent … ; nothing when it has ended."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return []
    return text[text.rindex(")") + 2 :].split()  # the name in brackets may hold anything


def _name(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return ""
