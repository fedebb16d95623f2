"""Who may what, without a database."""

import ast
from itertools import product
from pathlib import Path
from uuid import UUID

import pytest

from dap.access.actor import Actor
from dap.access.enums import Permission, Role
from dap.access.rules import PERMISSIONS, AccessReason, ReachFacts, judge_permission, judge_reach
from dap.core.enums import Side

ONE, OTHER = UUID(int=1), UUID(int=2)
STAFF = [Role.COUNSELLOR, Role.LEADER]


def reach(role: Role, actor: UUID | None, offices: set[int], office: int | None) -> AccessReason | None:
    return judge_reach(ReachFacts(role, actor, frozenset(offices), ONE, office))


@pytest.mark.feature("X2")
@pytest.mark.parametrize(
    ("role", "actor", "offices", "office"),
    [*product(Role, [ONE, OTHER, None], [set(), {7}, {7, 8}, {9}], [7, None])],
)
def test_a_citizen_reaches_oneself_and_staff_the_people_of_their_offices(
    role: Role, actor: UUID | None, offices: set[int], office: int | None
) -> None:
    reached = office is not None and (
        (role is Role.CITIZEN and actor == ONE) or (role in STAFF and 7 in offices)
    )
    assert reach(role, actor, offices, office) is (None if reached else AccessReason.NOT_FOUND)


CITIZENS = {
    "PUBLIC",
    "OWN_SETTINGS",
    "SAVE_DRAFT",
    "SEE_PLAN",
    "WRITE_PLAN",
    "SEE_DIALOGUE",
    "WRITE_DIALOGUE",
}
HELD = {
    Role.CITIZEN: CITIZENS,
    Role.COUNSELLOR: CITIZENS | {"AGREE", "HANDLE_DIALOGUE", "SEE_OVERVIEW", "SEARCH_PEOPLE"},
    Role.LEADER: CITIZENS | {"AGREE", "HANDLE_DIALOGUE", "SEE_OVERVIEW", "SEARCH_PEOPLE"},
    Role.SYSTEM: set(),
}


@pytest.mark.feature("X1")
@pytest.mark.parametrize(("role", "permission"), [*product(Role, Permission)])
def test_each_role_holds_its_list_of_permissions(role: Role, permission: Permission) -> None:
    held = permission.name in HELD[role]
    assert (permission in PERMISSIONS[role]) == held
    opens = held or permission is Permission.PUBLIC
    assert judge_permission(PERMISSIONS[role], permission) is (None if opens else AccessReason.MISSING_ROLE)


def actor(role: Role, id: UUID | None = ONE) -> Actor:
    return Actor(role=role, id=id, name="Kari", permissions=PERMISSIONS[role], office_ids=frozenset({7}))


@pytest.mark.parametrize(
    ("role", "side", "counsellor", "staff"),
    [
        (Role.CITIZEN, Side.CITIZEN, None, False),
        (Role.COUNSELLOR, Side.NAV, ONE, True),
        (Role.LEADER, Side.NAV, ONE, True),
        (Role.SYSTEM, Side.SYSTEM, None, False),
    ],
)
def test_an_actor_acts_for_one_side(role: Role, side: Side, counsellor: UUID | None, staff: bool) -> None:
    one = actor(role)
    assert (one.side, one.counsellor_id, one.is_staff) == (side, counsellor, staff)
    assert one.key == f"{role.value}:{ONE}"
    assert len(one.key) <= 60


@pytest.mark.parametrize("role", STAFF)
def test_seeing_as_the_citizen_leaves_nothing_but_reading(role: Role) -> None:
    seeing = actor(role).as_citizen()
    assert seeing.permissions == {Permission.SEE_PLAN, Permission.SEE_DIALOGUE, Permission.OWN_SETTINGS}
    assert seeing.side is Side.CITIZEN
    assert seeing.is_staff
    assert seeing.key == actor(role).key


def test_every_reason_of_access_has_a_test_that_asks_for_it() -> None:
    asked = {
        node.attr
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "AccessReason"
    }
    assert asked - {"__members__"} == set(AccessReason.__members__)
