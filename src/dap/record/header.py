"""What stands above every page about a person, for staff: who it is, and how it stands."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from dap.access.http import Request
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
    unread: int
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
        unread=max(0, row.unread_by_nav - request.reading) if row else 0,
        last_seen_at=person.last_seen_at,
        as_citizen_href=as_citizen_href(request),
    )


# Pages that both parties read: from these one changes the view and stays on the page.
_SHARED = frozenset({"plan", "plan_list", "goal", "activity", "dialogue", "thread"})


def as_citizen_href(request: Request) -> str:
    """The same page as the citizen sees it; the plan where the citizen has no such page."""
    return _in_view(request, "as_citizen")


def leave_citizen_view(request: Request) -> str:
    """Back from «Vis som bruker» to the same page."""
    return _in_view(request, "person")


def _in_view(request: Request, view: str) -> str:
    match = request.resolver_match
    assert match is not None
    assert request.person is not None
    if match.url_name in _SHARED:
        return reverse(f"person:{match.url_name}", kwargs=match.kwargs, current_app=view)
    return reverse("person:plan", kwargs={"person_id": request.person.id}, current_app=view)
