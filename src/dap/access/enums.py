"""Roles and permissions. A role is a short readable list of permissions (rules.py)."""

from dap.core.enums import Labelled
from dap.core.text import N_


class Role(Labelled):
    """Who somebody is towards the system."""

    CITIZEN = "BRUKER", N_("Bruker")
    COUNSELLOR = "VEILEDER", N_("Veileder")
    LEADER = "LEDER", N_("Leder")
    SYSTEM = "SYSTEM", N_("System")


class Permission(Labelled):
    """What a route asks for. Each route declares exactly one."""

    PUBLIC = "public", N_("Åpent for alle")
    OWN_SETTINGS = "own_settings", N_("Velge språk og utseende for seg selv")
    SAVE_DRAFT = "save_draft", N_("Lagre et utkast av egen tekst")
    SEE_PLAN = "see_plan", N_("Se en plan")
    WRITE_PLAN = "write_plan", N_("Endre en plan")
    AGREE = "agree", N_("Avtale en aktivitet på vegne av Nav")
    SEE_DIALOGUE = "see_dialogue", N_("Lese en dialog")
    WRITE_DIALOGUE = "write_dialogue", N_("Skrive i en dialog")
    HANDLE_DIALOGUE = "handle_dialogue", N_("Merke hvem en dialog venter på")
    SEE_OVERVIEW = "see_overview", N_("Se oversikten over brukere")
    SEARCH_PEOPLE = "search_people", N_("Søke etter brukere")
