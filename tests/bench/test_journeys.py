"""Each thing that is measured really shows and does what its name says."""

from collections.abc import Callable

import pytest

from dap.bench import counting
from dap.bench.client import Answer
from dap.bench.journeys import JOURNEYS, MESSAGE, Journey, Kind, send
from dap.bench.pages import Inside
from dap.bench.subjects import Subjects
from dap.core.models import Draft
from dap.dialogue.models import Message, ThreadEvent
from dap.plan.models import ActivityChange
from dap.portfolio.models import Search

from ..access.visiting import text_of
from ..factories import House

BY_NAME = {journey.name: journey for journey in JOURNEYS}


def visit(journey: Journey, subjects: Subjects, *, undo: bool = False) -> Answer:
    (look,) = journey.looks(subjects, 1)
    visitor = Inside(look.cookie)
    ask = look.prepare(visitor)
    answer = send(visitor, ask)
    if undo and ask.undo:
        send(visitor, ask.undo(answer))
    return answer


SHOWS: dict[str, Callable[[str, House], bool]] = {
    "home": lambda text, house: "Hei, " in text and "Mitt mål" in text,
    "plan": lambda text, house: "Oppdatere CV-en" in text and "Flytt til" in text,
    "list": lambda text, house: "Oppdatere CV-en" in text,
    "card": lambda text, house: "Historikk" in text,
    "thread": lambda text, house: "Melding 40" in text and "Melding 2" in text,
    "threads": lambda text, house: "Dialog" in text and "Melding 1" not in text,
    "my-people": lambda text, house: "Kari 5" in text,
    "office": lambda text, house: "Berg, Jonas" in text,
    "office-deep": lambda text, house: "Berg, Jonas" in text,
    "office-waiting": lambda text, house: "Kari 5" not in text,
    "office-expired": lambda text, house: "Berg, Jonas" not in text,
    "office-2000": lambda text, house: "Enhetens brukere" in text,
    "person": lambda text, house: "Vis som bruker" in text,
    "search-name": lambda text, house: "Treff" in text or "Solberg" in text,
    "as-citizen": lambda text, house: "Oppdatere CV-en" in text and "Flytt til" not in text,
}


@pytest.mark.parametrize("name", SHOWS)
def test_a_page_shows_what_is_measured_within_its_statements(
    name: str, subjects: Subjects, full: House
) -> None:
    (look,) = BY_NAME[name].looks(subjects, 1)
    visitor = Inside(look.cookie)
    ask = look.prepare(visitor)
    text = text_of(send(visitor, ask).html)
    assert SHOWS[name](text, full), text
    again = counting.split(counting.statements_of(lambda: send(visitor, ask)))
    assert 0 < len(again.own) <= counting.OWN and 0 < len(again.frame) <= counting.FRAME


def test_every_page_is_looked_at_here() -> None:
    assert set(SHOWS) == {journey.name for journey in JOURNEYS if journey.kind is not Kind.ACT}


def test_a_journey_gives_as_many_visitors_as_are_asked_for(subjects: Subjects) -> None:
    assert {name: len(one.looks(subjects, 30)) for name, one in BY_NAME.items()} == dict.fromkeys(BY_NAME, 30)


def test_a_message_is_sent_and_stays(subjects: Subjects) -> None:
    visit(BY_NAME["do-send"], subjects, undo=True)
    assert Message.objects.filter(text=MESSAGE).count() == 1


def test_a_card_is_moved_there_and_back(subjects: Subjects) -> None:
    (plan,) = subjects.heavy_plans(1)
    before = ActivityChange.objects.filter(activity=plan.activity).count()
    visit(BY_NAME["do-move"], subjects, undo=True)
    kinds = list(
        ActivityChange.objects.filter(activity=plan.activity)
        .order_by("version")
        .values_list("kind", flat=True)
    )
    assert kinds[before:] == ["STATUS_ENDRET", "ANGRET"]


def test_a_draft_is_saved_and_thrown_away(subjects: Subjects) -> None:
    visit(BY_NAME["do-draft"], subjects)
    assert Draft.objects.get().fields["text"] == MESSAGE
    visit(BY_NAME["do-draft"], subjects, undo=True)
    assert not Draft.objects.exists()


def test_waiting_is_marked_and_unmarked(subjects: Subjects) -> None:
    before = ThreadEvent.objects.count()
    (look,) = BY_NAME["do-mark-waits"].looks(subjects, 1)
    visitor = Inside(look.cookie)
    ask = look.prepare(visitor)
    drawn = ask.fields or {}
    assert ask.undo is not None
    back = ask.undo(send(visitor, ask)).fields or {}
    assert ("nav" in drawn) is not ("nav" in back)
    assert ThreadEvent.objects.count() > before


def test_a_search_by_name_leads_to_its_page_and_one_by_number_to_the_person(
    subjects: Subjects,
) -> None:
    answer = visit(BY_NAME["do-search-name"], subjects)
    assert answer.status == 303 and answer.location.startswith("/sok?s=")
    answer = visit(BY_NAME["do-search-number"], subjects)
    assert answer.status == 303 and answer.location.endswith("/plan")
    assert Search.objects.count() == 1  # a number is not stored
