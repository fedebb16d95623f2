"""What is known about a person's follow-up. Codes are Nav's."""

from dap.core.enums import Labelled
from dap.core.text import N_


class Sex(Labelled):
    """Sex by person number, as the statistics have it."""

    WOMAN = "K", N_("Kvinne")
    MAN = "M", N_("Mann")


class Level(Labelled):
    """Assistance level (innsatsgruppe), as Nav words them, with the groups not yet assessed."""

    STANDARD = "IKVAL", N_("Gode muligheter")
    SITUATIONAL = "BFORM", N_("Trenger veiledning")
    SPECIAL = "BATT", N_("Trenger veiledning, nedsatt arbeidsevne")
    PERMANENT = "VARIG", N_("Liten mulighet til å jobbe")
    SICK_EMPLOYED = "VURDI", N_("Sykmeldt, har arbeidsgiver")
    SICK_UNEMPLOYED = "VURDU", N_("Sykmeldt, uten arbeidsgiver")
    NOT_ASSESSED = "IVURD", N_("Ikke vurdert")
    NEEDS_ASSESSMENT = "BKART", N_("Trenger arbeidsevnevurdering")
    OTHER = "OPPFI", N_("Annen oppfølging")


class Benefit(Labelled):
    """The benefit that a person has while followed up."""

    AAP = "AAP", N_("Arbeidsavklaringspenger")
    DAGPENGER = "DAGP", N_("Dagpenger")
    TILTAKSPENGER = "TILTAKSPENGER", N_("Tiltakspenger")


class Registration(Labelled):
    """Registered for work-directed follow-up (formidlingsgruppe)."""

    JOBSEEKER = "ARBS", N_("Arbeidssøker")
    FOLLOWED_UP = "IARBS", N_("Til oppfølging")
    INACTIVE = "ISERV", N_("Ikke registrert")


class StaffRole(Labelled):
    """What a member of staff does in the office."""

    COUNSELLOR = "VEILEDER", N_("Veileder")
    LEADER = "LEDER", N_("Leder")
