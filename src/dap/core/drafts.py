"""Drafts on the server: what is typed is kept until it is sent or thrown away."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.http import QueryDict

from dap.core import form_token
from dap.core.models import Draft, IdempotencyKey

TECHNICAL = frozenset({"csrfmiddlewaretoken", form_token.FIELD})
NEVER_KEPT = frozenset({"sok"})
"""Forms in which a person number is typed: it stands in one table only, never in a draft."""
KEPT = timedelta(days=30)
"""Long enough for an illness or a holiday; Nav's drafts are gone after a day."""
MAX_CHARACTERS = 20_000
"""A draft longer than any form allows is cut here, so that the store can't be filled."""


def typed_fields(posted: QueryDict) -> dict[str, str]:
    """What a person typed or chose in a form, without the technical fields."""
    left = MAX_CHARACTERS
    fields: dict[str, str] = {}
    for name in sorted(set(posted) - TECHNICAL):
        value = str(posted.get(name, "")).replace("\x00", "")[:left]
        left -= len(value)
        fields[name[:60]] = value
    return fields


def save(
    *,
    actor_key: str,
    place: str,
    fields: dict[str, str],
    at: datetime,
    key: str = "",
    person_id: UUID | None = None,
) -> bool:
    """Store the draft of this author at this place, in place of the former; blank fields delete it.

    `key` is the form's idempotency key: the draft of a form that has been sent is not stored (it would
    come back as unsent text). Gives whether anything is kept. Runs in a transaction.
    """
    if place in NEVER_KEPT:
        return False
    _lock(actor_key, place)
    if key and IdempotencyKey.objects.filter(actor_key=actor_key, key=key).exists():
        return False
    if not any(value.strip() for value in fields.values()):
        discard(actor_key=actor_key, place=place)
        return False
    Draft.objects.update_or_create(
        actor_key=actor_key,
        place=place[:120],
        defaults={"fields": fields, "saved_at": at, "person_id": person_id},
    )
    return True


def find(*, actor_key: str, place: str) -> Draft | None:
    """The author's draft at this place, if any."""
    return Draft.objects.filter(actor_key=actor_key, place=place).first()


def discard(*, actor_key: str, place: str) -> None:
    """Throw the draft away: it was sent, or its author said so. Runs in a transaction."""
    _lock(actor_key, place)
    Draft.objects.filter(actor_key=actor_key, place=place).delete()


def forget_old(at: datetime) -> int:
    """Delete drafts that nobody has touched for 30 days; give how many."""
    deleted, _ = Draft.objects.filter(saved_at__lt=at - KEPT).delete()
    return deleted


def _lock(actor_key: str, place: str) -> None:
    """One at a time for a place: saving while typing and sending may come in at once, in either order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"draft {actor_key} {place}"]
        )
