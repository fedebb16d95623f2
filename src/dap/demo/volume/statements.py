"""Long statements side by side: building an index or reading a table keeps one core busy each."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence

import psycopg
from psycopg import sql

from dap.core import database

Tell = Callable[[str, int, str, int], Callable[[int], None]]
"""Told what is begun, how many there are in all (0: not known), of what, and how many of them are done
already; gives the function that counts some more as done."""

CONNECTIONS = 2
"""As many as the machine that the limits are set for has cores."""


def in_parallel(
    url: str, groups: Sequence[Sequence[bytes]], settings: Mapping[str, str], done: Callable[[int], None]
) -> None:
    """Run the statements, each committed by itself, groups in order and two at a time.

    Those of one group follow each other. `settings` hold for these sessions; `done` counts a statement.
    Raises psycopg.Error of the first that fails; the others are then cancelled, as they are on Ctrl-C.
    """
    waiting = deque(groups)
    failures: list[psycopg.Error] = []
    ending = threading.Event()

    def work(link: psycopg.Connection[object]) -> None:
        try:
            while waiting and not ending.is_set():
                for statement in waiting.popleft():
                    if ending.is_set():
                        return
                    link.execute(statement)
                    done(1)
        except IndexError:  # the other took the last one
            return
        except psycopg.Error as error:
            failures.append(error)
            ending.set()

    with contextlib.ExitStack() as stack:
        links = [stack.enter_context(database.connect(url)) for _ in range(min(CONNECTIONS, len(waiting)))]
        for link in links:
            for name, value in settings.items():
                link.execute(sql.SQL("SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        threads = [threading.Thread(target=work, args=(link,), daemon=True) for link in links]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive() and not ending.is_set():
                    thread.join(0.2)
        finally:
            ending.set()
            for thread, link in zip(threads, links, strict=True):
                while thread.is_alive():
                    with contextlib.suppress(psycopg.Error):
                        link.cancel_safe(timeout=5)
                    thread.join(0.2)
    if failures:
        raise failures[0]
