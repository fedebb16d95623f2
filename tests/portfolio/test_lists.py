"""The lists: who stands in them, in which order, and how many statements they cost."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpRequest, QueryDict
from django.test.utils import CaptureQueriesContext

from dap.access.actor import Actor
from dap.access.sessions import citizen_actor, system_actor
from dap.core import clock, touch
from dap.dialogue import actions as dialogue
from dap.people.models import Assignment, FollowUpPeriod, Person
from dap.portfolio import actions, queries
from dap.portfolio.enums import Show, Sort
from dap.portfolio.queries import Badges, Choice, PeopleList

from . import builders
from .builders import NOW, TODAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon() -> object:
    with clock.frozen(NOW):
        yield


def ask(person: Person, at: datetime = NOW) -> None:
    """The person asks something."""
    by = citizen_actor(person)
    dialogue.start_thread(person=person, title="Spørsmål", text="Hei", asks_citizen=False, by=by, at=at)
    touch.flush()


def names(people: PeopleList) -> list[str]:
    return [line.name.split(",")[0] for line in people.lines]


class Offices:
    """Two offices with a counsellor each; one counsellor has two people, the office one more."""

    def __init__(self) -> None:
        self.here, self.there = builders.office(), builders.office("0402", "Nav Storvik")
        self.nav = builders.counsellor(self.here)
        self.colleague = builders.counsellor(self.there, ident="Z100002", first="Ola", last="Vik")
        self.solberg = builders.person(self.here, followed_by=self.nav)
        self.berg = builders.person(self.here, "Berg", "Jonas", followed_by=self.nav)
        self.aas = builders.person(self.here, "Aas", "Leila")
        self.elsewhere = builders.person(self.there, "Dahl", "Siri", followed_by=self.colleague)


@pytest.fixture
def offices() -> Offices:
    return Offices()


def test_mine_are_those_i_follow_up_and_the_offices_are_all(offices: Offices) -> None:
    assert names(queries.my_people(offices.nav, Choice())) == ["Berg", "Solberg"]
    everybody = queries.office_people(offices.nav, Choice())
    assert names(everybody) == ["Berg", "Solberg", "Aas"]
    assert [line.counsellor for line in everybody.lines] == ["Marte Lien", "Marte Lien", ""]


def test_nobody_of_another_office_is_listed_counted_or_found(offices: Offices) -> None:
    ask(offices.elsewhere)
    everybody = queries.office_people(offices.nav, Choice())
    assert "Dahl" not in names(everybody)
    assert (everybody.total, everybody.counts[Show.WAITING]) == (3, 0)
    # Even with my own name on the assignment: the office decides.
    Assignment.objects.filter(person=offices.elsewhere).update(counsellor_id=offices.nav.id)
    actions.refresh()
    assert names(queries.my_people(offices.nav, Choice())) == ["Berg", "Solberg"]


def test_a_row_that_lags_behind_a_move_shows_nobody_out_of_reach(offices: Offices) -> None:
    Person.objects.filter(id=offices.berg.id).update(office=offices.there)
    assert names(queries.office_people(offices.nav, Choice())) == ["Solberg", "Aas"]


@pytest.mark.parametrize("actor", [system_actor()])
def test_who_reaches_nobody_gets_an_empty_list(offices: Offices, actor: Actor) -> None:
    empty = queries.office_people(actor, Choice())
    assert (empty.lines, empty.total, empty.pages, empty.first) == ([], 0, 1, 0)


def test_only_those_under_follow_up_are_listed(offices: Offices) -> None:
    FollowUpPeriod.objects.filter(person=offices.berg).update(ended_at=NOW)
    actions.refresh([offices.berg.id])
    assert names(queries.my_people(offices.nav, Choice())) == ["Solberg"]


def test_what_depends_on_the_day_is_decided_when_it_is_read(offices: Offices) -> None:
    for days in (-3, -1, 0, 4):
        builders.activity(offices.berg, TODAY + days * DAY)
    line = queries.my_people(offices.nav, Choice(Sort.NAME)).lines[0]
    assert (line.expired, line.next_end) == (2, TODAY)
    with clock.frozen(NOW + 5 * DAY):
        line = queries.my_people(offices.nav, Choice(Sort.NAME)).lines[0]
    assert (line.expired, line.next_end) == (4, None)


def test_days_are_norwegian_days(offices: Offices) -> None:
    late = datetime(2026, 11, 19, 23, 30, tzinfo=NOW.tzinfo)  # past midnight in Norway
    ask(offices.berg, late)
    line = queries.my_people(offices.nav, Choice()).lines[0]
    assert (line.waits_day, line.last_contact_day) == (TODAY, TODAY)


@pytest.fixture
def varied(offices: Offices) -> Offices:
    """Solberg: asked yesterday, expired once. Berg: asked twice today, ends later. Aas has nothing."""
    ask(offices.solberg, NOW - DAY)
    ask(offices.berg, NOW)
    ask(offices.berg, NOW)
    builders.activity(offices.solberg, TODAY - 2 * DAY)
    builders.activity(offices.solberg, TODAY + 2 * DAY)
    builders.activity(offices.berg, TODAY + 9 * DAY)
    return offices


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        (Sort.NAME, False, ["Berg", "Solberg", "Aas"]),
        (Sort.NAME, True, ["Aas", "Solberg", "Berg"]),
        (Sort.WAITING, False, ["Solberg", "Berg", "Aas"]),
        (Sort.WAITING, True, ["Berg", "Solberg", "Aas"]),
        (Sort.UNREAD, True, ["Berg", "Solberg", "Aas"]),
        (Sort.UNREAD, False, ["Solberg", "Berg", "Aas"]),
        (Sort.EXPIRED, True, ["Solberg", "Berg", "Aas"]),
        (Sort.EXPIRED, False, ["Solberg", "Berg", "Aas"]),
        (Sort.NEXT_END, False, ["Solberg", "Berg", "Aas"]),
        (Sort.NEXT_END, True, ["Berg", "Solberg", "Aas"]),
        (Sort.CONTACT, False, ["Solberg", "Berg", "Aas"]),
        (Sort.CONTACT, True, ["Berg", "Solberg", "Aas"]),
    ],
)
def test_every_column_sorts_both_ways_with_nothing_last(
    varied: Offices, sort: Sort, descending: bool, expected: list[str]
) -> None:
    assert names(queries.office_people(varied.nav, Choice(sort, descending))) == expected


def test_among_as_many_unread_the_oldest_comes_first(offices: Offices) -> None:
    ask(offices.berg, NOW)
    ask(offices.solberg, NOW - DAY)
    assert names(queries.my_people(offices.nav, Choice(Sort.UNREAD, True))) == ["Solberg", "Berg"]


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (Show.ALL, ["Berg", "Solberg", "Aas"]),
        (Show.WAITING, ["Berg", "Solberg"]),
        (Show.UNREAD, ["Berg", "Solberg"]),
        (Show.EXPIRED, ["Solberg"]),
        (Show.UNASSIGNED, ["Aas"]),
    ],
)
def test_each_choice_shows_as_many_as_it_counts(varied: Offices, show: Show, expected: list[str]) -> None:
    people = queries.office_people(varied.nav, Choice(Sort.NAME, show=show))
    assert names(people) == expected
    assert people.counts[show] == people.total == len(expected)


def test_pages_hold_everybody_once_in_one_order(offices: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    same = [builders.person(offices.here, "Berg", "Jonas", followed_by=offices.nav).id for _ in range(4)]
    seen: list[UUID] = []
    for page in (1, 2, 3):
        people = queries.my_people(offices.nav, Choice(Sort.WAITING, page=page))
        assert (people.pages, people.total) == (3, 6)
        assert (people.first, people.last) == (2 * page - 1, 2 * page)
        seen += [line.id for line in people.lines]
    assert len(seen) == len(set(seen)) == 6
    assert set(same) < set(seen)
    beyond = queries.my_people(offices.nav, Choice(page=99))
    assert beyond.choice.page == 3


def test_a_list_is_two_statements_whatever_its_length(varied: Offices) -> None:
    for _ in range(5):
        builders.person(varied.here, "Lie", "Per", followed_by=varied.nav)
    for fetch in (queries.my_people, queries.office_people):
        with CaptureQueriesContext(connection) as statements:
            fetch(varied.nav, Choice())
        assert len(statements) == 2


def test_the_badges_are_the_citizens_own_and_one_statement(offices: Offices) -> None:
    thread = dialogue.start_thread(
        person=offices.berg, title="Hei", text="Hei", asks_citizen=True, by=offices.nav, at=NOW
    ).thread
    touch.flush()
    for actor, expected in [
        (citizen_actor(offices.berg), Badges(1, 1)),
        (citizen_actor(offices.aas), Badges()),
        (offices.nav, Badges()),
        (None, Badges()),
    ]:
        request = HttpRequest()
        request.visitor = actor  # type: ignore[attr-defined]
        with CaptureQueriesContext(connection) as statements:
            assert queries.own_badges(request) == queries.own_badges(request) == expected
        assert len(statements) == (1 if actor and not actor.is_staff else 0)
    dialogue.mark_read(
        person_id=offices.berg.id, thread_id=thread.id, up_to=1, by=citizen_actor(offices.berg), at=NOW
    )
    touch.flush()
    row = queries.row_for(offices.berg.id)
    assert row is not None
    assert (row.unread_by_citizen, row.awaiting_citizen) == (0, 1)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", Choice()),
        ("sorter=uleste", Choice(Sort.UNREAD, True)),
        ("sorter=navn&retning=synkende&side=3&vis=utlopte", Choice(Sort.NAME, True, Show.EXPIRED, 3)),
        ("sorter=passord&vis=alt&side=-1&retning=opp", Choice()),
        ("side=99999999999999999999", Choice()),
        ("side=²&sorter=", Choice()),
    ],
)
def test_the_address_is_read_with_patience(query: str, expected: Choice) -> None:
    assert Choice.of(QueryDict(query)) == expected


def test_an_address_says_what_it_was_made_of() -> None:
    choice = Choice(Sort.CONTACT, True, Show.UNREAD, 7)
    assert Choice.of(QueryDict(choice.address[1:])) == choice
    assert Choice.of(QueryDict(choice.sorted_by(Sort.CONTACT)[1:])) == Choice(
        Sort.CONTACT, False, Show.UNREAD
    )
    assert Choice.of(QueryDict(choice.sorted_by(Sort.EXPIRED)[1:])) == Choice(Sort.EXPIRED, True, Show.UNREAD)
    assert Choice.of(QueryDict(choice.showing(Show.ALL)[1:])) == Choice(Sort.CONTACT, True)


def test_a_date_column_of_nobody_is_empty() -> None:
    here = builders.office()
    nav = builders.counsellor(here)
    builders.person(here, followed_by=nav)
    (line,) = queries.my_people(nav, Choice()).lines
    assert (line.waits_day, line.last_contact_day, line.next_end, line.unread, line.expired) == (
        None,
        None,
        None,
        0,
        0,
    )
