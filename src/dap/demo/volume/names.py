"""Names of people, staff and towns: invented, combined by chance, with their sort keys."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dap.core.names import sort_key

_NAMES = Path(__file__).parents[1] / "names.yaml"
_TOWNS = Path(__file__).with_name("towns.yaml")
_TWO_NAMES = 0.07
NATIVE = ("norsk", "samisk")
"""Origins that do not count as immigrants."""


@dataclass(frozen=True)
class Name:
    """A person's name, and the key that sorts it."""

    first_name: str
    last_name: str
    key: str


class NamePool:
    """The names in use in the demo, by origin and sex, with what `names.sort_key` makes of each."""

    def __init__(self) -> None:
        names: Any = yaml.safe_load(_NAMES.read_text(encoding="utf-8"))
        self.shares: dict[str, float] = {origin: float(share) for origin, share in names["shares"].items()}
        self._first = {
            (origin, sex): [(name, sort_key("", name)[2:]) for name in people]
            for origin, sexes in names["first"].items()
            for sex, people in sexes.items()
        }
        self._last = {
            (origin, sex): [_folded(_form(name, sex)) for name in people]
            for origin, people in names["last"].items()
            for sex in "KM"
        }

    def pick(self, rng: random.Random, origin: str, sex: str) -> Name:
        """A first name and a last name; some Norwegians have two last names."""
        firsts, lasts = self._first[origin, sex], self._last[origin, sex]
        first, first_key = firsts[int(rng.random() * len(firsts))]
        last, last_key = lasts[int(rng.random() * len(lasts))]
        if origin == "norsk" and rng.random() < _TWO_NAMES:
            second, second_key = lasts[int(rng.random() * len(lasts))]
            if second != last:
                between = "-" if rng.random() < 0.4 else " "
                last, last_key = f"{last}{between}{second}", f"{last_key}{between}{second_key}"
        return Name(first, last, f"{last_key}, {first_key}")


def _form(name: str | list[str], sex: str) -> str:
    """A last name; a pair holds the man's and the woman's form."""
    return name if isinstance(name, str) else name[0 if sex == "M" else 1]


def _folded(last: str) -> tuple[str, str]:
    return last, sort_key(last, "")[:-2]


def towns(rng: random.Random, count: int) -> list[str]:
    """`count` different invented towns."""
    parts: Any = yaml.safe_load(_TOWNS.read_text(encoding="utf-8"))
    every = list(dict.fromkeys(first + last for first in parts["beginnings"] for last in parts["endings"]))
    rng.shuffle(every)
    return every[:count]
