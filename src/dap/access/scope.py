"""The one door to people: nothing is fetched but through the actor's reach."""

from uuid import UUID

from django.db.models import QuerySet

from dap.access.actor import Actor
from dap.access.enums import Role
from dap.access.rules import AccessReason, ReachFacts, judge_reach
from dap.core.reason import Refused
from dap.people.models import Person


def people_in_reach(actor: Actor) -> QuerySet[Person]:
    """All people that this actor reaches: oneself, or the people of one's offices.

    The set-wise twin of `judge_reach`; a test compares the two on every combination.
    """
    if actor.role is Role.CITIZEN and actor.id:
        return Person.objects.filter(id=actor.id)
    if actor.is_staff:
        return Person.objects.filter(office_id__in=sorted(actor.office_ids))
    return Person.objects.none()


def person_for(actor: Actor, person_id: UUID) -> Person:
    """The person, when in reach. Raises Refused(NOT_FOUND, 404) for an unknown one and one out of reach."""
    if actor.person is not None and actor.person.id == person_id:  # read a moment ago, with the session
        return _judged(actor, person_id, actor.person)
    return _judged(actor, person_id, Person.objects.select_related("office").filter(id=person_id).first())


def lock_person(actor: Actor, person_id: UUID) -> Person:
    """The person as `person_for`, locked for a write: first in the order person, activity, thread.

    The reach is judged on the locked row, so that a person who moves meanwhile does not slip through.
    """
    locked = Person.objects.select_for_update(of=("self",), no_key=True).select_related("office")
    return _judged(actor, person_id, locked.filter(id=person_id).first())


def _judged(actor: Actor, person_id: UUID, person: Person | None) -> Person:
    reason = judge_reach(
        ReachFacts(
            role=actor.role,
            actor_id=actor.id,
            actor_offices=actor.office_ids,
            person_id=person_id,
            office_id=person.office_id if person else None,
        )
    )
    if reason or person is None:
        raise Refused(reason or AccessReason.NOT_FOUND)
    return person
