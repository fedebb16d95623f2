"""What a case file holds, as plain values: no Django, no database.

docs/import-case.md documents the format; `case_file` reads it, `case_checks` judges whether it agrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from dap.core.clock import OSLO
from dap.core.enums import Side
from dap.plan.enums import ActivityType, ApplicationStatus, Status

LEVELS = ("IKVAL", "BFORM", "BATT", "VARIG", "VURDI", "VURDU", "IVURD", "BKART", "OPPFI")
"""Assistance levels, Nav's codes (STATISTICS.md section 5)."""
BENEFITS = ("AAP", "DAGP", "TILTAKSPENGER")
SEXES = ("K", "M")
LANGUAGES = ("nb", "nn", "en")
WAITS = ("NAV", "BRUKER", "BEGGE")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day in Norway, with the clock time where it is known (published material often lacks it)."""

    date: date
    time: clock_time | None = None

    def before(self, other: "Moment") -> bool:
        """Surely earlier than the other: by date, and by clock time where both are known."""
        if self.date != other.date or self.time is None or other.time is None:
            return self.date < other.date
        return self.time < other.time

    def as_datetime(self) -> datetime:
        """The aware moment in Norwegian time; noon where the clock time is unknown."""
        return datetime.combine(self.date, self.time or clock_time(12), tzinfo=OSLO)


def moments_in_order(moments: Sequence[Moment], latest: datetime) -> list[datetime]:
    """Aware, strictly rising moments for a sequence that stands in order but may lack clock times.

    A moment without a clock time gets noon, moved so that it keeps its place among the others of that
    day. Nothing comes out later than `latest` unless the sequence itself lies there.
    """
    second = timedelta(seconds=1)
    result: list[datetime] = []
    bound = (
        max(latest, *(m.as_datetime() for m in moments if m.time)) if any(m.time for m in moments) else latest
    )
    for moment in reversed(moments):
        at = moment.as_datetime()
        if moment.time is None:
            at = max(min(at, bound), datetime.combine(moment.date, clock_time(0), tzinfo=OSLO))
        result.append(at)
        bound = at - second
    result.reverse()
    for index in range(1, len(result)):
        result[index] = max(result[index], result[index - 1] + second)
    return result


@dataclass(frozen=True, slots=True)
class CitizenPart:
    """Who the case is about. The import makes a synthetic person number from birth date or year and sex."""

    first_name: str
    last_name: str
    sex: str
    birth_year: int
    birth_date: date | None = None
    benefit: str | None = None
    benefit_from: date | None = None
    level: str = "IVURD"
    interpreter: str | None = None
    language: str = "nb"


@dataclass(frozen=True, slots=True)
class GoalPart:
    """One wording of the goal; the newest is the current one."""

    at: Moment
    by: Side
    text: str


@dataclass(frozen=True, slots=True)
class StatusChangePart:
    """One later change of an activity: exactly one of status, application status and end date."""

    at: Moment
    by: Side
    status: Status | None = None
    reason: str = ""
    application_status: ApplicationStatus | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True)
class ActivityPart:
    """An activity as it was created, and what happened to it since."""

    key: str
    type: ActivityType
    by: Side
    at: Moment
    status: Status
    title: str
    agreed_at: Moment | None = None
    from_date: date | None = None
    to_date: date | None = None
    description: str = ""
    link: str = ""
    details: Mapping[str, str | int] = field(default_factory=dict)
    application_status: ApplicationStatus | None = None
    changes: tuple[StatusChangePart, ...] = ()


@dataclass(frozen=True, slots=True)
class MessagePart:
    """One message of a thread."""

    sender: Side
    at: Moment
    text: str


@dataclass(frozen=True, slots=True)
class ThreadPart:
    """A thread; `activity` is the key of the activity that it belongs to, None for a free one."""

    title: str
    messages: tuple[MessagePart, ...]
    activity: str | None = None
    waits_on_nav: bool = False
    waits_on_citizen: bool = False
    read_by_nav: bool = True
    read_by_citizen: bool = True


@dataclass(frozen=True, slots=True)
class MinutesPart:
    """Minutes of a talk, plain text."""

    date: date
    purpose: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One person's plan: goal, activities, dialogue and minutes within one follow-up period."""

    case: str
    citizen: CitizenPart
    period_start: date
    goals: tuple[GoalPart, ...] = ()
    activities: tuple[ActivityPart, ...] = ()
    threads: tuple[ThreadPart, ...] = ()
    minutes: tuple[MinutesPart, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseError:
    """One fault: which case, where in it, which field, and the sentence that says what is wrong."""

    case: str
    where: str
    field: str
    message: str

    def __str__(self) -> str:
        place = f"sak «{self.case}»" if self.case else ""
        parts = [part for part in (place, self.where, f"felt «{self.field}»" if self.field else "") if part]
        return ", ".join(parts) + f": {self.message}" if parts else self.message
