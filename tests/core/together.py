"""Two acts at once, each in a thread and a transaction of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Start all acts at the same moment and give what each returned, or the exception that it raised."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                connection.cursor().close()  # the connection stands before the race begins
                gate.wait(timeout=10)
                results[place] = act()
        except Exception as error:  # the test judges it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads), "the acts wait for each other for ever"
    return results
