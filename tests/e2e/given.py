"""What is so before a story begins: made with the same verbs as the pages use."""

from datetime import date, timedelta

from django.db import transaction

from dap.access.actor import Actor
from dap.access.sessions import citizen_actor, staff_actor
from dap.core import clock, touch
from dap.demo.seed import persona_id
from dap.dialogue import actions as dialogue
from dap.dialogue.models import Thread
from dap.people.models import Counsellor, Person
from dap.plan import actions as plan
from dap.plan.enums import ActivityType, Status
from dap.plan.models import Activity
from dap.portfolio.actions import refresh

AMINA = persona_id("amina-solberg")
PLAN = f"/p/{AMINA}/plan"


def amina() -> Person:
    return Person.objects.get(id=AMINA)


def marte() -> Actor:
    """The counsellor of Amina."""
    counsellor = Counsellor.objects.get(ident="Z900101")
    return staff_actor(counsellor, frozenset(office.id for office in counsellor.offices.all()))


def an_activity(
    title: str, status: Status = Status.PROPOSED, *, agreed: bool = False, reason: str = ""
) -> Activity:
    """An activity of Amina's own that ends in two weeks, in this column."""
    person, today = amina(), clock.today()
    values: dict[str, object] = {"title": title, "from_date": today, "to_date": today + timedelta(days=14)}
    with transaction.atomic():
        touch.forget()
        first = Status.PROPOSED if status.finished else status
        made = plan.create_activity(
            person=person,
            type=ActivityType.EGEN,
            values=values,
            status=first,
            by=citizen_actor(person),
            at=clock.now(),
        )
        if agreed:
            made = plan.agree(activity=made, version=made.version, by=marte(), at=clock.now())
        if status is not first:
            made = plan.change_status(
                activity=made,
                version=made.version,
                to=status,
                reason=reason,
                by=citizen_actor(person),
                at=clock.now(),
            )
        touch.flush()
    return made


def a_thread(title: str, text: str, *, from_citizen: bool) -> Thread:
    """A dialogue with one message from Amina or from her counsellor."""
    person = amina()
    with transaction.atomic():
        touch.forget()
        made = dialogue.start_thread(
            person=person,
            title=title,
            text=text,
            asks_citizen=False,
            by=citizen_actor(person) if from_citizen else marte(),
            at=clock.now(),
        )
        touch.flush()
    return made.thread


def nothing_waits_for_nav() -> None:
    """What waits in the demo's story about Amina has been answered."""
    Thread.objects.filter(person_id=AMINA).update(waits_on_nav_since=None)
    refresh([AMINA])


def a_long_thread(title: str, messages: int = 15) -> Thread:
    """A dialogue that fills more than a screen."""
    thread = a_thread(title, "Hei!", from_citizen=False)
    with transaction.atomic():
        touch.forget()
        for number in range(messages):
            live = Thread.objects.select_for_update().get(id=thread.id)
            by = citizen_actor(amina()) if number % 2 else marte()
            dialogue.reply(thread=live, text=f"Melding nummer {number}. " * 4, by=by, at=clock.now())
        touch.flush()
    return thread


def day(days_ahead: int) -> date:
    return clock.today() + timedelta(days=days_ahead)
