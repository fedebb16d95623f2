"""Writing the audit log. What is written is who, what route, whose, allowed or why not: never content."""

from collections.abc import Iterable
from uuid import UUID

from dap.access.actor import Actor
from dap.access.models import AuditEntry
from dap.core import clock

ANONYMOUS = "anonym:-"


def write(
    *, actor: Actor | None, what: str, people: Iterable[UUID] = (), allowed: bool = True, reason: str = ""
) -> None:
    """Insert one row in the running transaction; a failure fails the page."""
    AuditEntry.objects.create(
        at=clock.now(),
        actor_key=actor.key if actor else ANONYMOUS,
        what=what,
        people=sorted(set(people)),
        allowed=allowed,
        reason=reason,
        as_citizen=bool(actor and actor.viewing_as_citizen),
    )
