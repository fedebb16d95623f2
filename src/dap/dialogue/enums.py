"""What there is in a dialogue: the kinds of event. Codes are Nav's."""

from dap.core.enums import Labelled
from dap.core.text import N_


class EventKind(Labelled):
    """What has happened to a thread, besides its messages; the statistics are made of these."""

    CREATED = "DIALOG_OPPRETTET", N_("Dialogen ble startet")
    FROM_CITIZEN = "NY_HENVENDELSE_FRA_BRUKER", N_("Ny melding fra bruker")
    FROM_NAV = "NY_HENVENDELSE_FRA_VEILEDER", N_("Ny melding fra Nav")
    WAITS_ON_NAV = "VENTER_PAA_NAV", N_("Venter på svar fra Nav")
    HANDLED_BY_NAV = "BESVART_AV_NAV", N_("Ferdig behandlet av Nav")
    WAITS_ON_CITIZEN = "VENTER_PAA_BRUKER", N_("Venter på svar fra bruker")
    ANSWERED_BY_CITIZEN = "BESVART_AV_BRUKER", N_("Besvart av bruker")
    READ_BY_NAV = "LEST_AV_VEILEDER", N_("Lest av Nav")
    READ_BY_CITIZEN = "LEST_AV_BRUKER", N_("Lest av bruker")
    CLOSED = "SATT_TIL_HISTORISK", N_("Dialogen ble avsluttet")
