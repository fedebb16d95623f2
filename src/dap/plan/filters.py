"""The filters of the plan: what is chosen, what there is to choose, and the chips that take a choice away."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext

from dap.plan.enums import ActivityType, ApplicationStatus
from dap.plan.models import Activity


@dataclass(frozen=True)
class Filters:
    """Which cards to show: values within one filter are alternatives, filters add up."""

    types: frozenset[str] = frozenset()
    applications: frozenset[str] = frozenset()
    agreed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        """From the address; unknown values are left out."""
        return cls(
            types=frozenset(query.getlist("type")) & frozenset(ActivityType),
            applications=frozenset(query.getlist("soknad")) & frozenset(ApplicationStatus),
            agreed=frozenset(query.getlist("avtalt")) & {"ja", "nei"},
        )

    @property
    def active(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.types or self.applications or self.agreed)

    def match(self, activity: Activity) -> bool:
        """Whether the activity is shown."""
        agreed = "ja" if activity.agreed else "nei"
        application = activity.application_status or (
            ApplicationStatus.NOT_STARTED if activity.type == ActivityType.STILLING else ""
        )
        return (
            (not self.types or activity.type in self.types)
            and (not self.applications or application in self.applications)
            and (not self.agreed or agreed in self.agreed)
        )


@dataclass(frozen=True)
class Choices:
    """The values that occur in the plan, to choose among in the filter."""

    types: list[ActivityType]
    applications: list[ApplicationStatus]
    agreed: bool

    @classmethod
    def of(cls, activities: Iterable[Activity]) -> "Choices":
        """The values of these activities, in the order of the types and the statuses."""
        types, applications, agreed = set(), set(), set()
        for activity in activities:
            types.add(activity.type)
            agreed.add(activity.agreed)
            if activity.type == ActivityType.STILLING:
                applications.add(activity.application_status or ApplicationStatus.NOT_STARTED)
        return cls(
            types=[t for t in ActivityType if t in types],
            applications=[a for a in ApplicationStatus if a in applications],
            agreed=len(agreed) > 1,
        )


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
