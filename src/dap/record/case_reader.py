"""Reads the fields of one part of a case file, and collects a sentence for each fault.

A faulty field gives a harmless stand-in, so that one reading finds every fault of a case.
"""

import re
from datetime import date, datetime, time
from typing import TypeVar

from dap.core.clock import OSLO
from dap.core.enums import Labelled
from dap.record.case_parts import CaseError, Moment

L = TypeVar("L", bound=Labelled)

EMPTY = "kan ikke være tom"
MISSING = "mangler"
STAND_IN_DAY = date(1900, 1, 1)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?")
# Control characters that no database text or page can hold; line break and tab are kept.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Faults:
    """The faults of one case, in the order found."""

    def __init__(self, case: str) -> None:
        self.case = case
        self.found: list[CaseError] = []

    def add(self, where: str, field: str, message: str) -> None:
        """Note one fault."""
        self.found.append(CaseError(self.case, where, field, message))


class Part:
    """One object of the file. Asking for a field marks it as known; `close` refuses the others."""

    def __init__(self, data: object, where: str, faults: Faults) -> None:
        self.where = where
        self.faults = faults
        self.asked: set[str] = set()
        self.data: dict[str, object] = {}
        if isinstance(data, dict):
            self.data = {str(key): value for key, value in data.items()}
        else:
            self.fault("", "skal være et objekt med felter")

    def fault(self, field: str, message: str) -> None:
        """Note a fault of this part."""
        self.faults.add(self.where, field, message)

    def close(self) -> None:
        """Refuse the fields that nobody asked for: most often a misspelt name."""
        for name in self.data:
            if name not in self.asked:
                self.fault(name, "finnes ikke i formatet")

    def _get(self, name: str) -> object:
        self.asked.add(name)
        return self.data.get(name)

    def has(self, name: str) -> bool:
        """Whether the field stands in the file with a value."""
        self.asked.add(name)
        return self.data.get(name) is not None

    def text(self, name: str, longest: int, *, required: bool = True) -> str:
        """A text of at most `longest` characters, trimmed; "" where it is missing or faulty."""
        value = self._get(name)
        if value is None:
            if required:
                self.fault(name, MISSING)
            return ""
        if not isinstance(value, str):
            self.fault(name, "skal være tekst")
            return ""
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not text and required:
            self.fault(name, EMPTY)
        elif len(text) > longest:
            self.fault(name, f"er for lang: {len(text)} tegn, det er plass til {longest}")
        elif _UNPRINTABLE.search(text):
            self.fault(name, "har tegn som ikke kan lagres")
        else:
            return text
        return ""

    def one_of(self, name: str, codes: tuple[str, ...], *, required: bool = True) -> str | None:
        """One of the codes, or None."""
        value = self._get(name)
        if value is None:
            if required:
                self.fault(name, MISSING)
            return None
        if not isinstance(value, str) or value not in codes:
            self.fault(name, f"skal være en av {', '.join(codes)}")
            return None
        return value

    def code(self, name: str, enum: type[L], only: tuple[L, ...] = (), *, required: bool = True) -> L | None:
        """A member of the enum by its code (among `only`, where given), or None."""
        value = self.one_of(name, tuple(m.value for m in only or enum), required=required)
        return next((member for member in enum if member.value == value), None)

    def number(self, name: str, low: int, high: int, *, required: bool = True) -> int | None:
        """A whole number from low to high, or None."""
        value = self._get(name)
        if value is None:
            if required:
                self.fault(name, MISSING)
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fault(name, f"skal være et helt tall fra {low} til {high}")
            return None
        return value

    def flag(self, name: str) -> bool | None:
        """True, false, or None where it is not given."""
        value = self._get(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, "skal være true eller false")
            return None
        return value

    def day(self, name: str, *, required: bool = True) -> date | None:
        """A date, or None."""
        value = self._get(name)
        if value is None:
            if required:
                self.fault(name, MISSING)
            return None
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                day = date.fromisoformat(value)
                if 1900 <= day.year <= 2100:
                    return day
        except ValueError:
            pass
        self.fault(name, "skal være en dato som finnes, skrevet slik: 2026-11-21")
        return None

    def moment(self, name: str, *, required: bool = True) -> Moment | None:
        """A date, or a date with clock time (Norwegian time unless an offset stands), or None."""
        value = self._get(name)
        if value is None:
            if required:
                self.fault(name, MISSING)
            return None
        moment = parse_moment(value) if isinstance(value, str) else None
        if moment is None:
            self.fault(name, "skal være en dato som finnes, med eller uten klokkeslett: 2026-11-21T14:05")
        return moment

    def items(self, name: str, label: str, most: int) -> list["Part"]:
        """The objects of a list, each named `label` and its number from 1."""
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(name, "skal være en liste")
            return []
        if len(value) > most:
            self.fault(name, f"har {len(value)} innslag, det er plass til {most}")
            return []
        prefix = f"{self.where}, " if self.where else ""
        return [Part(item, f"{prefix}{label} {number}", self.faults) for number, item in enumerate(value, 1)]

    def part(self, name: str, label: str) -> "Part":
        """The object in this field; an empty one where it is missing."""
        value = self._get(name)
        return Part(
            {} if value is None else value, f"{self.where}, {label}" if self.where else label, self.faults
        )


def parse_moment(value: str) -> Moment | None:
    """A moment from ISO text, or None where it is none. An offset is turned into Norwegian time."""
    try:
        if _DAY.fullmatch(value):
            moment = Moment(date.fromisoformat(value))
        elif match := _MOMENT.fullmatch(value):
            day, clock, offset = match.groups()
            at = datetime.fromisoformat(f"{day}T{clock}{(offset or '').replace('Z', '+00:00')}")
            local = at.astimezone(OSLO) if at.tzinfo else at
            moment = Moment(local.date(), time(local.hour, local.minute, fold=local.fold))
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return moment if 1900 <= moment.date.year <= 2100 else None
