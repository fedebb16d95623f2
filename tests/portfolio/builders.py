"""Small builders: offices, counsellors and people with consistent histories, and acts by either party."""

from datetime import UTC, date, datetime, timedelta
from itertools import chain, count

from dap.access.actor import Actor
from dap.access.sessions import citizen_actor, staff_actor
from dap.core import touch
from dap.core.names import sort_key
from dap.core.person_numbers import synthetic_numbers
from dap.people.enums import Level, Sex, StaffRole
from dap.people.models import (
    Assignment,
    Counsellor,
    FollowUpPeriod,
    LevelHistory,
    Office,
    OfficeHistory,
    Person,
    PersonNumber,
)
from dap.plan import actions as plan
from dap.plan.enums import ActivityType, Status
from dap.plan.models import Activity
from dap.portfolio import actions

BEGIN = datetime(2026, 10, 1, 8, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = date(2026, 11, 20)
BORN = date(1990, 5, 17)

# Of other days of birth than BORN, so that tests may choose numbers of that day.
_numbers = chain.from_iterable(synthetic_numbers(date(1991, 1, 1) + timedelta(days=day)) for day in count())


def office(number: str = "0301", name: str = "Nav Fjordvik") -> Office:
    """An office."""
    return Office.objects.create(number=number, name=name)


def counsellor(*offices: Office, ident: str = "Z100001", first: str = "Marte", last: str = "Lien") -> Actor:
    """A counsellor at these offices, as an actor."""
    made = Counsellor.objects.create(
        ident=ident,
        first_name=first,
        last_name=last,
        name_key=sort_key(last, first),
        role=StaffRole.COUNSELLOR,
    )
    made.offices.set(offices)
    return staff_actor(made)


def person(
    at_office: Office,
    last: str = "Solberg",
    first: str = "Amina",
    *,
    followed_by: Actor | None = None,
    period: bool = True,
    number: str | None = None,
) -> Person:
    """A person with histories that agree, a number, an open period and, when told, a counsellor."""
    made = Person.objects.create(
        first_name=first,
        last_name=last,
        name_key=sort_key(last, first),
        birth_date=BORN,
        sex=Sex.WOMAN,
        office=at_office,
        level=Level.SITUATIONAL,
    )
    PersonNumber.objects.create(person=made, number=number or next(_numbers))
    OfficeHistory.objects.create(person=made, office=at_office, from_date=BEGIN.date())
    LevelHistory.objects.create(person=made, level=Level.SITUATIONAL, from_date=BEGIN.date())
    if period:
        FollowUpPeriod.objects.create(person=made, started_at=BEGIN)
    if followed_by is not None:
        assert followed_by.id is not None
        by = Counsellor.objects.get(id=followed_by.id)
        Assignment.objects.create(person=made, counsellor=by, from_at=BEGIN)
    actions.refresh([made.id])
    return made


def activity(
    of: Person,
    ends: date | None,
    *,
    by: Actor | None = None,
    status: Status = Status.PLANNED,
    at: datetime = BEGIN,
    type: ActivityType = ActivityType.EGEN,
) -> Activity:
    """An activity with this end date; the row is refreshed as after any act. IJOBB may do without an end."""
    values: dict[str, object] = {"title": "Oppdatere CV-en", "from_date": BEGIN.date(), "to_date": ends}
    if type is ActivityType.IJOBB:
        values["job_share"] = "HELTID"
    made = plan.create_activity(
        person=of, type=type, values=values, status=status, by=by or citizen_actor(of), at=at
    )
    touch.flush()
    return made
