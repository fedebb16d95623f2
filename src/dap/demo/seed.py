"""The demo's people into an empty database: 3 offices, 30 counsellors, 600 citizens and the personas."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import Max

from dap.access.sessions import system_actor
from dap.core import clock, names
from dap.core.text import N_
from dap.demo import stories
from dap.demo.models import DemoPersona
from dap.people.enums import StaffRole
from dap.people.models import Counsellor, Office, Person
from dap.portfolio.actions import refresh
from dap.record.actions import begin_follow_up, end_follow_up
from dap.record.case_rows import Rows

PEOPLE = 600
SEED = 1
ABOUT = {
    "amina-solberg": N_("29 år. Vil jobbe i barnehage. Har fått et spørsmål fra Nav."),
    "jonas-berg": N_("Ung, har ikke svart på lenge."),
    "leila-hassan": N_("Bruker telefonen, trenger tolk i somali."),
    "tor-arne-nilsen": N_("58 år, mistet jobben på verftet. Søker mange jobber."),
    "ingrid-aasen": N_("Har smerter og går til behandling. Skriver nynorsk."),
    "oleksandr-kovalenko": N_("Ingeniør, bruker engelsk."),
    "sara-lindqvist": N_("Helt ny, med tom plan."),
    "kjell-ove-braten-myklebust": N_("Har en svært full plan."),
}
STAFF_PERSONAS = {"Z900101", "Z900102", "Z900113", "Z900001"}


def seed_if_empty(progress: Callable[[str], None]) -> None:
    """Fill an empty database; leave one with people alone."""
    if not Person.objects.exists():
        seed(progress)


def seed(progress: Callable[[str], None], people: int = PEOPLE) -> None:
    """Make offices, staff, personas and `people` others, as they stand now, in one transaction."""
    now = clock.now()
    with transaction.atomic():
        rows = Rows(now=now)
        progress(f"Making {people} invented people …")
        offices, staff = add_personas(rows)
        for number, demo in enumerate(stories.population(people, SEED, now)):
            counsellor = None if demo.counsellor is None else staff[demo.counsellor]
            person_id = uuid5(NAMESPACE_URL, f"dap-demo-{SEED}-{number}")
            rows.add_case(demo.case, office=offices[demo.office], counsellor=counsellor, id=person_id)
        rows.store()
        _earlier_periods(now)
        refresh(None)


def add_personas(rows: Rows) -> tuple[dict[str, Office], list[Counsellor]]:
    """Make the written offices and their staff, and add the rows of the written people.

    Gives the offices by town, and the counsellors in the order of the stories.
    """
    offices = _offices()
    staff = _staff(offices)
    for rank, demo in enumerate(stories.personas(rows.now)):
        person = rows.add_case(
            demo.case,
            office=offices[demo.office],
            counsellor=None if demo.counsellor is None else staff[demo.counsellor],
            id=persona_id(demo.key),
        )
        rows.add(DemoPersona(key=demo.key, person=person, about=ABOUT[demo.key], rank=rank))
    return offices, staff


def _earlier_periods(now: datetime) -> None:
    """A few with quiet plans have come back: what they had is an earlier period, and they begin anew."""
    end, begin = now - timedelta(days=20), now - timedelta(days=14)
    quiet = (
        Person.objects.filter(demopersona__isnull=True)
        .annotate(changed=Max("activities__changed_at"), written=Max("threads__last_message_at"))
        .filter(changed__lt=end, written__lt=end)
        .order_by("id")[:12]
    )
    for person in quiet:
        end_follow_up(person=person, by=system_actor(), at=end)
        begin_follow_up(person=person, at=begin)


def persona_id(key: str) -> UUID:
    """The fixed id of a persona, so that tours and tests find it."""
    return uuid5(NAMESPACE_URL, f"dap-persona-{key}")


def login_lines() -> list[str]:
    """Whom one may log in as, for the terminal."""
    lines = ["Log in as, for example:"]
    for persona in DemoPersona.objects.select_related("person", "counsellor").order_by("rank"):
        lines.append(f"  {persona.name:<28} {persona.about}")
    return lines


def _offices() -> dict[str, Office]:
    made = {}
    for index, town in enumerate(stories.offices()):
        made[town] = Office.objects.create(number=f"{9001 + index}", name=f"Nav {town}")
    return made


def _staff(offices: dict[str, Office]) -> list[Counsellor]:
    """Counsellors and leaders; gives the counsellors in the order of the stories."""
    counsellors = []
    for rank, member in enumerate([*stories.counsellors(), *stories.leaders()]):
        one = Counsellor.objects.create(
            id=uuid5(NAMESPACE_URL, f"dap-staff-{member.ident}"),
            ident=member.ident,
            first_name=member.first_name,
            last_name=member.last_name,
            name_key=names.sort_key(member.last_name, member.first_name),
            role=StaffRole.LEADER if member.leader else StaffRole.COUNSELLOR,
        )
        one.offices.add(offices[member.office])
        if member.ident in STAFF_PERSONAS:
            about = f"{'Leder' if member.leader else 'Veileder'}, Nav {member.office}"
            DemoPersona.objects.create(key=member.ident, counsellor=one, about=about, rank=100 + rank)
        if not member.leader:
            counsellors.append(one)
    return counsellors
