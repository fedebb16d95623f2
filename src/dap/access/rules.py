"""Who may what. Facts in, a reason or None out; no database.

Sources: reference/plan.md sections 1, 8 and 11, DESIGN.md section 4 rule 2. A person who is out of
reach and one who does not exist get the same answer, so that nobody learns who is followed up.
"""

from dataclasses import dataclass
from uuid import UUID

from dap.access.enums import Permission, Role
from dap.core.reason import Reason
from dap.core.text import N_

_ALL = frozenset({Permission.PUBLIC, Permission.OWN_SETTINGS, Permission.SAVE_DRAFT})

_COUNSELLOR = _ALL | {
    Permission.SEE_PLAN,
    Permission.WRITE_PLAN,
    Permission.AGREE,
    Permission.SEE_DIALOGUE,
    Permission.WRITE_DIALOGUE,
    Permission.HANDLE_DIALOGUE,
    Permission.SEE_OVERVIEW,
    Permission.SEARCH_PEOPLE,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CITIZEN: _ALL
    | {
        Permission.SEE_PLAN,
        Permission.WRITE_PLAN,
        Permission.SEE_DIALOGUE,
        Permission.WRITE_DIALOGUE,
    },
    Role.COUNSELLOR: _COUNSELLOR,
    Role.LEADER: _COUNSELLOR,
    Role.SYSTEM: frozenset(),
}
"""A leader works as a counsellor in the office; the leader's own pages come with their issue."""


class AccessReason(Reason):
    """Why somebody is kept out."""

    NOT_LOGGED_IN = N_("Du må logge inn for å se denne siden."), 401
    MISSING_ROLE = N_("Du har ikke tilgang til å gjøre dette."), 403
    NOT_FOUND = N_("Vi finner ikke siden. Enten finnes den ikke, eller så har du ikke tilgang til den."), 404
    OTHER_PERSON = (
        N_(
            "Skjemaet ble åpnet av en annen enn den som er logget inn nå. Ingenting er sendt."
            " Last siden på nytt og prøv igjen."
        ),
        409,
    )
    OLD_FORM = N_("Skjemaet er for gammelt til å sendes. Ingenting er sendt."), 403


@dataclass(frozen=True)
class ReachFacts:
    """What decides whether an actor reaches a person. `office_id` None: no such person."""

    role: Role
    actor_id: UUID | None
    actor_offices: frozenset[int]
    person_id: UUID
    office_id: int | None


def judge_reach(facts: ReachFacts) -> AccessReason | None:
    """A citizen reaches oneself, staff the people of their offices, nobody else anybody."""
    if facts.office_id is None:
        return AccessReason.NOT_FOUND
    if facts.role is Role.CITIZEN:
        return None if facts.actor_id == facts.person_id else AccessReason.NOT_FOUND
    if facts.role in (Role.COUNSELLOR, Role.LEADER):
        return None if facts.office_id in facts.actor_offices else AccessReason.NOT_FOUND
    return AccessReason.NOT_FOUND


def judge_permission(held: frozenset[Permission], asked: Permission) -> AccessReason | None:
    """A route opens for those whose role holds its permission."""
    return None if asked in held or asked is Permission.PUBLIC else AccessReason.MISSING_ROLE
