"""The filters of the plan as chips: what is chosen, each with the address that takes it away."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext

from dap.plan.enums import ActivityType, ApplicationStatus
from dap.plan.queries import Filters


@dataclass(frozen=True)
class Chip:
    """A chosen filter value."""

    label: str
    href: str


def chips_of(filters: Filters, asked: QueryDict, address: str) -> list[Chip]:
    """One chip for each chosen value."""
    agreed = {"ja": gettext("Avtalt med Nav"), "nei": gettext("Ikke avtalt")}
    chosen = [
        *(("type", str(t), gettext(t.label)) for t in ActivityType if t in filters.types),
        *(("soknad", str(a), gettext(a.label)) for a in ApplicationStatus if a in filters.applications),
        *(("avtalt", value, agreed[value]) for value in sorted(filters.agreed)),
    ]
    return [Chip(label, _without(asked, address, name, value)) for name, value, label in chosen]


def _without(asked: QueryDict, address: str, name: str, value: str) -> str:
    rest = asked.copy()
    rest.setlist(name, [other for other in rest.getlist(name) if other != value])
    query = rest.urlencode()
    return f"{address}?{query}" if query else address
