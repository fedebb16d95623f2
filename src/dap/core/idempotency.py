"""An act is carried out once for each form drawn, however often it is posted."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.http import QueryDict

from dap.core.models import IdempotencyKey
from dap.core.reason import Reason, Refused
from dap.core.text import N_

KEPT = timedelta(days=7)


class IdempotencyReason(Reason):
    """Why a repeated form is refused."""

    OTHER_CONTENT = (
        N_("Dette skjemaet er allerede sendt, med en annen tekst. Last siden på nytt for å sende noe nytt."),
        409,
    )


def content_hash(path: str, posted: QueryDict, leave_out: frozenset[str]) -> str:
    """A hash of the address and all posted fields but the technical ones."""
    digest = hashlib.sha256(path.encode())
    for name in sorted(set(posted) - leave_out):
        digest.update(repr((name, posted.getlist(name))).encode())
    return digest.hexdigest()


def once(*, actor_key: str, key: str, content: str, act: Callable[[], str], at: datetime) -> tuple[str, bool]:
    """Carry out `act` unless this key has been carried out; give its result, and whether it is a repeat.

    Must run in a transaction: a parallel post of the same form waits here for the first one.
    Raises Refused(OTHER_CONTENT, 409) when the key was used for other content.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_idempotencykey (actor_key, key, content, result, at)"
            " VALUES (%s, %s, %s, '', %s) ON CONFLICT (actor_key, key) DO NOTHING",
            [actor_key, key, content, at],
        )
        fresh = cursor.rowcount == 1
    if fresh:
        result = act()
        IdempotencyKey.objects.filter(actor_key=actor_key, key=key).update(result=result)
        return result, False
    stored = IdempotencyKey.objects.get(actor_key=actor_key, key=key)
    if stored.content != content:
        raise Refused(IdempotencyReason.OTHER_CONTENT)
    return stored.result, True


def forget_old(at: datetime) -> int:
    """Delete keys older than 7 days; give how many."""
    deleted, _ = IdempotencyKey.objects.filter(at__lt=at - KEPT).delete()
    return deleted
