"""`./dap import-case`: whole cases into the database, that can be read and answered in the browser."""

import json
import re
from copy import deepcopy
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from dap.access.sessions import citizen_actor
from dap.core.person_numbers import parse
from dap.dialogue.models import Message, Thread
from dap.people.models import Person, PersonNumber
from dap.plan.enums import ActivityType
from dap.plan.models import Activity, ActivityChange, Goal
from dap.portfolio import check
from dap.record import case_import

from .. import factories
from ..access.visiting import Visitor, text_of
from ..factories import House


def example() -> dict[str, Any]:
    """The complete example of the documentation."""
    page = (Path(__file__).parents[2] / "docs" / "import-case.md").read_text(encoding="utf-8")
    found = re.search(r"```json\n(.*?)```", page, re.S)
    assert found
    return dict(json.loads(found[1]))


def bring_in(content: object, folder: Path) -> tuple[int, str]:
    file = folder / "saker.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    said = StringIO()
    return case_import.run(file, said), said.getvalue()


def checked() -> str:
    found = StringIO()
    return "" if check.run(found) == 0 else found.getvalue()


def test_the_documented_example_comes_in_whole_and_agrees_with_itself(house: House, tmp_path: Path) -> None:
    code, said = bring_in(example(), tmp_path)
    assert code == 0, said
    assert "1 av 1 saker lagt inn, 0 avvist." in said
    person = Person.objects.get(last_name="Eksempel")
    found = parse(PersonNumber.objects.get(person=person).number)
    assert found
    assert (found.synthetic, found.born) == (True, person.birth_date)
    case = example()["cases"][0]
    assert Goal.objects.filter(person=person).count() == len(case["goals"])
    cards = Activity.objects.filter(person=person)
    minutes = cards.filter(type=ActivityType.SAMTALEREFERAT)
    assert cards.count() - minutes.count() == len(case["activities"])
    assert minutes.count() == len(case["minutes"])
    texts = [m["text"] for thread in case["threads"] for m in thread["messages"]]
    stored = Message.objects.filter(thread__person=person).order_by("thread", "number")
    assert list(stored.values_list("text", flat=True)) == texts
    asked = datetime(2025, 2, 14, 17, 42, tzinfo=UTC)
    assert stored.get(text__startswith="Fin!").sent_at == asked, "18.42 in Norway"
    assert checked() == ""


@pytest.mark.feature("D1")
def test_a_case_that_has_come_in_is_read_and_answered_in_the_browser(house: House, tmp_path: Path) -> None:
    bring_in(example(), tmp_path)
    person = Person.objects.get(last_name="Eksempel")
    nav = Visitor(factories.counsellor(person.office))
    ids = {"person_id": person.id}
    assert "Arbeidstrening i barnehage" in text_of(nav.read(reverse("person:plan", kwargs=ids)))
    for card in Activity.objects.filter(person=person):
        words = text_of(nav.read(reverse("person:activity", kwargs={**ids, "activity_id": card.id})))
        assert card.title in words
    thread = Thread.objects.get(person=person)
    address = reverse("person:thread", kwargs={**ids, "thread_id": thread.id})
    assert nav.post(address, text="Ja, det går fint.").status_code == 303
    words = text_of(Visitor(citizen_actor(person)).read(address))
    assert "Ja, det går fint." in words
    assert checked() == ""


FAULTS = [  # where in the case, what stands there, what is said
    (("threads", 0, "messages", 1, "text"), "", "sak «feil», tråd 1, melding 2, felt «text»"),
    (("activities", 0, "to_date"), "2025-01-01", "sak «feil», aktivitet 1, felt «to_date»"),
    (("activities", 0, "title"), "x" * 101, "sak «feil», aktivitet 1, felt «title»"),
    (("activities", 1, "link"), "javascript:alert(1)", "sak «feil», aktivitet 2, felt «link»"),
    (("activities", 2, "by"), "BRUKER", "sak «feil», aktivitet 3, felt «by»"),
    (("goals", 0, "at"), "2030-01-01", "sak «feil», mål 1, felt «at»"),
    (("citizen", "birth_date"), "1988-02-31", "sak «feil», bruker, felt «birth_date»"),
    (("period_start",), None, "sak «feil», felt «period_start»"),
]


@pytest.mark.parametrize(("path", "value", "said"), FAULTS, ids=lambda value: str(value)[:40])
def test_a_case_with_a_fault_is_refused_whole_and_named_and_the_others_come_in(
    house: House, tmp_path: Path, path: tuple[Any, ...], value: object, said: str
) -> None:
    data = example()
    wrong = deepcopy(data["cases"][0])
    wrong["case"], wrong["citizen"]["last_name"] = "feil", "Feilesen"
    place: Any = wrong
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    data["cases"].append(wrong)
    code, told = bring_in(data, tmp_path)
    assert code == 1
    assert said in told
    assert "1 av 2 saker lagt inn, 1 avvist." in told
    assert Person.objects.filter(last_name="Eksempel").count() == 1
    assert not Person.objects.filter(last_name="Feilesen").exists()
    assert checked() == ""


def test_the_same_file_again_brings_in_nothing(house: House, tmp_path: Path) -> None:
    bring_in(example(), tmp_path)
    before = (Person.objects.count(), ActivityChange.objects.count(), Message.objects.count())
    code, told = bring_in(example(), tmp_path)
    assert code == 0
    assert "er lagt inn før" in told
    assert before == (Person.objects.count(), ActivityChange.objects.count(), Message.objects.count())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "dap-case/9", "cases": []}', '"tekst"'])
def test_a_file_that_is_no_case_file_gets_a_sentence(house: House, tmp_path: Path, content: str) -> None:
    people = Person.objects.count()
    code, told = bring_in(content, tmp_path)
    assert code == 1
    assert told.strip()
    assert "Traceback" not in told
    assert Person.objects.count() == people


def test_when_storing_fails_half_way_nothing_of_the_case_stays(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = Person.objects.count()

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(case_import, "refresh", fail)
    with pytest.raises(RuntimeError):
        bring_in(example(), tmp_path)
    assert Person.objects.count() == people
    assert not Message.objects.exists()


def test_without_an_office_it_says_what_to_do(db: None, tmp_path: Path) -> None:
    code, told = bring_in(example(), tmp_path)
    assert code == 1
    assert "./dap demo" in told
