"""Whom a measurement looks at."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from dap.access.enums import Role
from dap.bench import subjects as bench
from dap.bench.pages import Inside
from dap.bench.subjects import Subjects
from dap.core.person_numbers import parse
from dap.core.problem import Problem
from dap.dialogue.models import Thread
from dap.people.models import Person
from dap.plan.models import Activity

from .. import factories
from ..factories import House


def test_too_few_people_are_told_with_how_many_to_seed(house: House) -> None:
    with pytest.raises(Problem, match=r"holds 2 people, too few to measure: seed at least 2000"):
        Subjects(1)


def test_a_database_without_full_plans_and_long_threads_says_so(house: House) -> None:
    with Subjects(1, least=1) as found:
        with pytest.raises(Problem, match="no plans of 60 activities"):
            found.heavy_plans(3)
        with pytest.raises(Problem, match="no threads of 40 messages"):
            found.long_threads(3)
        with pytest.raises(Problem, match="no live threads"):
            found.live_threads(3)


def test_the_same_seed_chooses_the_same_people(full: House) -> None:
    def chosen(seed: int) -> list[object]:
        with Subjects(seed, least=1) as one:
            return [one.people(8), one.names(full.office.id, 8), one.live_threads(8)]

    assert chosen(1) == chosen(1) and chosen(1) != chosen(2)


def test_only_people_with_an_open_period_are_looked_at(full: House) -> None:
    ended = factories.person(full.office, "Kari", "Ferdig", period=False)
    with Subjects(1, least=1) as found:
        assert ended.id not in found.people(60)


def test_full_plans_have_60_cards_and_one_that_can_be_moved(subjects: Subjects, full: House) -> None:
    plans = subjects.heavy_plans(5)
    assert {plan.person for plan in plans} == {full.citizen.id} and len(plans) == 5
    activity = Activity.objects.get(id=plans[0].activity)
    assert activity.person_id == full.citizen.id and not activity.agreed
    assert activity.status in ("PLANLAGT", "GJENNOMFORES")


def test_long_threads_have_40_messages(subjects: Subjects) -> None:
    (one,) = {thread.thread for thread in subjects.long_threads(3)}
    assert Thread.objects.get(id=one).message_count >= 40


def test_the_fullest_list_below_60_is_taken_and_its_length_told(subjects: Subjects, full: House) -> None:
    assert subjects.full_lists(2) == ([full.counsellor.id] * 2, 7)


def test_the_largest_office_and_the_middle_one_count_people_once(
    subjects: Subjects, full: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.person(full.elsewhere, "Ida", "Vik")
    largest = subjects.largest_office()
    assert (largest.id, largest.people) == (full.office.id, Person.objects.filter(office=full.office).count())
    assert largest.staff in (full.counsellor.id, full.colleague.id) and largest.role is Role.COUNSELLOR
    monkeypatch.setattr(bench, "MIDDLE_OFFICE", 1)
    assert subjects.middle_office().id == full.elsewhere.id


def test_staff_of_two_offices_is_not_taken_for_one(house: House) -> None:
    both = factories.leader(house.office, house.elsewhere)
    empty = factories.office("Nav Tom")
    with Subjects(1, least=1) as found:
        staff = {one for _, one in found.staff(house.office.id, 10)}
        assert staff == {house.counsellor.id, house.colleague.id} and both.id not in staff
        with pytest.raises(Problem, match="nobody works"):
            found.staff_of(empty.id)


def test_names_are_two_words_of_somebody_in_the_office_and_numbers_are_theirs(
    subjects: Subjects, full: House
) -> None:
    known = {(one.first_name.split()[0].split("-")[0], one.last_name) for one in full.office.people.all()}
    assert {tuple(text.split(" ", 1)) for text in subjects.names(full.office.id, 20)} <= known
    assert all(parse(number) for number in subjects.numbers(full.office.id, 5))


def test_a_session_is_a_login_that_is_ended_afterwards(full: House) -> None:
    before = Session.objects.count()
    with Subjects(1, least=1) as found:
        cookie = found.session_cookie(Role.CITIZEN, full.citizen.id)
        assert cookie.startswith("okt=") and Session.objects.count() == before + 1
        assert full.citizen.first_name in Inside(cookie).get(reverse("start")).html
        last_seen = Person.objects.get(id=full.citizen.id).last_seen_at
        assert last_seen is None  # the refresh every five minutes is not due
    assert Session.objects.count() == before
    with pytest.raises(Problem, match="answered 401"):
        Inside(cookie).get(reverse("start"))
