"""What there is in the overview: how to sort it, and which people to show. Codes stand in addresses."""

from dap.core.enums import Labelled
from dap.core.text import N_


class Sort(Labelled):
    """A column to sort by."""

    NAME = "navn", N_("Navn")
    WAITING = "venter", N_("Venter siden")
    UNREAD = "uleste", N_("Uleste")
    EXPIRED = "utlopte", N_("Utløpte")
    NEXT_END = "slutt", N_("Neste sluttdato")
    CONTACT = "kontakt", N_("Siste kontakt")

    @property
    def starts_descending(self) -> bool:
        """Whether the first click shows the most first (numbers), else the least or oldest first."""
        return self in (Sort.UNREAD, Sort.EXPIRED)


class Show(Labelled):
    """Which people a list shows."""

    ALL = "alle", N_("Alle")
    WAITING = "venter", N_("Venter på svar fra Nav")
    UNREAD = "uleste", N_("Uleste meldinger")
    EXPIRED = "utlopte", N_("Utløpte aktiviteter")
    UNASSIGNED = "uten-veileder", N_("Uten veileder")
