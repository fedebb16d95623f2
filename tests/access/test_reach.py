"""The one door to people: the rule and the query that fetches are the same on every combination."""

from uuid import uuid4

import pytest

from dap.access import scope
from dap.access.actor import Actor
from dap.access.enums import Role
from dap.access.rules import PERMISSIONS, AccessReason, ReachFacts, judge_reach
from dap.access.sessions import citizen_actor, staff_actor, system_actor
from dap.core.reason import Refused
from dap.people.models import Counsellor, Person

from .. import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X2")]


def everybody() -> tuple[list[Actor], list[Person]]:
    offices = [factories.office(name) for name in ("Nav Fjordvik", "Nav Skogly", "Nav Heia")]
    people = [factories.person(office, period=period) for office in offices for period in (True, False)]
    staff = [
        factories.counsellor(),
        factories.counsellor(offices[0]),
        factories.counsellor(offices[1], offices[2]),
        factories.leader(offices[1]),
        factories.leader(*offices),
    ]
    stranger = Actor(Role.CITIZEN, uuid4(), "Ukjent", PERMISSIONS[Role.CITIZEN])
    actors = [*staff, *map(citizen_actor, people), stranger, system_actor()]
    return [*actors, *(one.as_citizen() for one in staff)], people


def test_the_rule_and_the_query_agree_on_who_is_in_reach() -> None:
    actors, people = everybody()
    compared = 0
    for one in actors:
        fetched = set(scope.people_in_reach(one))
        for person in people:
            facts = ReachFacts(one.role, one.id, one.office_ids, person.id, person.office_id)
            judged = judge_reach(facts) is None
            assert judged == (person in fetched), (one, person)
            assert judged == reached(one, person)
            compared += 1
    assert compared == len(actors) * len(people)


def reached(one: Actor, person: Person) -> bool:
    answers = set()
    for fetch in (scope.person_for, scope.lock_person):
        try:
            found: object = fetch(one, person.id)
        except Refused as refused:
            found = refused.reason
        assert found in (person, AccessReason.NOT_FOUND)
        answers.add(found == person)
    (answer,) = answers
    return answer


def test_an_unknown_person_is_not_found_by_anybody() -> None:
    actors, _ = everybody()
    for one in actors:
        with pytest.raises(Refused) as refused:
            scope.person_for(one, uuid4())
        assert refused.value.reason is AccessReason.NOT_FOUND


def test_a_lost_office_is_lost_at_once() -> None:
    house = factories.house()
    assert house.citizen in scope.people_in_reach(house.counsellor)
    stored = Counsellor.objects.get(id=house.counsellor.id)
    stored.offices.set([house.elsewhere])
    assert house.citizen not in scope.people_in_reach(staff_actor(stored))
