"""Acts that reach across the rooms: the end of follow-up."""

from datetime import datetime

from dap.access.actor import Actor
from dap.core.touch import touch
from dap.dialogue import actions as dialogue
from dap.people.models import FollowUpPeriod, Person
from dap.plan import actions as plan


def end_follow_up(*, person: Person, by: Actor, at: datetime) -> None:
    """Close the open period: activities become history, threads can only be read, nobody waits.

    Source: reference/plan.md section 8, dialogue.md section 9. Without an open period nothing happens.
    """
    period = FollowUpPeriod.objects.select_for_update().filter(person=person, ended_at__isnull=True).first()
    if period is None:
        return
    plan.close_period(period=period, by=by, at=at)
    dialogue.close_period(period=period, by=by, at=at)
    period.ended_at = at
    period.save(update_fields=["ended_at"])
    touch(person.id)


def begin_follow_up(*, person: Person, at: datetime) -> FollowUpPeriod:
    """Open a new period; the database refuses a second open one."""
    touch(person.id)
    return FollowUpPeriod.objects.create(person=person, started_at=at)
