"""The offices of a volume, who works there, and where each person belongs.

Person number n stands at position (a * n + b) mod people; offices are stretches of positions, so every
chunk can tell a person's office and counsellor without seeing another chunk.
"""

import math
import random
from bisect import bisect
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import accumulate, pairwise

from dap.core import names as sort_names
from dap.demo.volume import figures
from dap.demo.volume.draws import uuids
from dap.demo.volume.names import NamePool, towns
from dap.demo.volume.spec import Spec
from dap.people.enums import StaffRole

_FIRST_NUMBER = 1001
_FIRST_IDENT = 100_000
_SLOTS = 1000
_FEW_OFFICES = 8


class Kind(Enum):
    """What a position holds: whom it is about, and whether a counsellor follows them up."""

    ORDINARY_ASSIGNED = "ordinary, assigned"
    ORDINARY_UNASSIGNED = "ordinary, unassigned"
    ORDINARY_ENDED = "ordinary, ended"
    SURGE_ASSIGNED = "surge, assigned"
    SURGE_UNASSIGNED = "surge, unassigned"
    SURGE_ENDED = "surge, ended"

    @property
    def assigned(self) -> bool:
        """Whether a counsellor follows them up."""
        return self in (Kind.ORDINARY_ASSIGNED, Kind.SURGE_ASSIGNED)


@dataclass(frozen=True)
class Worker:
    """A counsellor or leader; `id` as 32 hexadecimal digits."""

    id: str
    ident: str
    first_name: str
    last_name: str
    leader: bool


@dataclass(frozen=True)
class OfficePlan:
    """An office, the positions it holds, and its staff; `edges` divide its assigned people among them."""

    id: int
    number: str
    name: str
    start: int
    end: int
    counsellors: tuple[Worker, ...]
    edges: tuple[int, ...]
    leader: Worker


@dataclass(frozen=True)
class Place:
    """Where a person belongs. `counsellor` follows them up, or would; see `kind.assigned`."""

    kind: Kind
    office: OfficePlan
    counsellor: int


class Country:
    """All offices of a volume."""

    def __init__(self, spec: Spec) -> None:
        self.people = spec.people
        rng = random.Random(f"{spec.seed} offices")  # noqa: S311 - invented people, not secrets
        self._factor = _coprime(spec.people)
        self._shift = rng.randrange(spec.people)
        shares = {
            Kind.ORDINARY_ENDED: figures.ENDED_ORDINARY,
            Kind.SURGE_ENDED: figures.ENDED_SURGE,
        }
        ordinary = figures.ORDINARY - figures.ENDED_ORDINARY
        surge = 1 - figures.ORDINARY - figures.ENDED_SURGE
        shares[Kind.ORDINARY_UNASSIGNED] = ordinary * figures.UNASSIGNED_ORDINARY
        shares[Kind.SURGE_UNASSIGNED] = surge * figures.UNASSIGNED_SURGE
        shares[Kind.SURGE_ASSIGNED] = surge * (1 - figures.UNASSIGNED_SURGE)
        self._slots = [kind for kind, share in shares.items() for _ in range(round(share * _SLOTS))]
        self._slots += [Kind.ORDINARY_ASSIGNED] * (_SLOTS - len(self._slots))
        rng.shuffle(self._slots)
        self._assigned = [0, *accumulate(int(kind.assigned) for kind in self._slots)]
        sizes = office_sizes(spec.people)
        rng.shuffle(sizes)
        self._starts = [0, *accumulate(sizes)][:-1]
        self.offices = self._open(rng, sizes)

    def place(self, number: int) -> Place:
        """Where person `number` belongs."""
        position = (self._factor * number + self._shift) % self.people
        office = self.offices[bisect(self._starts, position) - 1]
        kind = self._slots[position % _SLOTS]
        rank = self._assigned_before(position) - self._assigned_before(office.start)
        if kind.assigned:
            return Place(kind, office, bisect(office.edges, rank))
        return Place(kind, office, position % len(office.counsellors))

    def _assigned_before(self, position: int) -> int:
        rounds, rest = divmod(position, _SLOTS)
        return rounds * self._assigned[-1] + self._assigned[rest]

    def _open(self, rng: random.Random, sizes: list[int]) -> list[OfficePlan]:
        ids, pool, plans, hired = uuids(rng), NamePool(), [], 0

        def hire(leader: bool) -> Worker:
            nonlocal hired
            hired += 1
            name = pool.pick(rng, "norsk", rng.choice("KM"))
            return Worker(next(ids), f"Z{_FIRST_IDENT + hired}", name.first_name, name.last_name, leader)

        named = towns(rng, len(sizes))
        for index, (start, size, town) in enumerate(zip(self._starts, sizes, named, strict=True)):
            shares = workloads(self._assigned_before(start + size) - self._assigned_before(start))
            counsellors = tuple(hire(False) for _ in shares)
            plans.append(
                OfficePlan(
                    id=index + 1,
                    number=f"{_FIRST_NUMBER + index:04}",
                    name=f"Nav {town}",
                    start=start,
                    end=start + size,
                    counsellors=counsellors,
                    edges=tuple(accumulate(shares))[:-1],
                    leader=hire(True),
                )
            )
        return plans


