"""The search: which names a text finds, whose number it is, and that nobody sees another's search."""

from datetime import timedelta
from itertools import islice
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dap.access.actor import Actor
from dap.access.rules import AccessReason
from dap.core import clock
from dap.core.person_numbers import synthetic_numbers
from dap.core.reason import Refused
from dap.people.models import FollowUpPeriod, Office, Person
from dap.portfolio import actions, queries
from dap.portfolio.enums import Sort
from dap.portfolio.models import Search
from dap.portfolio.queries import Choice, SearchPage
from dap.portfolio.rules import SearchReason

from . import builders
from .builders import BORN, NOW

pytestmark = pytest.mark.django_db
NUMBERS = list(islice(synthetic_numbers(BORN), 40, 44))
NAMES = [
    ("Aas", "Åse"),
    ("Åsen", "Leila"),
    ("Aasen", "Kari"),
    ("Østby", "Per"),
    ("Berg-Johannessen", "Anne-Marie"),
    ("Dahl", "Anne Marie"),
    ("Müller", "José"),
    ("O'Hara", "Siri"),
    ("100%_mann", "Tor"),
]


@pytest.fixture(autouse=True)
def _noon() -> object:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def here() -> Office:
    return builders.office()


@pytest.fixture
def nav(here: Office) -> Actor:
    return builders.counsellor(here)


@pytest.fixture
def there() -> Office:
    return builders.office("0402", "Nav Storvik")


def look_for(text: str, nav: Actor) -> SearchPage:
    search = actions.search(text=text, by=nav, at=NOW)
    assert isinstance(search, Search)
    return queries.search_page(nav, Choice(Sort.NAME, search=str(search.id)))


def found(text: str, nav: Actor) -> list[str]:
    page = look_for(text, nav)
    assert page.people is not None
    return [line.name for line in page.people.lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Åsen", ["Åsen, Leila", "Aasen, Kari"]),
        ("aasen", ["Åsen, Leila", "Aasen, Kari"]),
        ("ås", ["Aas, Åse", "Åsen, Leila", "Aasen, Kari"]),
        ("øst", ["Østby, Per"]),
        ("by", ["Østby, Per"]),
        ("bst", []),  # not a part of the key's own sign for ø
        ("as", []),
        ("øst per", ["Østby, Per"]),
        ("per østby", ["Østby, Per"]),
        ("Østby, Per", ["Østby, Per"]),
        ("østby kari", []),
        ("Anne-Marie", ["Berg-Johannessen, Anne-Marie", "Dahl, Anne Marie"]),
        ("anne marie dahl", ["Dahl, Anne Marie"]),
        ("johannessen", ["Berg-Johannessen, Anne-Marie"]),
        ("berg-joh", ["Berg-Johannessen, Anne-Marie"]),
        ("muller", ["Müller, José"]),
        ("jose", ["Müller, José"]),
        ("o'ha", ["O'Hara, Siri"]),
        ("%_mann", ["100%_mann, Tor"]),
        ("a_n", []),
        ("a.n", []),
        ("an(", []),
        ("anne [", []),
        ("ukjent", []),
    ],
)
def test_which_names_a_text_finds(here: Office, nav: Actor, text: str, expected: list[str]) -> None:
    for last, first in NAMES:
        builders.person(here, last, first)
    assert sorted(found(text, nav)) == sorted(expected)


def test_out_of_reach_is_not_found_by_name_or_number(here: Office, there: Office, nav: Actor) -> None:
    mine = builders.person(here, "Berg", "Jonas", number=NUMBERS[0])
    builders.person(there, "Berg", "Siri", number=NUMBERS[1])
    assert found("berg", nav) == ["Berg, Jonas"]
    assert actions.search(text=NUMBERS[0], by=nav, at=NOW) == mine.id
    out_of_reach, unknown = look_for(NUMBERS[1], nav), look_for(NUMBERS[2], nav)
    assert out_of_reach == unknown
    assert (out_of_reach.by_number, out_of_reach.people) == (True, None)


def test_out_of_reach_costs_what_an_unknown_number_costs(there: Office, nav: Actor) -> None:
    builders.person(there, number=NUMBERS[1])
    counts = []
    for number in (NUMBERS[1], NUMBERS[2]):
        with CaptureQueriesContext(connection) as statements:
            look_for(number, nav)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_number_may_have_spaces_and_is_stored_nowhere_else(here: Office, nav: Actor) -> None:
    person = builders.person(here, number=NUMBERS[0])
    spaced = f" {NUMBERS[0][:6]} {NUMBERS[0][6:]} "
    assert actions.search(text=spaced, by=nav, at=NOW) == person.id
    actions.search(text=NUMBERS[3], by=nav, at=NOW)
    assert [search.text for search in Search.objects.all()] == [""]


def test_a_person_no_longer_followed_up_is_still_found(here: Office, nav: Actor) -> None:
    person = builders.person(here, "Berg", "Jonas")
    FollowUpPeriod.objects.filter(person=person).update(ended_at=NOW)
    actions.refresh([person.id])
    page = look_for("berg", nav)
    assert page.people is not None
    assert [line.period_open for line in page.people.lines] == [False]


def test_a_search_shows_who_is_in_reach_when_it_is_shown(here: Office, there: Office, nav: Actor) -> None:
    person = builders.person(here, "Berg", "Jonas")
    search = actions.search(text="Berg", by=nav, at=NOW)
    assert isinstance(search, Search)
    Person.objects.filter(id=person.id).update(office=there)
    page = queries.search_page(nav, Choice(search=str(search.id)))
    assert page.people is not None
    assert page.people.lines == []


@pytest.mark.parametrize("text", ["", "a", "12345678901", "Berg 1"])
def test_what_may_not_be_searched_for_stores_nothing(nav: Actor, text: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.search(text=text, by=nav, at=NOW)
    assert isinstance(refused.value.reason, SearchReason)
    assert not Search.objects.exists()


def test_anothers_search_is_as_if_there_were_none(here: Office, nav: Actor) -> None:
    colleague = builders.counsellor(here, ident="Z100002")
    theirs = actions.search(text="Berg", by=colleague, at=NOW)
    assert isinstance(theirs, Search)
    for search in (str(theirs.id), str(uuid4()), "1; drop table", ""):
        with pytest.raises(Refused) as refused:
            queries.search_page(nav, Choice(search=search))
        assert refused.value.reason is AccessReason.NOT_FOUND


def test_a_search_is_kept_an_hour_and_says_so_for_a_day(here: Office, nav: Actor) -> None:
    builders.person(here, "Berg", "Jonas")
    search = actions.search(text="Berg", by=nav, at=NOW)
    assert isinstance(search, Search)
    choice = Choice(search=str(search.id))
    with clock.frozen(NOW + timedelta(minutes=59)):
        assert actions.forget_old_searches(clock.now()) == 0
        page = queries.search_page(nav, choice)
        assert page.people is not None
        assert page.people.total == 1
    with clock.frozen(NOW + timedelta(minutes=61)):
        expired = queries.search_page(nav, choice)
        assert (expired.expired, expired.text, expired.people) == (True, "", None)
        assert actions.forget_old_searches(clock.now()) == 1
        assert Search.objects.get().text == ""
        assert actions.forget_old_searches(clock.now()) == 0
        assert queries.search_page(nav, choice) == expired
    with clock.frozen(NOW + timedelta(hours=25)):
        assert actions.forget_old_searches(clock.now()) == 1
        assert not Search.objects.exists()
