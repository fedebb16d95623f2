"""What waits for the citizen, most urgent first: the home page's next steps (P6)."""

from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext, ngettext

from dap.access.actor import Actor
from dap.core.words import day_in_words, moment_in_words
from dap.dialogue import queries as dialogue
from dap.dialogue.queries import ThreadItem
from dap.people.models import Person
from dap.plan import queries as plan
from dap.plan.enums import ActivityType, Status
from dap.plan.models import Goal
from dap.plan.queries import Card


class Urgency(IntEnum):
    """The order of the cards on the home page."""

    ANSWER = 1
    UNREAD_MESSAGE = 2
    PROPOSED = 3
    ENDING = 4
    EXPIRED = 5
    CHANGED = 6


@dataclass(frozen=True)
class Act:
    """A button of a step: its words, and where it leads."""

    label: str
    route: str
    query: str = ""


@dataclass(frozen=True)
class Step:
    """One thing that waits, with its acts, the likeliest first, and what it is about."""

    urgency: Urgency
    title: str
    text: str
    icon: str
    color: str
    acts: tuple[Act, ...]
    thread: ThreadItem | None = None
    card: Card | None = None


@dataclass(frozen=True)
class Home:
    """The citizen's home."""

    person: Person
    steps: list[Step]
    goal: Goal | None
    next_card: Card | None
    counsellor: str
    empty: bool


def home(actor: Actor, person: Person) -> Home:
    """What waits for the citizen, the goal, and what is next. Five statements."""
    threads = dialogue.waiting_for_citizen(actor, person)
    waiting = plan.waiting(actor, person)
    steps = [
        *(_answer(item) for item in threads if item.thread.waits_on_citizen_since),
        *(_read(item) for item in threads if not item.thread.waits_on_citizen_since),
        *(_expired(card) for card in waiting.expired if card not in waiting.proposed),
        *(_ending(card) for card in waiting.ending if card not in waiting.proposed),
        *(_proposed(card) for card in waiting.proposed),
        *(_changed(card) for card in waiting.unread if card not in [*waiting.ending, *waiting.proposed]),
    ]
    assignment = person.assignments.filter(to_at__isnull=True).select_related("counsellor").first()
    return Home(
        person=person,
        steps=sorted(steps, key=lambda step: step.urgency),
        goal=plan.current_goal(person),
        next_card=waiting.next,
        counsellor=assignment.counsellor.full_name if assignment else "",
        empty=waiting.nothing,
    )


def _answer(item: ThreadItem) -> Step:
    since = item.thread.waits_on_citizen_since
    assert since is not None
    return Step(
        Urgency.ANSWER,
        gettext("Veilederen din venter på svar: %(title)s") % {"title": item.title},
        gettext("Sendt %(when)s") % {"when": moment_in_words(since)},
        "ChatExclamationmark",
        "warning",
        (Act(gettext("Svar"), "person:thread"),),
        thread=item,
    )


def _read(item: ThreadItem) -> Step:
    return Step(
        Urgency.UNREAD_MESSAGE,
        ngettext("Ny melding: %(title)s", "%(count)s nye meldinger: %(title)s", item.unread)
        % {"title": item.title, "count": item.unread},
        gettext("Sendt %(when)s") % {"when": moment_in_words(item.thread.last_message_at)},
        "ChatElipsis",
        "accent",
        (Act(gettext("Les meldingen"), "person:thread"),),
        thread=item,
    )


def _proposed(card: Card) -> Step:
    return Step(
        Urgency.PROPOSED,
        gettext("Forslag fra Nav: %(title)s") % {"title": card.activity.shown_title},
        gettext("Foreslått %(when)s. Hva tenker du?") % {"when": moment_in_words(card.activity.created_at)},
        "LightBulb",
        "accent",
        (
            Act(gettext("Se forslaget"), "person:activity"),
            Act(gettext("Ja, det vil jeg"), "person:activity_move", f"?til={Status.PLANNED}"),
            Act(gettext("Nei takk"), "person:activity_move", f"?til={Status.ABORTED}"),
        ),
        card=card,
    )


def _expired(card: Card) -> Step:
    end = card.activity.to_date
    assert end is not None
    job = card.type is ActivityType.STILLING
    words = (
        gettext("Søknadsfristen var %(day)s. Søkte du?")
        if job
        else gettext("Sluttdatoen var %(day)s. Er du ferdig, eller trenger du mer tid?")
    )
    finish = gettext("Nei, jeg lot være") if job else gettext("Jeg er ferdig")
    status = Status.ABORTED if job else Status.COMPLETED
    first = (
        Act(gettext("Ja, jeg har søkt"), "person:activity", "#soknad")
        if job
        else Act(finish, "person:activity_move", f"?til={status}")
    )
    # Once it is agreed the citizen asks for more time, since Nav alone may give it.
    more_time = "person:activity_thread" if card.activity.agreed else "person:activity_edit"
    second = (
        Act(finish, "person:activity_move", f"?til={status}")
        if job
        else Act(gettext("Trenger mer tid"), more_time)
    )
    return Step(
        Urgency.EXPIRED,
        card.activity.shown_title,
        words % {"day": day_in_words(end)},
        "ClockDashed",
        "warning",
        (first, second),
        card=card,
    )


def _ending(card: Card) -> Step:
    end = card.activity.to_date
    assert end is not None
    application = card.type == "STILLING"
    words = gettext("Søknadsfristen er %(day)s.") if application else gettext("Slutter %(day)s.")
    return Step(
        Urgency.ENDING,
        card.activity.shown_title,
        words % {"day": day_in_words(end)},
        "Briefcase" if application else "Calendar",
        "neutral",
        (Act(gettext("Se aktiviteten"), "person:activity"),),
        card=card,
    )


def _changed(card: Card) -> Step:
    new = card.activity.version == 1
    title = gettext("Nytt i planen: %(title)s") if new else gettext("Endret i planen: %(title)s")
    return Step(
        Urgency.CHANGED,
        title % {"title": card.activity.shown_title},
        gettext("Fra Nav, %(when)s") % {"when": moment_in_words(card.activity.changed_at)},
        "Tasklist",
        "accent",
        (Act(gettext("Se hva som er nytt"), "person:activity"),),
        card=card,
    )
