"""The demo's people: named personas, and any number of others made from hand-written life stories.

Pure and deterministic: the same count, seed and now give the same people. The stories are in `stories/`,
names, trades and common activities beside them; `filling` says what a story may hold.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dap.core.clock import OSLO
from dap.demo.filling import Data, Filling, Story
from dap.demo.moments import Times
from dap.record.case_file import Case, parse_case

_HERE = Path(__file__).parent
UNASSIGNED = 0.03
"""Share of people who have no counsellor yet."""


@dataclass(frozen=True)
class Staff:
    """An invented employee of an office."""

    ident: str
    first_name: str
    last_name: str
    office: str
    leader: bool = False


@dataclass(frozen=True)
class DemoCase:
    """A person of the demo: the case, and who follows up.

    `key` is the persona's fixed id, or the number among the population; `office` the town
    («Fjordvik» for Nav Fjordvik); `counsellor` an index in `counsellors()`, None for nobody yet.
    """

    key: str
    case: Case
    office: str
    counsellor: int | None
    story: str


def offices() -> list[str]:
    """The towns with an office; the office's name is «Nav» and the town."""
    return [str(office["town"]) for office in _read("personas.yaml")["offices"]]


@cache
def _staff() -> tuple[Staff, ...]:
    return tuple(
        Staff(person["ident"], person["first_name"], person["last_name"], office["town"], leader)
        for office in _read("personas.yaml")["offices"]
        for leader, people in ((False, office["counsellors"]), (True, office["leaders"]))
        for person in people
    )


def counsellors() -> list[Staff]:
    """The thirty counsellors, office by office, in a fixed order."""
    return [person for person in _staff() if not person.leader]


def leaders() -> list[Staff]:
    """One leader for each office."""
    return [person for person in _staff() if person.leader]


def personas(now: datetime) -> list[DemoCase]:
    """The named people that tours and tests use, as they stand at `now` (aware)."""
    staff = counsellors()
    idents = {person.ident: index for index, person in enumerate(staff)}
    people = []
    for persona in _read("personas.yaml")["personas"]:
        key = persona["persona"]
        rng = random.Random(f"persona {key}")  # noqa: S311 - invented people, not secrets
        people.append(_fill(key, persona, rng, now, persona["office"], idents[persona["counsellor"]]))
    return people


def population(count: int, seed: int, now: datetime) -> list[DemoCase]:
    """`count` people as they stand at `now` (aware), each story in its share, over the three offices."""
    stories = life_stories()
    rng = random.Random(f"population {seed}")  # noqa: S311
    told = _shares([float(story.get("weight", 1)) for story in stories], count)
    order = [index for index, times in enumerate(told) for _ in range(times)]
    rng.shuffle(order)
    towns, weights = zip(*((o["town"], o["share"]) for o in _read("personas.yaml")["offices"]), strict=True)
    by_office: dict[str, list[int]] = {town: [] for town in towns}
    for index, person in enumerate(counsellors()):
        by_office[person.office].append(index)
    people = []
    for number, index in enumerate(order):
        one = random.Random(f"{seed} {number} {index}")  # noqa: S311
        town = one.choices(towns, weights)[0]
        counsellor = one.choice(by_office[town])
        case = _fill(f"{seed}-{number + 1}", stories[index], one, now, town, counsellor)
        if one.random() < UNASSIGNED:
            case = DemoCase(case.key, case.case, case.office, None, case.story)
        people.append(case)
    return people


@cache
def life_stories() -> tuple[Story, ...]:
    """All hand-written life stories, file by file."""
    stories: list[Story] = []
    for path in sorted((_HERE / "stories").glob("*.yaml")):
        stories.extend(_load(path))
    return tuple(stories)


@cache
def _read(name: str) -> Any:
    return _load(_HERE / name)


def _load(path: Path) -> Any:
    with path.open(encoding="utf-8") as file:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the fast one where it is built in
        return yaml.load(file, Loader=loader)  # noqa: S506 - both are safe loaders


def _shares(weights: list[float], count: int) -> list[int]:
    """Whole numbers that add up to count, in proportion (largest remainder)."""
    total = sum(weights)
    exact = [weight * count / total for weight in weights]
    shares = [int(value) for value in exact]
    rest = sorted(range(len(exact)), key=lambda index: (shares[index] - exact[index], index))
    for index in rest[: count - sum(shares)]:
        shares[index] += 1
    return shares


