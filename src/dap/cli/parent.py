"""A child of `./dap demo` ends when its parent is gone, even if that was killed and could say nothing."""

import os
import signal
import threading
import time

VARIABLE = "DAP_PARENT"  # the parent's process number, set for children that shall follow it
GRACE_SECONDS = 10


def follow() -> None:
    """Watch the parent if it asked for that, here and in processes forked from this one."""
    parent = os.environ.pop(VARIABLE, "")  # taken out: our own children have another parent
    if parent:
        _watch(int(parent))
        # A forked server process watches the one that forked it: killed, that would leave it on our port.
        os.register_at_fork(after_in_child=lambda: _watch(os.getppid()))


def _watch(parent: int) -> None:
    threading.Thread(target=_end_without, args=(parent,), name="dap-parent", daemon=True).start()


def _end_without(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
