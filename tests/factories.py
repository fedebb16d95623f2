"""What tests start from: offices, counsellors, people, activities and threads, each with its traits.

Everything is made by the acts of the rooms themselves where there is one, so that histories, versions and
the overview agree from the start. All people are invented.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, count

from dap.access.actor import Actor
from dap.access.sessions import citizen_actor, staff_actor, system_actor
from dap.core import touch
from dap.core.names import sort_key
from dap.core.person_numbers import synthetic_numbers
from dap.dialogue import actions as dialogue
from dap.dialogue.models import Thread
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
from dap.portfolio.actions import refresh
from dap.record import actions as record

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
"""The moment of the fixture `at_noon`: a Wednesday, 10.00 in Norway."""
TODAY = date(2026, 11, 18)
BEGAN = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
BORN = date(1994, 3, 14)

_numbers = chain.from_iterable(synthetic_numbers(BORN + timedelta(days=days)) for days in count())
_office_numbers = count(1000)
_idents = count(200_000)

FIELDS: dict[ActivityType, dict[str, object]] = {
    ActivityType.EGEN: {
        "title": "Oppdatere CV-en",
        "from_date": TODAY,
        "to_date": TODAY + timedelta(days=20),
    },
    ActivityType.STILLING: {
        "title": "Vikar i barnehage",
        "from_date": TODAY,
        "employer": "Solsikken barnehage",
    },
    ActivityType.SOKEAVTALE: {
        "from_date": TODAY,
        "to_date": TODAY + timedelta(days=91),
        "applications_per_week": 3,
    },
    ActivityType.BEHANDLING: {
        "treatment_type": "Fysioterapi",
        "treatment_place": "Fjordvik fysikalske",
        "from_date": TODAY,
        "to_date": TODAY + timedelta(days=60),
    },
    ActivityType.IJOBB: {"title": "Ringevikar", "job_share": "DELTID", "from_date": TODAY},
}
"""The least that each type needs."""


def office(name: str = "Nav Fjordvik") -> Office:
    """An office with a number of its own."""
    return Office.objects.create(number=str(next(_office_numbers)), name=name)


def counsellor(
    *offices: Office, first: str = "Marte", last: str = "Lien", role: StaffRole = StaffRole.COUNSELLOR
) -> Actor:
    """A counsellor at these offices, as an actor."""
    made = Counsellor.objects.create(
        ident=f"Z{next(_idents)}",
        first_name=first,
        last_name=last,
        name_key=sort_key(last, first),
        role=role,
    )
    made.offices.set(offices)
    return staff_actor(made)


def leader(*offices: Office, first: str = "Grete", last: str = "Moe") -> Actor:
    """A leader at these offices, as an actor."""
    return counsellor(*offices, first=first, last=last, role=StaffRole.LEADER)


def person(
    at_office: Office,
    first: str = "Amina",
    last: str = "Solberg",
    *,
    period: bool = True,
    followed_by: Actor | None = None,
    number: str | None = None,
) -> Person:
    """A citizen with a number and histories that agree; with an open period unless told otherwise."""
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
    OfficeHistory.objects.create(person=made, office=at_office, from_date=BEGAN.date())
    LevelHistory.objects.create(person=made, level=Level.SITUATIONAL, from_date=BEGAN.date())
    if period:
        FollowUpPeriod.objects.create(person=made, started_at=BEGAN)
    if followed_by is not None:
        Assignment.objects.create(person=made, counsellor_id=followed_by.id, from_at=BEGAN)
    refresh([made.id])
    return made


def activity(
    of: Person,
    by: Actor,
    type: ActivityType = ActivityType.EGEN,
    *,
    status: Status = Status.PLANNED,
    agreed_by: Actor | None = None,
    finished_as: Status | None = None,
    at: datetime = NOW - timedelta(days=2),
    **fields: object,
) -> Activity:
    """An activity in the plan; `agreed_by` a counsellor, `finished_as` completed or aborted."""
    made = plan.create_activity(
        person=of, type=type, values={**FIELDS[type], **fields}, status=status, by=by, at=at
    )
    if agreed_by is not None:
        plan.agree(activity=made, version=made.version, by=agreed_by, at=at)
    if finished_as is not None:
        plan.change_status(
            activity=made, version=made.version, to=finished_as, reason="Ferdig med dette", by=by, at=at
        )
    touch.flush()
    return made


def thread(
    of: Person,
    by: Actor,
    *,
    title: str = "Praksisplass",
    text: str = "Hvordan finner jeg en praksisplass?",
    asks_citizen: bool = False,
    about: Activity | None = None,
    at: datetime = NOW - timedelta(days=1),
) -> Thread:
    """A thread with its first message, free or about an activity."""
    if about is not None:
        first = dialogue.write_about_activity(
            person=of, activity=about, text=text, asks_citizen=asks_citizen, by=by, at=at
        )
    else:
        first = dialogue.start_thread(
            person=of, title=title, text=text, asks_citizen=asks_citizen, by=by, at=at
        )
    touch.flush()
    return Thread.objects.select_related("period").get(id=first.thread_id)


def reply(to: Thread, by: Actor, text: str = "Takk for svar.", *, at: datetime = NOW) -> Thread:
    """One more message in a thread; gives the thread as it is then."""
    dialogue.reply(thread=to, text=text, by=by, at=at)
    touch.flush()
    return Thread.objects.select_related("period").get(id=to.id)


def end_period(of: Person, at: datetime = NOW - timedelta(hours=1)) -> None:
    """End the open follow-up of a person: plan and dialogue become history."""
    record.end_follow_up(person=of, by=system_actor(), at=at)
    touch.flush()


@dataclass(frozen=True)
class House:
    """Two offices: one citizen and her counsellor in the first, strangers to them in the second."""

    office: Office
    elsewhere: Office
    citizen: Person
    by_citizen: Actor
    counsellor: Actor
    colleague: Actor
    outsider: Actor
    neighbour: Person
    by_neighbour: Actor


def house() -> House:
    """A fresh house."""
    here, elsewhere = office(), office("Nav Skogly")
    marte = counsellor(here)
    citizen = person(here, followed_by=marte)
    neighbour = person(here, "Jonas", "Berg")
    return House(
        office=here,
        elsewhere=elsewhere,
        citizen=citizen,
        by_citizen=citizen_actor(citizen),
        counsellor=marte,
        colleague=counsellor(here, first="Per", last="Aas"),
        outsider=counsellor(elsewhere, first="Unni", last="Vik"),
        neighbour=neighbour,
        by_neighbour=citizen_actor(neighbour),
    )