def _fill(key: str, story: Story, rng: random.Random, now: datetime, town: str, counsellor: int) -> DemoCase:
    """One person from a story. Raises ValueError where the story is at fault and makes no valid case."""
    local = now.astimezone(OSLO)
    names = _read("names.yaml")
    work = _work()
    person = {name: _pick(rng, value) for name, value in (story.get("person") or {}).items() if name != "age"}
    sex = person.get("sex") or rng.choice("KM")
    origin = person.get("origin") or rng.choices(list(names["shares"]), list(names["shares"].values()))[0]
    first = person.get("first_name") or rng.choice(names["first"][origin][sex])
    last = person.get("last_name") or _last_name(rng, names["last"][origin], sex)
    period = Times(rng, local, date(1900, 1, 1)).day(str(story["period"]), local.date())
    staff = counsellors()[counsellor]
    slots = {
        "first": first,
        "last": last,
        "origin": origin,
        "town": town,
        "office": f"Nav {town}",
        "counsellor": staff.first_name,
        "counsellor_full": f"{staff.first_name} {staff.last_name}",
        **_work_slots(rng, work, _pick(rng, story.get("trade", "butikk"))),
        **{
            name: str(_pick(rng, value[origin] if isinstance(value, dict) else value))
            for name, value in (story.get("slots") or {}).items()
        },
    }
    times = Times(rng, local, period)
    filling = Filling({**story, "person": person}, slots, rng, times, work)
    if "story" in story and story.get("common", True):
        filling.common = _common(rng, str(person.get("level", "")), filling)
    citizen: Data = {
        "first_name": first,
        "last_name": last,
        "sex": sex,
        "birth_date": _born(rng, story, local.date()).isoformat(),
        "level": person.get("level", "IKVAL"),
        "benefit": person.get("benefit"),
        "language": person.get("language", "nb"),
        "interpreter": person.get("interpreter"),
    }
    if citizen["benefit"]:
        # A benefit begins with the period or some time into it; a long one may have begun before.
        begins = times.day(str(person.get("benefit_from", "0..25d")), period)
        citizen["benefit_from"] = min(begins, local.date()).isoformat()
    case, faults = parse_case(filling.case(key, citizen, period), now)
    if case is None:
        raise ValueError("; ".join(f"{story.get('story', key)}: {fault}" for fault in faults))
    return DemoCase(key, case, town, counsellor, str(story.get("story", key)))


def _common(rng: random.Random, level: str, filling: Filling) -> list[Data]:
    """One or two of the threads that many people have, in bokmål, for those who are followed up a while."""
    common = _read("common.yaml")
    if filling.language != "nb" or filling.times.now - filling.times.earliest < timedelta(days=30):
        return []
    fitting = [thread for thread in common["threads"] if level in thread["levels"]]
    filling.slots.update({name: str(_pick(rng, value)) for name, value in common["slots"].items()})
    return rng.sample(fitting, min(len(fitting), rng.choice((0, 1, 1, 2, 2))))


def _pick(rng: random.Random, value: Any) -> Any:
    return rng.choice(value) if isinstance(value, list) else value


@cache
def _work() -> Data:
    return {**_read("trades.yaml"), **_read("library.yaml")}


def _work_slots(rng: random.Random, work: Data, trade: str) -> dict[str, str]:
    """The person's trade, job and some employers that fit it."""
    field = work["trades"][trade]
    jobs = rng.sample(field["jobs"], min(2, len(field["jobs"])))
    employers = rng.sample(field["employers"], 4)
    return {
        "trade": trade,
        "job": jobs[0],
        "job2": jobs[-1],
        "duties": rng.choice(field["duties"]),
        **{f"employer{number or ''}": name for number, name in zip((0, 2, 3, 4), employers, strict=True)},
        "contact": rng.choice(work["contacts"]),
    }


def _last_name(rng: random.Random, names: list[Any], sex: str) -> str:
    """A last name; a pair holds the man's and the woman's form. Some have two names."""
    first = rng.choice(names)
    if isinstance(first, list):
        return str(first[0] if sex == "M" else first[1])
    if rng.random() < 0.07:
        second = rng.choice(names)
        if second != first and not isinstance(second, list):
            return f"{first} {second}" if rng.random() < 0.6 else f"{first}-{second}"
    return str(first)


def _born(rng: random.Random, story: Story, today: date) -> date:
    """A birth date that gives the story's age today."""
    ages = (story.get("person") or {}).get("age", [25, 60])
    low, high = ages if isinstance(ages, list) else (ages, ages)
    age = rng.randint(low, high)
    latest = today.replace(year=today.year - age, day=min(today.day, 28))
    return latest - timedelta(days=rng.randint(3, 355))
