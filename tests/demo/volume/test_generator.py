"""The generator: alike every time, each chunk on its own, and in the proportions that are published."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from dap.core import person_numbers
from dap.core.clock import start_of_day
from dap.demo.volume import figures
from dap.demo.volume.chunk import TABLES, chunk_rows
from dap.demo.volume.kinds import level_group
from dap.demo.volume.offices import country, office_rows, office_sizes, workloads
from dap.demo.volume.spec import CHUNK, Spec, chunks
from dap.people.enums import Level

SPEC = Spec(people=20_000, seed=1, day=date(2026, 11, 22))
CHUNKS = 5
"""Chunks looked at: 10,000 people of the 20,000."""
Row = dict[str, str]


def rows_of(table: str, text: bytes) -> Iterator[Row]:
    """The rows of a COPY text, by column; every line has them all."""
    for line in text.decode().split("\n")[:-1]:
        yield dict(zip(TABLES[table], line.split("\t"), strict=True))


@dataclass
class Volume:
    """What the tests look at, by table, and the group of each person."""

    rows: dict[str, list[Row]]
    surge: dict[str, bool]
    open: set[str]

    @property
    def ordinary(self) -> list[Row]:
        return [person for person in self.rows["people_person"] if not self.surge[person["id"]]]

    @property
    def of_surge(self) -> list[Row]:
        return [person for person in self.rows["people_person"] if self.surge[person["id"]]]

    def count(self, table: str) -> Counter[str]:
        """Rows of a table for each person."""
        return Counter(row["person_id"] for row in self.rows[table])


@pytest.fixture(scope="module")
def volume() -> Volume:
    rows: dict[str, list[Row]] = defaultdict(list)
    for number in range(CHUNKS):
        for table, text in chunk_rows(SPEC, number).items():
            rows[table] += rows_of(table, text)
    # Person `number` is in the order of the rows; the surge is who stands on its positions.
    people, surge = rows["people_person"], {}
    for number, person in enumerate(people):
        kind = country(SPEC).place(number).kind.value
        heavy = number % figures.HEAVY_EVERY == figures.HEAVY_AT
        surge[person["id"]] = kind.startswith("surge") and not heavy
    still = {row["person_id"] for row in rows["people_followupperiod"] if row["ended_at"] == "\\N"}
    return Volume(rows, surge, still)


def share(rows: list[Row], **wanted: object) -> float:
    """Share of rows with these values; a tuple stands for any of its values."""
    allowed = {name: value if isinstance(value, tuple) else (value,) for name, value in wanted.items()}
    return sum(all(row[name] in values for name, values in allowed.items()) for row in rows) / len(rows)


def near(value: float, wanted: float, tolerance: float = 0.025) -> bool:
    return math.isclose(value, wanted, abs_tol=tolerance)


def test_same_spec_same_bytes_and_each_chunk_on_its_own() -> None:
    small = Spec(people=2100, seed=1, day=date(2026, 11, 22))
    last = chunk_rows(small, 1)
    assert chunk_rows(small, 1) == last
    assert chunk_rows(small, 0) == chunk_rows(small, 0)
    assert chunk_rows(small, 1) == last
    assert last["people_person"].count(b"\n") == 100
    other = Spec(people=2100, seed=2, day=small.day)
    assert all(chunk_rows(other, 1)[table] != text for table, text in last.items())
    assert office_rows(small) == office_rows(small) != office_rows(other)


def test_there_is_no_chunk_past_the_last() -> None:
    assert chunks(Spec(CHUNK, 1, SPEC.day)) == 1 and chunks(Spec(CHUNK + 1, 1, SPEC.day)) == 2
    for number in (-1, chunks(SPEC)):
        with pytest.raises(IndexError):
            chunk_rows(SPEC, number)


def test_every_table_has_its_columns(volume: Volume) -> None:
    offices = {table: list(rows_of(table, text)) for table, text in office_rows(SPEC).items()}
    assert {*offices, *volume.rows} == set(TABLES)
    assert all(volume.rows.values()) and all(offices.values())
    for table in ("people_office", "people_counsellor"):
        for unique in {"id", "number", "ident"} & set(TABLES[table]):
            values = [row[unique] for row in offices[table]]
            assert len(values) == len(set(values))


def test_ids_are_unique_over_chunks(volume: Volume) -> None:
    for table, rows in volume.rows.items():
        if "id" in TABLES[table]:
            assert len({row["id"] for row in rows}) == len(rows), table


def test_who_they_are(volume: Volume) -> None:
    ordinary, surge = volume.ordinary, volume.of_surge
    assert near(len(ordinary) / (len(ordinary) + len(surge)), figures.ORDINARY, 0.01)
    assert near(share(ordinary, sex="M"), 0.50) and near(share(surge, sex="M"), 0.56)
    standard = (Level.STANDARD.value, Level.SITUATIONAL.value)
    assert near(share(ordinary, level=standard), 0.37) and near(share(surge, level=standard), 0.82)
    assert near(share(ordinary, level=("VURDI", "VURDU")), 0.13)
    assert near(share(ordinary, level="VARIG"), 0.13) and near(share(ordinary, level="BATT"), 0.36)
    assert near(share(ordinary, benefit="AAP"), 0.33, 0.03) and near(
        share(ordinary, benefit="DAGP"), 0.21, 0.03
    )
    assert near(share(surge, benefit="DAGP"), 0.36) and share(surge, benefit="AAP") == 0
    special = [person for person in ordinary if person["level"] == "BATT"]
    assert near(share(special, benefit="AAP"), 0.72, 0.04)
    ages = [SPEC.day.year - int(person["birth_date"][:4]) for person in surge]
    assert near(sum(ages) / len(ages), 38.8, 0.8) and near(sum(age < 30 for age in ages) / len(ages), 0.30)
    ages = [SPEC.day.year - int(person["birth_date"][:4]) for person in ordinary]
    assert near(sum(ages) / len(ages), 40.3, 1.5) and near(sum(age < 30 for age in ages) / len(ages), 0.26)


def test_person_numbers_are_valid_unique_and_agree(volume: Volume) -> None:
    number_of = {row["person_id"]: row["number"] for row in volume.rows["people_personnumber"]}
    assert len(set(number_of.values())) == len(number_of) == CHUNKS * CHUNK
    for person in volume.rows["people_person"]:
        number = number_of[person["id"]]
        parsed = person_numbers.parse(number)
        assert parsed and parsed.synthetic and parsed.born == date.fromisoformat(person["birth_date"])
        assert int(number[8]) % 2 == (person["sex"] == "M")


def test_person_numbers_stay_unique_when_years_run_out() -> None:
    from dap.demo.volume.numbers import Numbers

    taken = set()
    for chunk in range(3):
        numbers = Numbers(chunk, 4000)
        taken |= {numbers.take(1999, "K") for _ in range(200)}
    assert len({number for _, number in taken}) == 600
    assert {day[:4] for day, _ in taken} > {"1999", "2000", "2001"}
    assert all((p := person_numbers.parse(number)) and str(p.born) == day for day, number in taken)


@pytest.mark.parametrize("people", [1, 50, 3000, 5000, 20_000, 100_000, 650_000, 10_000_000])
def test_office_sizes(people: int) -> None:
    sizes = office_sizes(people)
    assert sum(sizes) == people and sizes == sorted(sizes) and sizes[0] >= 1
    assert len(sizes) == max(1, round(people / 2460))
    if people >= 20_000:
        assert sizes[0] in (199, 200, 201)
        assert abs(sizes[-1] - min(28_000, 0.45 * people)) < 30


@pytest.mark.parametrize("assigned", [0, 1, 30, 60, 100, 139, 140, 500, 19_460])
def test_counsellors_share_the_people(assigned: int) -> None:
    loads = workloads(assigned)
    assert sum(loads) == assigned
    if assigned >= 140:
        assert loads[0] == 60 and 40 <= min(loads) <= max(loads) <= 60


def test_each_office_has_a_counsellor_of_sixty() -> None:
    small = Spec(people=6000, seed=1, day=SPEC.day)
    followed = Counter(
        row["counsellor_id"]
        for number in range(chunks(small))
        for row in rows_of("people_assignment", chunk_rows(small, number)["people_assignment"])
        if row["to_at"] == "\\N"
    )
    for office in country(small).offices:
        assert followed[office.counsellors[0].id] == 60
        assert all(40 <= followed[one.id] <= 60 for one in office.counsellors)
        assert office.leader.id not in followed


def test_how_much_they_have(volume: Volume) -> None:
    people = CHUNKS * CHUNK
    rows = volume.rows
    assert near(len(rows["plan_activity"]) / people, figures.ACTIVITIES, 0.25)
    assert near(len(rows["dialogue_thread"]) / people, 2_500_000 / 650_000, 0.25)
    assert 7.0 < len(rows["dialogue_message"]) / people * 0.65 < 8.3
    assert 2.2 < len(rows["plan_activitychange"]) / len(rows["plan_activity"]) < 2.6
    threads, activities = volume.count("dialogue_thread"), volume.count("plan_activity")
    assert near(sum(not threads[p["id"]] for p in rows["people_person"]) / people, 0.16)
    for group, members in (("ordinary", volume.ordinary), ("surge", volume.of_surge)):
        none = sum(activities[p["id"]] == 0 for p in members) / len(members)
        one = sum(activities[p["id"]] == 1 for p in members) / len(members)
        assert near(none, figures.ACTIVITIES_NONE[group]) and near(one, figures.ACTIVITIES_ONE[group])
        mean = sum(threads[p["id"]] for p in members) / len(members)
        assert math.isclose(mean, figures.THREADS[group], rel_tol=0.06)


def test_activities_stand_in_the_launch_proportions(volume: Volume) -> None:
    activities = volume.rows["plan_activity"]
    total = sum(figures.TYPES.values())
    for kind, count in figures.TYPES.items():
        assert near(share(activities, type=kind.value), count / total, 0.015), kind
    assert near(share(activities, by_side="BRUKER"), 0.40)
    level = {person["id"]: level_group(Level(person["level"])) for person in volume.ordinary}
    own = [row for row in activities if row["person_id"] in level]
    standard = [row for row in own if level[row["person_id"]] == "standard"]
    special = [row for row in own if level[row["person_id"]] == "special"]
    assert share(standard, type="STILLING") > 3 * share(special, type="STILLING")
    assert share(special, type="BEHANDLING") > 20 * share(standard, type="BEHANDLING")


def test_who_writes(volume: Volume) -> None:
    threads = volume.rows["dialogue_thread"]
    messages: dict[str, Counter[str]] = defaultdict(Counter)
    for row in volume.rows["dialogue_message"]:
        messages[row["thread_id"]][row["by_side"]] += 1
    for group, surge in (("ordinary", False), ("surge", True)):
        own = [row for row in threads if volume.surge[row["person_id"]] is surge]
        assert near(share(own, by_side="NAV"), figures.NAV_STARTS[group], 0.025)
        for side, wanted in zip(("NAV", "BRUKER"), figures.MESSAGES[group], strict=True):
            mean = sum(messages[row["id"]][side] for row in own) / len(own)
            assert math.isclose(mean, wanted, rel_tol=0.15), (group, side)
    assert near(sum(row["activity_id"] != "\\N" for row in threads) / len(threads), 0.15, 0.03)
    live = [row["activity_id"] for row in threads if row["activity_id"] != "\\N"]
    assert len(live) == len(set(live))


def test_the_overview_has_something_to_show(volume: Volume) -> None:
    people = CHUNKS * CHUNK

    def who(column: str) -> float:
        live = (row for row in volume.rows["dialogue_thread"] if row["historic_at"] == "\\N")
        return len({row["person_id"] for row in live if row[column] != "\\N"}) / people

    assert 0.02 < who("waits_on_nav_since") < 0.07 and 0.015 < who("waits_on_citizen_since") < 0.05
    assert 0.02 < who("nav_unread_since") < 0.10 and 0.03 < who("citizen_unread_since") < 0.12
    assert near(len(volume.open) / people, 0.97, 0.005)
    assert near(len({row["person_id"] for row in volume.rows["plan_goal"]}) / people, 0.60)


def test_heavy_people(volume: Volume) -> None:
    open_periods = {r["id"] for r in volume.rows["people_followupperiod"] if r["ended_at"] == "\\N"}
    cards = Counter(
        row["person_id"] for row in volume.rows["plan_activity"] if row["period_id"] in open_periods
    )
    longest = {r["person_id"] for r in volume.rows["dialogue_thread"] if r["message_count"] == "40"}
    people = volume.rows["people_person"]
    heavy = people[figures.HEAVY_AT :: figures.HEAVY_EVERY]
    assert len(heavy) == 25
    for person in heavy:
        assert cards[person["id"]] == 60 and person["id"] in longest and person["id"] in volume.open


def test_nothing_lies_after_the_day_or_out_of_its_period(volume: Volume) -> None:
    end = start_of_day(SPEC.day)

    def at(text: str) -> datetime:
        return datetime.fromisoformat(text)

    periods = {row["id"]: row for row in volume.rows["people_followupperiod"]}
    for table, column in (
        ("dialogue_thread", "created_at"),
        ("plan_activity", "created_at"),
        ("plan_goal", "at"),
    ):
        for row in volume.rows[table]:
            period = periods[row["period_id"]]
            last = end if period["ended_at"] == "\\N" else at(period["ended_at"])
            assert at(period["started_at"]) <= at(row[column]) < last
    for table, column in (
        ("dialogue_message", "sent_at"),
        ("dialogue_threadevent", "at"),
        ("plan_activitychange", "at"),
    ):
        latest = max(row[column] for row in volume.rows[table])
        assert datetime(2026, 11, 20, tzinfo=UTC) < at(latest) < end


def test_steps_follow_each_other(volume: Volume) -> None:
    for table, parent, column in (
        ("dialogue_message", "thread_id", "sent_at"),
        ("dialogue_threadevent", "thread_id", "at"),
        ("plan_activitychange", "activity_id", "at"),
    ):
        moments: dict[str, list[str]] = defaultdict(list)
        for row in volume.rows[table]:
            moments[row[parent]].append(row[column])
        assert all(before <= after for own in moments.values() for before, after in pairwise(own))


def test_no_text_keeps_a_mark_or_a_name_of_the_stories(volume: Volume) -> None:
    texts = [row["text"] for row in volume.rows["dialogue_message"]]
    assert not any(mark in text for text in texts for mark in "\x01\x02\x03{}")
    assert not any("Nav Fjordvik" in text or "Nav Storhavn" in text for text in texts)
    assert len(set(texts)) > 3000
