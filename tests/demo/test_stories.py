"""The demo's people: valid, varied, alike every time, and in the proportions that Nav has published."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from dap.core.clock import OSLO
from dap.core.enums import Side
from dap.demo import stories
from dap.demo.phrases import is_working_day
from dap.demo.stories import DemoCase
from dap.plan.enums import ActivityType, Status
from dap.record.case_file import ActivityPart

NOW = datetime(2026, 11, 21, 19, 40, tzinfo=UTC)
TODAY = NOW.astimezone(OSLO).date()
MOMENTS = [
    NOW,
    datetime(2026, 1, 1, 3, 5, tzinfo=UTC),
    datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 9, 0, tzinfo=UTC),
]


@pytest.fixture(scope="module")
def people() -> list[DemoCase]:
    return stories.population(600, 1, NOW)


def status(activity: ActivityPart) -> Status:
    return next((c.status for c in reversed(activity.changes) if c.status), activity.status)


def texts(person: DemoCase) -> list[str]:
    case = person.case
    return [
        *(goal.text for goal in case.goals),
        *(text for a in case.activities for text in (a.title, a.description, *map(str, a.details.values()))),
        *(change.reason for a in case.activities for change in a.changes),
        *(text for t in case.threads for text in (t.title, *(m.text for m in t.messages))),
        *(text for m in case.minutes for text in (m.purpose, m.text)),
    ]


@pytest.mark.parametrize("seed", range(20))
def test_every_story_makes_a_valid_person(seed: int) -> None:
    told = stories.population(180, seed, MOMENTS[seed % len(MOMENTS)])
    assert {person.story for person in told} == {story["story"] for story in stories.life_stories()}


@pytest.mark.parametrize("now", MOMENTS)
def test_the_personas_are_valid_at_any_time(now: datetime) -> None:
    assert len(stories.personas(now)) == 8


def test_the_same_seed_gives_the_same_people() -> None:
    assert stories.population(60, 7, NOW) == stories.population(60, 7, NOW)
    assert stories.population(60, 7, NOW) != stories.population(60, 8, NOW)
    assert stories.personas(NOW) == stories.personas(NOW)


def test_there_are_at_least_36_stories_with_different_names() -> None:
    names = [story["story"] for story in stories.life_stories()]
    assert len(names) == len(set(names)) >= 36


def test_no_slot_or_choice_is_left_in_a_text(people: list[DemoCase]) -> None:
    left = re.compile(r"[{}<>|]|\s[.,?!]|\.\.|None")
    found = [
        text for person in [*people, *stories.personas(NOW)] for text in texts(person) if left.search(text)
    ]
    assert found == []


def test_the_latest_threads_do_not_read_as_copies(people: list[DemoCase]) -> None:
    latest = [
        message.text
        for person in people
        if person.case.threads
        for message in max(person.case.threads, key=lambda t: t.messages[-1].at.as_datetime()).messages
    ]
    assert len(latest) > 800
    assert len(set(latest)) / len(latest) >= 0.85


def test_levels_benefits_and_ages_are_as_published(people: list[DemoCase]) -> None:
    level = Counter(person.case.citizen.level for person in people)
    count = len(people)
    assert 0.33 <= (level["IKVAL"] + level["BFORM"]) / count <= 0.48
    assert 0.25 <= level["BATT"] / count <= 0.42
    assert 0.08 <= (level["VURDI"] + level["VURDU"]) / count <= 0.17
    assert 0.08 <= level["VARIG"] / count <= 0.17
    benefit = Counter(person.case.citizen.benefit for person in people)
    assert 0.26 <= benefit["AAP"] / count <= 0.40
    assert 0.14 <= benefit["DAGP"] / count <= 0.27
    assert 0.45 <= Counter(person.case.citizen.sex for person in people)["M"] / count <= 0.57
    ages = [TODAY.year - person.case.citizen.birth_year for person in people]
    assert 0.18 <= sum(age < 30 for age in ages) / count <= 0.32
    assert 0.40 <= sum(30 <= age < 50 for age in ages) / count <= 0.55
    assert 0.03 <= sum(age >= 60 for age in ages) / count <= 0.12


def test_activities_are_spread_as_at_the_launch(people: list[DemoCase]) -> None:
    kinds = Counter(activity.type for person in people for activity in person.case.activities)
    assert [kind for kind, _count in kinds.most_common(3)] == [
        ActivityType.STILLING,
        ActivityType.EGEN,
        ActivityType.BEHANDLING,
    ]
    assert min(kinds[kind] for kind in (ActivityType.SOKEAVTALE, ActivityType.IJOBB)) > 0.05 * kinds.total()
    assert max(len(person.case.activities) for person in people) >= 20


def test_nav_writes_more_than_the_citizens(people: list[DemoCase]) -> None:
    threads = [thread for person in people for thread in person.case.threads]
    started = sum(thread.messages[0].sender is Side.NAV for thread in threads) / len(threads)
    assert 0.6 <= started <= 0.8
    senders = Counter(message.sender for thread in threads for message in thread.messages)
    assert 1.2 <= senders[Side.NAV] / senders[Side.CITIZEN] <= 2.2


def test_some_wait_some_are_silent_and_some_have_let_things_lapse(people: list[DemoCase]) -> None:
    def share(having: list[bool]) -> float:
        return sum(having) / len(people)

    def ends(person: DemoCase, first: int, last: int) -> bool:
        window = (TODAY + timedelta(days=first), TODAY + timedelta(days=last))
        open_ones = [a for a in person.case.activities if not status(a).finished and a.to_date]
        return any(a.to_date and window[0] <= a.to_date <= window[1] for a in open_ones)

    assert 0.08 <= share([any(t.waits_on_nav for t in p.case.threads) for p in people]) <= 0.25
    assert 0.03 <= share([any(t.waits_on_citizen for t in p.case.threads) for p in people]) <= 0.15
    assert 0.03 <= share([not (p.case.goals or p.case.activities or p.case.threads) for p in people]) <= 0.10
    assert 0.20 <= share([not p.case.goals for p in people]) <= 0.50
    assert 0.10 <= share([ends(p, 0, 6) for p in people]) <= 0.35
    assert 0.10 <= share([ends(p, -900, -1) for p in people]) <= 0.45
    waiting = [t for p in people for t in p.case.threads if t.waits_on_nav]
    assert all(NOW - t.messages[-1].at.as_datetime() <= timedelta(days=13) for t in waiting)


def test_nav_works_on_working_days_from_8_to_16(people: list[DemoCase]) -> None:
    for person in people:
        moments = [m.at for t in person.case.threads for m in t.messages if m.sender is Side.NAV]
        moments += [a.at for a in person.case.activities if a.by is Side.NAV]
        for at in moments:
            assert is_working_day(at.date), (person.story, at)
            assert at.time is not None
            assert 8 <= at.time.hour <= 16, (person.story, at)


def test_offices_and_counsellors() -> None:
    staff = stories.counsellors()
    assert len(staff) == 30
    assert len({person.ident for person in [*staff, *stories.leaders()]}) == 33
    assert stories.offices() == ["Fjordvik", "Bjørkelund", "Storhavn"]
    assert {person.office for person in staff} == set(stories.offices())
    leader = stories.leaders()[0]
    assert (leader.first_name, leader.last_name, leader.office) == ("Astrid", "Vik", "Fjordvik")


def test_everybody_belongs_to_the_office_of_the_counsellor(people: list[DemoCase]) -> None:
    staff = stories.counsellors()
    assert all(p.counsellor is None or staff[p.counsellor].office == p.office for p in people)
    assert 0.01 <= sum(p.counsellor is None for p in people) / len(people) <= 0.06


def test_the_personas_are_who_they_are_said_to_be() -> None:
    persons = {person.key: person for person in stories.personas(NOW)}
    amina = persons["amina-solberg"]
    staff = stories.counsellors()
    assert amina.counsellor is not None
    assert (staff[amina.counsellor].first_name, amina.office) == ("Marte", "Fjordvik")
    assert amina.case.goals[-1].text == "Fast jobb i barnehage, først som vikar"
    assert (amina.case.citizen.level, amina.case.citizen.benefit) == ("BATT", "AAP")
    assert TODAY.year - amina.case.citizen.birth_year in (29, 30)
    assert [t.title for t in amina.case.threads if t.waits_on_nav] == ["Ingen svar fra bakeriet"]
    (asked,) = (t for t in amina.case.threads if t.waits_on_citizen)
    assert asked.messages[-1].text == "Hei Amina! Hvordan gikk det på intervjuet?"
    assert not asked.read_by_citizen
    assert not persons["jonas-berg"].case.threads[-1].waits_on_nav
    assert persons["leila-hassan"].case.citizen.interpreter == "somali"
    assert persons["oleksandr-kovalenko"].case.citizen.language == "en"
    assert persons["ingrid-aasen"].case.citizen.language == "nn"
    sara = persons["sara-lindqvist"].case
    assert (sara.goals, sara.activities, sara.threads, sara.minutes) == ((), (), (), ())
    assert len(persons["kjell-ove-braten-myklebust"].case.activities) >= 20
