"""What the tests of the measurements start from."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from uuid import uuid4

import pytest

from dap.access.actor import Actor
from dap.bench.subjects import Subjects
from dap.core.enums import Side
from dap.dialogue.models import Message, Thread
from dap.plan.models import Activity
from dap.portfolio.actions import refresh

from .. import factories
from ..factories import NOW, House

LONG_AGO = NOW - timedelta(days=2)


@pytest.fixture
def house(at_noon: datetime, db: None) -> House:
    """A citizen and her counsellor, a colleague, an outsider and a neighbour; the clock stands at NOW."""
    return factories.house()


@pytest.fixture
def full(house: House) -> House:
    """The house with a plan of 60 cards, a thread of 40 messages, and 6 more people of the counsellor's."""
    card = factories.activity(house.citizen, house.by_citizen)
    copies = []
    for _ in range(59):
        card.id = uuid4()
        copies.append(Activity(**{f.attname: getattr(card, f.attname) for f in Activity._meta.fields}))
    Activity.objects.bulk_create(copies)
    add_messages(factories.thread(house.citizen, house.counsellor, at=LONG_AGO), house.counsellor, 39)
    for number in range(6):
        factories.person(house.office, f"Kari {number}", followed_by=house.counsellor)
    refresh(None)
    return house


def add_messages(thread: Thread, by: Actor, count: int) -> None:
    """So many more messages from either side in turn; all are read, and nobody waits."""
    sides = cycle([(Side.CITIZEN, None), (Side.NAV, by.id)])
    made = [
        Message(
            thread=thread,
            number=number,
            sent_at=LONG_AGO + timedelta(minutes=number),
            text=f"Melding {number}",
            by_side=side,
            by_counsellor_id=counsellor,
        )
        for number, (side, counsellor) in zip(range(2, count + 2), sides, strict=False)
    ]
    Message.objects.bulk_create(made)
    last = made[-1]
    Thread.objects.filter(id=thread.id).update(
        message_count=last.number,
        last_message_at=last.sent_at,
        citizen_read_no=last.number,
        nav_read_no=last.number,
        citizen_unread_since=None,
        nav_unread_since=None,
    )


@pytest.fixture
def subjects(full: House) -> Iterator[Subjects]:
    """What can be measured in the full house."""
    with Subjects(1, least=1) as found:
        yield found
