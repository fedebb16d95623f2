"""How many threads and activities a person has, and of which types: the published means, fitted once."""

import math
import random
from functools import lru_cache

from dap.demo.volume import figures
from dap.demo.volume.draws import Shares
from dap.people.enums import Benefit, Level
from dap.plan.enums import ActivityType

_SAMPLE = 4000
_ROUNDS = 60
_DAYS_AT_ONCE = 15


def level_group(level: Level) -> str:
    """The groups in which the figures by level are given."""
    if level in figures.STANDARD:
        return "standard"
    if level in (Level.SPECIAL, Level.PERMANENT):
        return "special" if level is Level.SPECIAL else "permanent"
    return "other"


def type_group(surge: bool, level: Level, benefit: str) -> str:
    """The groups in which the types of activities are spread."""
    if surge:
        return "surge"
    group = level_group(level)
    return "aap" if group == "special" and benefit == Benefit.AAP else group


def thread_weight(level: Level, age_group: int, days: int) -> float:
    """How many threads an ordinary person has, relative to others: by level, age and length of follow-up."""
    rate = figures.THREADS_BY_LEVEL[level_group(level)] * figures.THREADS_BY_AGE[age_group]
    return rate * math.sqrt(days + _DAYS_AT_ONCE)


def ages(level: Level) -> tuple[float, ...]:
    """Shares of the age groups among ordinary people of this level."""
    if level in figures.STANDARD:
        return figures.AGES_STANDARD
    return figures.AGES_SPECIAL if level is Level.SPECIAL else figures.AGES_OTHER


def days_ago(chance: float) -> int:
    """How many days ago an ordinary person's follow-up began."""
    low, high = figures.DAYS_ORDINARY
    return low + int((high - low) * chance**1.6)


def spread(mean: float) -> float:
    """What `int(rng.expovariate(1 / spread))` must be given to have this mean."""
    return 1 / math.log1p(1 / mean)


class Kinds:
    """The fitted figures. `types` gives the shares of types by group."""

    def __init__(self) -> None:
        self.levels = Shares(figures.LEVELS_ORDINARY)
        rng = random.Random("kinds")  # noqa: S311 - a sample to fit to, not secrets
        total = 0.0
        for _ in range(_SAMPLE):
            level = self.levels.pick(rng.random())
            age = Shares(dict(enumerate(ages(level)))).pick(rng.random())
            total += thread_weight(level, age, days_ago(rng.random()))
        self._thread_weight = total / _SAMPLE
        self._level_weight = sum(
            share * figures.ACTIVITIES_BY_LEVEL[level_group(level)]
            for level, share in figures.LEVELS_ORDINARY.items()
        )
        self.types = {group: Shares(shares) for group, shares in self._fit_types().items()}

    def threads(self, rng: random.Random, surge: bool, weight: float) -> int:
        """How many threads a person has; `weight` is an ordinary person's `thread_weight`."""
        group = "surge" if surge else "ordinary"
        none = figures.THREADS_NONE[group]
        if rng.random() < none:
            return 0
        some = figures.THREADS[group] / (1 - none)
        if not surge:
            some = max(some * weight / self._thread_weight, 1.02)
        return 1 + int(rng.expovariate(1 / spread(some - 1)))

    def activities(self, rng: random.Random, surge: bool, level: Level) -> int:
        """How many activities a person has."""
        group = "surge" if surge else "ordinary"
        chance = rng.random() - figures.ACTIVITIES_NONE[group]
        if chance < figures.ACTIVITIES_ONE[group]:
            return int(chance >= 0)
        return 2 + int(rng.expovariate(1 / spread(self._several(surge, level) - 2)))

    def _several(self, surge: bool, level: Level) -> float:
        """Mean of those who have more than one."""
        if surge:
            return _mean_of_several("surge", figures.ACTIVITIES_SURGE)
        heavy = figures.HEAVY_ACTIVITIES / figures.HEAVY_EVERY
        surge_part = (1 - figures.ORDINARY) * figures.ACTIVITIES_SURGE
        ordinary = (figures.ACTIVITIES - surge_part - heavy) / (figures.ORDINARY - 1 / figures.HEAVY_EVERY)
        weight = figures.ACTIVITIES_BY_LEVEL[level_group(level)] / self._level_weight
        return _mean_of_several("ordinary", ordinary) * weight

    def _fit_types(self) -> dict[str, dict[ActivityType, float]]:
        """Types by group, so that all together stand as in the launch figures (proportional fitting)."""
        masses = self._masses()
        total = sum(figures.TYPES.values())
        columns = {kind: count / total * sum(masses.values()) for kind, count in figures.TYPES.items()}
        table = {group: dict(zip(columns, figures.LIKELY_TYPES[group], strict=True)) for group in masses}
        for _ in range(_ROUNDS):
            for kind, wanted in columns.items():
                factor = wanted / sum(row[kind] for row in table.values())
                for row in table.values():
                    row[kind] *= factor
            for group, row in table.items():
                factor = masses[group] / sum(row.values())
                for kind in row:
                    row[kind] *= factor
        return table

    def _masses(self) -> dict[str, float]:
        """Activities of each group, per person of the country."""
        masses = dict.fromkeys(figures.LIKELY_TYPES, 0.0)
        masses["surge"] = (1 - figures.ORDINARY) * figures.ACTIVITIES_SURGE
        none, one = figures.ACTIVITIES_NONE["ordinary"], figures.ACTIVITIES_ONE["ordinary"]
        heavy = figures.HEAVY_ACTIVITIES / figures.HEAVY_EVERY
        for level, share in figures.LEVELS_ORDINARY.items():
            mass = figures.ORDINARY * share * (one + (1 - none - one) * self._several(False, level))
            mass += share * heavy
            aap = figures.BENEFITS.get(level, {}).get(Benefit.AAP, 0.0)
            masses[type_group(False, level, Benefit.AAP)] += mass * aap
            masses[type_group(False, level, "")] += mass * (1 - aap)
        return masses


def _mean_of_several(group: str, mean: float) -> float:
    one = figures.ACTIVITIES_ONE[group]
    return (mean - one) / (1 - one - figures.ACTIVITIES_NONE[group])


@lru_cache(maxsize=1)
def kinds() -> Kinds:
    """The fitted figures, made once in a process."""
    return Kinds()
