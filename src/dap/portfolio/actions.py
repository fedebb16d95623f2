"""What one can do with the overview: refresh its rows, and start a search."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from dap.access.actor import Actor
from dap.core import person_numbers
from dap.core.reason import Refused
from dap.portfolio import compute, queries, rules
from dap.portfolio.models import Search

KEPT_EMPTY = timedelta(days=1)


def refresh(person_ids: Collection[UUID] | None = None) -> int:
    """Compute and store the rows of these people, or of everybody (None), in the running transaction.

    Rows that are right already are left alone. Gives how many were written.
    """
    if person_ids is not None and not person_ids:
        return 0
    rows, parameters = compute.rows(person_ids)
    columns = ", ".join(compute.COLUMNS)
    fresh = ", ".join(f"excluded.{column}" for column in compute.COLUMNS)
    stored = ", ".join(f"stored.{column}" for column in compute.COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {compute.TABLE} AS stored ({columns}) {rows} ORDER BY p.id"
            f" ON CONFLICT (person_id) DO UPDATE SET ({columns}) = ROW ({fresh})"
            f" WHERE ({stored}) IS DISTINCT FROM ({fresh})",
            parameters,
        )
        return int(cursor.rowcount)


def search(*, text: str, by: Actor, at: datetime) -> UUID | Search:
    """Look for a name or a person number: the person whose number it is, else the search to be shown.

    A number is looked up at once and never stored. A search by name is carried out when it is shown,
    so that it shows who is in reach then. Nothing is kept as a draft or in an idempotency key: a search
    changes nothing, so it may be posted twice, and after a step back with another text.
    Raises Refused: BLANK, TOO_SHORT, TOO_LONG, MIXED, NUMBER_LENGTH, NUMBER_INVALID (422).
    """
    text = text.replace("\x00", "")
    if reason := rules.judge_search(text):
        raise Refused(reason, field="q", values={"count": len("".join(text.split()))})
    if not rules.is_number(text):
        return Search.objects.create(actor_key=by.key, text=" ".join(text.split()), at=at)
    number = person_numbers.parse(text)
    found = queries.person_of_number(by, number.number) if number else None
    return found or Search.objects.create(actor_key=by.key, text="", at=at)


def forget_old_searches(at: datetime) -> int:
    """Delete what was searched for more than an hour ago; give how many searches were emptied or deleted.

    The empty row stays for a day, so that an old address can say "søk på nytt" rather than 404.
    """
    deleted, _ = Search.objects.filter(at__lt=at - KEPT_EMPTY).delete()
    old = Search.objects.filter(at__lt=at - queries.SEARCH_KEPT).exclude(text="")
    return deleted + old.update(text="")
