"""What there is in a plan: activity types, statuses, kinds of change. Codes are Nav's."""

from dap.core.enums import Labelled
from dap.core.text import N_


class ActivityType(Labelled):
    """Types of activity. SAMTALEREFERAT arrives by import only, as plain text, until meetings are built."""

    EGEN = "EGEN", N_("Jobbrettet egenaktivitet")
    STILLING = "STILLING", N_("Stilling")
    IJOBB = "IJOBB", N_("Jobb jeg har nå")
    SOKEAVTALE = "SOKEAVTALE", N_("Avtale om jobbsøk")
    BEHANDLING = "BEHANDLING", N_("Medisinsk behandling")
    SAMTALEREFERAT = "SAMTALEREFERAT", N_("Samtalereferat")


class Status(Labelled):
    """The five columns of the board."""

    PROPOSED = "BRUKER_ER_INTERESSERT", N_("Forslag")
    PLANNED = "PLANLAGT", N_("Planlegger")
    IN_PROGRESS = "GJENNOMFORES", N_("Gjennomfører")
    COMPLETED = "FULLFORT", N_("Fullført")
    ABORTED = "AVBRUTT", N_("Avbrutt")

    @property
    def finished(self) -> bool:
        """Finished activities are locked: completed or aborted."""
        return self in (Status.COMPLETED, Status.ABORTED)


class ApplicationStatus(Labelled):
    """How far an application for a job has come (Nav: etikett)."""

    NOT_STARTED = "IKKE_STARTET", N_("Ikke startet")
    SENT = "SOKNAD_SENDT", N_("Søknad sendt")
    INTERVIEW = "INNKALT_TIL_INTERVJU", N_("Skal på intervju")
    OFFER = "JOBBTILBUD", N_("Fått jobbtilbud")
    REJECTED = "AVSLAG", N_("Fått avslag")


class JobShare(Labelled):
    """Full time or part time, for the job that the citizen has now."""

    FULL = "HELTID", N_("Heltid")
    PART = "DELTID", N_("Deltid")


class ChangeKind(Labelled):
    """Kinds of entry in an activity's history (Nav: transaksjonstype; ANGRET is ours)."""

    CREATED = "OPPRETTET", N_("Opprettet")
    STATUS = "STATUS_ENDRET", N_("Status endret")
    DETAILS = "DETALJER_ENDRET", N_("Detaljer endret")
    AGREED = "AVTALT", N_("Avtalt med Nav")
    AGREED_DATE = "AVTALT_DATO_ENDRET", N_("Dato endret på avtalt aktivitet")
    APPLICATION = "ETIKETT_ENDRET", N_("Søknadsstatus endret")
    UNDONE = "ANGRET", N_("Flytting angret")
    ARCHIVED = "BLE_HISTORISK", N_("Arkivert")
