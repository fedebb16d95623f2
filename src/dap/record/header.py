"""What stands above every page about a person, for staff: who it is, and how it stands."""

from dataclasses import dataclass
from datetime import datetime

from dap.access.http import Request, link
from dap.core.words import age
from dap.people.enums import Benefit, Level
from dap.people.models import Person
from dap.portfolio import queries as portfolio
from dap.portfolio.models import PortfolioRow


@dataclass(frozen=True)
class PersonHeader:
    """The facts of the header."""

    person: Person
    age: int
    level: str
    benefit: str
    counsellor: str
    row: PortfolioRow | None
    last_seen_at: datetime | None
    as_citizen_href: str


def person_header(request: Request) -> PersonHeader:
    """The header of the person on the page: one statement."""
    person = request.person
    assert person is not None
    row = portfolio.row_for(person.id)
    return PersonHeader(
        person=person,
        age=age(person.birth_date),
        level=Level(person.level).label,
        benefit=Benefit(person.benefit).label if person.benefit else "",
        counsellor=row.counsellor.full_name if row and row.counsellor else "",
        row=row,
        last_seen_at=person.last_seen_at,
        as_citizen_href=as_citizen_href(request),
    )


def as_citizen_href(request: Request) -> str:
    """The page that the citizen sees, of the part of the record that is open now."""
    assert request.person is not None
    part = "dialogue" if "/dialog" in request.path else "plan"
    return link(_Leaving("as_citizen"), f"person:{part}", person_id=request.person.id)  # type: ignore[arg-type]


def leave_citizen_view(request: Request) -> str:
    """Back from «Vis som bruker» to the same part."""
    assert request.person is not None
    part = "dialogue" if "/dialog" in request.path else "plan"
    return link(_Leaving("person"), f"person:{part}", person_id=request.person.id)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Leaving:
    """Stands for a request in the other view, so that `link` gives its addresses."""

    current_app: str
