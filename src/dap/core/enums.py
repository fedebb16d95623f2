"""Enums of codes with Norwegian labels, and who stands behind an act."""

from enum import StrEnum
from typing import Self

from dap.core.text import N_


class Labelled(StrEnum):
    """A stored code with the label that people see: `NAME = "CODE", N_("Label")`."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        """Make a member; looking one up by its code needs no label."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


class Side(Labelled):
    """The two parties of a plan, and the program itself. Codes are Nav's (Innsender)."""

    CITIZEN = "BRUKER", N_("Bruker")
    NAV = "NAV", N_("Nav")
    SYSTEM = "SYSTEM", N_("Automatisk")
