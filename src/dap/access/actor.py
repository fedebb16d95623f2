"""Who acts: one value that every query and every verb takes."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from dap.access.enums import Permission, Role
from dap.core.enums import Side
from dap.people.models import Person


@dataclass(frozen=True)
class Actor:
    """A person logged in, or the program itself.

    `viewing_as_citizen` is a member of staff who sees a plan as its owner sees it («Vis som bruker»):
    it may read what the citizen reads, writes nothing and marks nothing read.
    """

    role: Role
    id: UUID | None
    name: str
    permissions: frozenset[Permission]
    office_ids: frozenset[int] = frozenset()
    language: str = "nb"
    viewing_as_citizen: bool = False
    person: Person | None = field(default=None, compare=False, repr=False)
    """The citizen's own row as this request read it, with the office."""

    @property
    def key(self) -> str:
        """Stable name of the actor in drafts, seen marks, idempotency keys and the audit log."""
        return f"{self.role}:{self.id or '-'}"

    @property
    def side(self) -> Side:
        """The party of the plan with whose eyes this actor reads and in whose name it writes."""
        if self.role is Role.SYSTEM:
            return Side.SYSTEM
        if self.role is Role.CITIZEN or self.viewing_as_citizen:
            return Side.CITIZEN
        return Side.NAV

    @property
    def counsellor_id(self) -> UUID | None:
        """The counsellor to write beside an act, None for a citizen and the program."""
        return self.id if self.role in (Role.COUNSELLOR, Role.LEADER) else None

    @property
    def is_staff(self) -> bool:
        """A member of staff, also while viewing as citizen."""
        return self.role in (Role.COUNSELLOR, Role.LEADER)

    def may(self, permission: Permission) -> bool:
        """Whether the actor's role holds this permission (not whether a person is in reach)."""
        return permission in self.permissions

    def as_citizen(self) -> "Actor":
        """The same member of staff, seeing what the citizen sees: reading permissions only."""
        return replace(
            self,
            viewing_as_citizen=True,
            permissions=self.permissions
            & {Permission.SEE_PLAN, Permission.SEE_DIALOGUE, Permission.OWN_SETTINGS},
        )
