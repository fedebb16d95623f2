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
from dap.plan.models import Goal
from dap.plan.queries import Card


class Urgency(IntEnum):
    """The order of the cards on the home page."""

    ANSWER = 1
    UNREAD_MESSAGE = 2
    EXPIRED = 3
    ENDING = 4
    CHANGED = 5


@dataclass(frozen=True)
class Step:
    """One thing that waits, with its one act: the route and what it is about."""

    urgency: Urgency
    title: str
    text: str
    icon: str
    color: str
    act: str
    route: str
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
        *(_expired(card) for card in waiting.expired),
        *(_ending(card) for card in waiting.ending),
        *(_changed(card) for card in waiting.unread if card not in waiting.ending),
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
        gettext("Svar"),
        "person:thread",
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
        gettext("Les meldingen"),
        "person:thread",
        thread=item,
    )


def _expired(card: Card) -> Step:
    end = card.activity.to_date
    assert end is not None
    return Step(
        Urgency.EXPIRED,
        card.activity.shown_title,
        gettext("Sluttdatoen var %(day)s. Er du ferdig, eller trenger du mer tid?")
        % {"day": day_in_words(end)},
        "ClockDashed",
        "warning",
        gettext("Fullfør eller flytt"),
        "person:activity",
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
        gettext("Se aktiviteten"),
        "person:activity",
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
        gettext("Se og ta stilling")
        if card.status == "BRUKER_ER_INTERESSERT"
        else gettext("Se hva som er nytt"),
        "person:activity",
        card=card,
    )
