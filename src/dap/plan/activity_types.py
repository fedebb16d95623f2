"""The activity types with their own fields and limits, declared once.

Forms, validation, the detail page, history texts, import and export all read this table.
Source: reference/plan.md section 1 (Nav's form rules, which Nav's server does not enforce).
"""

from dataclasses import dataclass
from enum import StrEnum

from dap.core.enums import Labelled, Side
from dap.core.text import N_
from dap.plan.enums import ActivityType, JobShare


class FieldKind(StrEnum):
    """How a field is written and read."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    LINK = "link"
    CHOICE = "choice"
    NUMBER = "number"


@dataclass(frozen=True)
class FieldSpec:
    """One field of an activity: its name in storage, its label, and its limits.

    `max_length` counts characters; for NUMBER `minimum` and `maximum` bound the value.
    `main` puts the field among the first of the form, the others stand under "Mer".
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    max_length: int = 0
    required: bool = False
    main: bool = False
    hint: str = ""
    choices: type[Labelled] | None = None
    minimum: int = 0
    maximum: int = 0


@dataclass(frozen=True)
class TypeSpec:
    """A type: its wording, who creates it, its fields in the order of the form.

    `default_title` stands where the type has a fixed title; `default_days` prefills the end date
    this many days after today.
    """

    type: ActivityType
    menu_label: str
    help: str
    created_by: frozenset[Side]
    fields: tuple[FieldSpec, ...]
    title_from: str = "title"
    default_title: str = ""
    default_days: int | None = None
    to_date_label: str = N_("Til dato")

    def field(self, name: str) -> FieldSpec:
        """The field of this name. Raises KeyError for one that the type does not have."""
        for spec in self.fields:
            if spec.name == name:
                return spec
        raise KeyError(name)


BOTH = frozenset({Side.CITIZEN, Side.NAV})
NAV_ONLY = frozenset({Side.NAV})
COMMON = frozenset({"title", "from_date", "to_date", "description", "link"})
"""Fields that are columns of their own; all others live in `Activity.details`."""


def _title(label: str = N_("Tittel"), hint: str = "") -> FieldSpec:
    return FieldSpec("title", label, max_length=100, required=True, main=True, hint=hint)


def _from(label: str = N_("Fra dato"), required: bool = True) -> FieldSpec:
    return FieldSpec("from_date", label, FieldKind.DATE, required=required, main=True)


def _to(label: str = N_("Til dato"), required: bool = True) -> FieldSpec:
    return FieldSpec("to_date", label, FieldKind.DATE, required=required, main=True)


def _line(
    name: str, label: str, *, required: bool = False, max_length: int = 255, hint: str = ""
) -> FieldSpec:
    return FieldSpec(name, label, max_length=max_length, required=required, main=required, hint=hint)


def _description(max_length: int = 5000) -> FieldSpec:
    return FieldSpec("description", N_("Beskrivelse"), FieldKind.TEXT, max_length=max_length)


LINK = FieldSpec("link", N_("Lenke"), FieldKind.LINK, max_length=2000)

_SPECS = (
    TypeSpec(
        ActivityType.STILLING,
        N_("En jobb jeg vil søke på"),
        N_("Hold oversikt over stillinger og søknadsfrister."),
        BOTH,
        (
            _title(N_("Stilling"), N_("For eksempel «Vikar i barnehage»")),
            _from(),
            _to(N_("Søknadsfrist"), required=False),
            FieldSpec("employer", N_("Arbeidsgiver"), max_length=255, main=True),
            LINK,
            _line("workplace", N_("Arbeidssted")),
            _line("contact", N_("Kontaktperson")),
            _description(),
        ),
        to_date_label=N_("Søknadsfrist"),
    ),
    TypeSpec(
        ActivityType.EGEN,
        N_("Jobbrettet egenaktivitet"),
        N_("Noe du gjør selv for å komme nærmere jobb, som et kurs eller en CV."),
        BOTH,
        (
            _title(N_("Hva skal gjøres?"), N_("For eksempel «Oppdatere CV-en»")),
            _from(),
            _to(),
            _line("purpose", N_("Mål med aktiviteten")),
            _line("checklist", N_("Huskeliste")),
            _description(),
            LINK,
        ),
        default_days=8,
    ),
    TypeSpec(
        ActivityType.SOKEAVTALE,
        N_("Avtale om å søke jobber"),
        N_("Hvor mange jobber brukeren skal søke på i uken."),
        NAV_ONLY,
        (
            _from(),
            _to(),
            FieldSpec(
                "applications_per_week",
                N_("Antall søknader i uken"),
                FieldKind.NUMBER,
                required=True,
                main=True,
                minimum=1,
                maximum=99,
            ),
            _line("follow_up", N_("Oppfølging fra Nav")),
            _description(),
        ),
        title_from="",
        default_title=N_("Avtale om å søke jobber"),
        default_days=91,
    ),
    TypeSpec(
        ActivityType.BEHANDLING,
        N_("Medisinsk behandling"),
        N_("Behandling som er viktig for at du skal kunne jobbe."),
        BOTH,
        (
            _line("treatment_type", N_("Type behandling"), required=True, max_length=100),
            _line("treatment_place", N_("Behandlingssted"), required=True),
            _from(),
            _to(),
            _line("effect", N_("Mål for behandlingen")),
            _line("follow_up", N_("Oppfølging fra Nav")),
            _description(400),
        ),
        title_from="treatment_type",
    ),
    TypeSpec(
        ActivityType.IJOBB,
        N_("Jobb jeg har nå"),
        N_("Arbeid du har i dag, på heltid eller deltid."),
        BOTH,
        (
            _title(N_("Stillingstittel")),
            FieldSpec(
                "job_share",
                N_("Heltid eller deltid"),
                FieldKind.CHOICE,
                required=True,
                main=True,
                choices=JobShare,
            ),
            _from(),
            _to(required=False),
            FieldSpec("employer", N_("Arbeidsgiver"), max_length=255, main=True),
            _line(
                "working_hours",
                N_("Ansettelsesforhold"),
                hint=N_("For eksempel «vikar til påske, 40 prosent»"),
            ),
            _description(),
        ),
    ),
    TypeSpec(
        ActivityType.SAMTALEREFERAT,
        N_("Samtalereferat"),
        N_("Det dere snakket om og ble enige om."),
        frozenset(),
        (_title(N_("Tema")), _from(N_("Dato for samtalen")), _description()),
    ),
)

ACTIVITY_TYPES: dict[ActivityType, TypeSpec] = {spec.type: spec for spec in _SPECS}


def creatable_by(side: Side) -> list[TypeSpec]:
    """The types that a party may create, in the order of the menu."""
    return [spec for spec in _SPECS if side in spec.created_by]
