"""Each page sends a fixed, small number of statements, however much it shows (DESIGN.md section 6)."""

from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from typing import Any

from django.urls import reverse

from dap.plan import actions
from dap.plan.enums import ActivityType, Status
from dap.plan.models import Activity

from .. import factories
from ..factories import NOW, House
from .statements import READING, WITH_FRAME, assert_statements, statements_of
from .visiting import Visitor


def at(house: House, name: str, **ids: Any) -> str:
    return reverse(f"person:{name}", kwargs={"person_id": house.citizen.id, **ids})


def grow(house: House, cards: int, messages: int, people: int) -> tuple[Activity, Any]:
    """A plan with so many cards, each with a thread for every tenth, and a long thread on the first card."""
    actions.set_goal(
        person=house.citizen, text="Fast jobb", seen_goal_id=None, by=house.by_citizen, at=NOW - timedelta(3)
    )
    kinds = cycle([ActivityType.EGEN, ActivityType.STILLING, ActivityType.BEHANDLING, ActivityType.IJOBB])
    sides = cycle([house.by_citizen, house.counsellor, house.colleague])
    made = []
    for number, status in zip(range(cards), cycle(Status), strict=False):
        done = status if status.finished else None
        first = Status.PLANNED if done else status
        made.append(
            factories.activity(house.citizen, next(sides), next(kinds), status=first, finished_as=done)
        )
        if number % 10 == 0:
            factories.thread(house.citizen, house.counsellor, about=made[-1])
    thread = factories.thread(house.citizen, house.counsellor, about=made[0], asks_citizen=True)
    for number in range(messages - 2):
        at_time = NOW - timedelta(minutes=messages - number)
        thread = factories.reply(thread, next(sides), f"Melding {number}", at=at_time)
    for number in range(people):
        one = factories.person(house.office, f"Kari {number}", followed_by=house.counsellor)
        factories.thread(one, house.counsellor)
    return made[0], thread


PAGES: dict[str, Callable[[House, Activity, Any], tuple[str, bool]]] = {
    "the citizen's home": lambda h, a, t: ("/", True),
    "the citizen's plan": lambda h, a, t: (at(h, "plan"), True),
    "the citizen's list": lambda h, a, t: (at(h, "plan_list"), True),
    "the citizen's activity": lambda h, a, t: (at(h, "activity", activity_id=a.id), True),
    "the citizen's thread": lambda h, a, t: (at(h, "thread", thread_id=t.id), True),
    "the citizen's goal": lambda h, a, t: (at(h, "goal"), True),
    "the counsellor's plan": lambda h, a, t: (at(h, "plan"), False),
    "the counsellor's activity": lambda h, a, t: (at(h, "activity", activity_id=a.id), False),
    "the counsellor's thread": lambda h, a, t: (at(h, "thread", thread_id=t.id), False),
    "the counsellor's dialogue": lambda h, a, t: (at(h, "dialogue"), False),
    "my people": lambda h, a, t: (reverse("my_people"), False),
    "the office's people": lambda h, a, t: (reverse("office_people"), False),
    "seeing as the citizen": lambda h, a, t: (at(h, "plan").replace("/p/", "/vis/"), False),
}


def test_every_page_keeps_within_its_budget_with_60_cards_and_40_messages(house: House) -> None:
    card, thread = grow(house, cards=60, messages=40, people=12)
    over = []
    for name, page in PAGES.items():
        address, citizens = page(house, card, thread)
        visitor = Visitor(house.by_citizen if citizens else house.counsellor)
        for budget in (WITH_FRAME + READING, WITH_FRAME):  # the first look marks as read, the next ones don't
            try:
                assert_statements(lambda v=visitor, a=address: v.read(a), at_most=budget)
            except AssertionError as error:
                over.append(f"{name}: {error}")
    assert over == [], "\n\n".join(over)


def test_no_page_sends_more_statements_when_there_is_more_to_show(house: House) -> None:
    card, thread = grow(house, cards=5, messages=3, people=1)
    visitors = {True: Visitor(house.by_citizen), False: Visitor(house.counsellor)}

    def counts() -> dict[str, int]:
        found = {}
        for name, page in PAGES.items():
            address, citizens = page(house, card, thread)
            visitors[citizens].read(address)  # the first look marks as read
            found[name] = len(statements_of(lambda: visitors[citizens].read(address)))  # noqa: B023
        return found

    before = counts()
    for number in range(20):
        factories.activity(house.citizen, house.counsellor, title=f"Kort {number}")
        factories.person(house.office, f"Ola {number}", followed_by=house.counsellor)
        thread = factories.reply(thread, house.counsellor, f"Melding {number}")
    assert counts() == before
