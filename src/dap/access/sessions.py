"""From a login to an actor and back: the seam that every kind of login uses.

The demo's persona page calls `begin`; OIDC will call the same with the person it has identified.
"""

from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from dap.access.actor import Actor
from dap.access.enums import Role
from dap.access.rules import PERMISSIONS
from dap.people.enums import StaffRole
from dap.people.models import Counsellor, Person

KEY = "actor"


def citizen_actor(person: Person) -> Actor:
    """The actor of a citizen."""
    return Actor(
        role=Role.CITIZEN,
        id=person.id,
        name=person.full_name,
        permissions=PERMISSIONS[Role.CITIZEN],
        language=person.language,
        person=person,
    )


def staff_actor(counsellor: Counsellor, office_ids: frozenset[int] | None = None) -> Actor:
    """The actor of a member of staff; the offices are fetched when they are not given."""
    role = Role.LEADER if counsellor.role == StaffRole.LEADER else Role.COUNSELLOR
    offices = frozenset(counsellor.offices.values_list("id", flat=True)) if office_ids is None else office_ids
    return Actor(
        role=role,
        id=counsellor.id,
        name=counsellor.full_name,
        permissions=PERMISSIONS[role],
        office_ids=offices,
        language=counsellor.language,
    )


def system_actor() -> Actor:
    """The program itself: jobs and imports."""
    return Actor(role=Role.SYSTEM, id=None, name="", permissions=PERMISSIONS[Role.SYSTEM])


def begin(request: HttpRequest, actor: Actor) -> None:
    """Log in: a new session id, a new CSRF token, nothing carried over from before."""
    request.session.flush()
    request.session[KEY] = {"role": str(actor.role), "id": str(actor.id)}
    rotate_token(request)


def end(request: HttpRequest) -> None:
    """Log out: the session is gone, and forms drawn before can leave no drafts any more."""
    request.session.flush()
    rotate_token(request)


def current(request: HttpRequest) -> Actor | None:
    """Who is logged in, read afresh at every request, so that a lost right is lost at once."""
    stored: dict[str, Any] | None = request.session.get(KEY)
    if not stored:
        return None
    actor_id = UUID(stored["id"])
    if stored["role"] == Role.CITIZEN:
        person = Person.objects.select_related("office").filter(id=actor_id).first()
        return citizen_actor(person) if person else None
    counsellor = (
        Counsellor.objects.filter(id=actor_id)
        .annotate(office_list=ArrayAgg("offices__id", default=[]))
        .first()
    )
    if counsellor is None:
        return None
    return staff_actor(counsellor, frozenset(i for i in counsellor.office_list if i is not None))