@lru_cache(maxsize=4)
def country(spec: Spec) -> Country:
    """The offices of a volume, made once in a process."""
    return Country(spec)


def office_rows(spec: Spec) -> dict[str, bytes]:
    """COPY text of the tables that the chunks refer to: offices, staff, and who works where."""
    offices: list[str] = []
    staff: list[str] = []
    works: list[str] = []
    for office in country(spec).offices:
        offices.append(f"{office.id}\t{office.number}\t{office.name}\n")
        for one in (*office.counsellors, office.leader):
            key = sort_names.sort_key(one.last_name, one.first_name)
            role = StaffRole.LEADER if one.leader else StaffRole.COUNSELLOR
            who = f"{one.ident}\t{one.first_name}\t{one.last_name}\t{key}"
            staff.append(f"{one.id}\t{who}\t{role.value}\tnb\n")
            works.append(f"{len(works) + 1}\t{one.id}\t{office.id}\n")
    return {
        "people_office": "".join(offices).encode(),
        "people_counsellor": "".join(staff).encode(),
        "people_counsellor_offices": "".join(works).encode(),
    }


def office_sizes(people: int) -> list[int]:
    """How many people each office has, smallest first: from 200 to 28,000 in a country.

    Sizes are smallest * (largest / smallest) ** (x ** p) for x from 0 to 1, p such that they sum to
    `people`. A country of few offices has sizes in proportion 1, 2, 3 …
    """
    count = max(1, round(people / figures.OFFICE_MEAN))
    if count < _FEW_OFFICES:
        return _whole([float(weight) for weight in range(1, count + 1)], people)
    largest = min(figures.OFFICE_LARGEST, figures.OFFICE_LARGEST_SHARE * people)
    ratio = largest / figures.OFFICE_SMALLEST

    def sizes(power: float) -> list[float]:
        steps = (step / (count - 1) for step in range(count))
        return [figures.OFFICE_SMALLEST * ratio ** (step**power) for step in steps]

    low, high = 0.01, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(sizes(middle)) > people else (low, middle)
    return _whole(sizes(low), people)


def _whole(weights: list[float], people: int) -> list[int]:
    """Whole numbers in proportion that sum to `people`, smallest first: running totals, rounded."""
    total = sum(weights)
    edges = [round(people * part / total) for part in accumulate(weights)]
    return sorted(edge - before for before, edge in zip([0, *edges], edges, strict=False))


def workloads(assigned: int) -> list[int]:
    """How many people each counsellor of an office follows up: 40 to 60 each, the first exactly 60.

    An office too small for that shares its people evenly.
    """
    fewest, usual, most = figures.COUNSELLOR_PEOPLE
    rest = assigned - most
    others = next((n for n in (round(rest / usual), rest // fewest, -(-rest // most)) if n > 0), 0)
    if rest > 0 and others and fewest * others <= rest <= most * others:
        return [most, *_varied(rest, others)]
    if rest == 0:
        return [most]
    return _varied(assigned, max(1, round(assigned / usual)))


def _varied(people: int, count: int) -> list[int]:
    """About even shares, in pairs of more and less where the limits allow."""
    fewest, _, most = figures.COUNSELLOR_PEOPLE
    edges = [people * part // count for part in range(count + 1)]
    shares = [after - before for before, after in pairwise(edges)]
    for pair in range(0, count - 1, 2):
        more, less = shares[pair], shares[pair + 1]
        shift = max(0, min(pair // 2 * 3 % 10, most - more, less - fewest))
        shares[pair], shares[pair + 1] = more + shift, less - shift
    return shares


def _coprime(people: int) -> int:
    """A factor near the golden section of `people` that has no divisor in common with it."""
    factor = max(1, round(people * 0.618))
    while math.gcd(factor, people) != 1:
        factor += 1
    return factor
