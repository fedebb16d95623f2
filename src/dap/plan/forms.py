"""Parsing of the plan's forms. What is allowed stands in rules.py; these only read what was typed."""

from functools import cache
from typing import Any

from django import forms

from dap.core.sentences import sentence
from dap.core.text import N_
from dap.design.forms import DateField, Form, HiddenField, IntegerField, RadioField, TextArea, TextField
from dap.plan import rules
from dap.plan.activity_types import ACTIVITY_TYPES, FieldKind, FieldSpec
from dap.plan.enums import ActivityType, ApplicationStatus, Status


def _drawn(spec: FieldSpec) -> forms.Field:
    """The form field of a declared field; limits are judged by the rules, so it only knows them to tell."""
    common: dict[str, Any] = {"label": spec.label, "help_text": spec.hint, "required": False}
    field: forms.Field
    if spec.kind is FieldKind.DATE:
        field = DateField(**common)
    elif spec.kind is FieldKind.NUMBER:
        field = IntegerField(**common)
    elif spec.kind is FieldKind.CHOICE and spec.choices is not None:
        field = RadioField(choices=[(str(c), c.label) for c in spec.choices], **common)
    elif spec.kind is FieldKind.TEXT:
        field = TextArea(**common)
    else:
        field = TextField(**common)
    if spec.max_length > 100:  # a line of text needs no counter
        field.max_length = spec.max_length
    field.say_optional = not spec.required
    return field


class _ActivityForm(Form):
    """Base of the forms made from a type's declaration."""

    activity_type: ActivityType
    version = HiddenField(required=False)

    def clean(self) -> dict[str, Any]:
        """Judge all fields at once, so that the person sees everything to mend."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        broken = {name for name in self.errors if name in self.fields}
        for fault in rules.judge_fields(ACTIVITY_TYPES[self.activity_type], {**self.unchanged, **data}):
            if fault.field in self.fields and fault.field not in broken:
                self.add_error(fault.field, sentence(fault.reason, fault.values))
        return data

    unchanged: dict[str, object] = {}
    """Values of fields that this form does not hold, for the rules that compare fields."""

    def typed(self) -> dict[str, object]:
        """The values of the activity's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def main(self) -> list[Any]:
        """The fields that are always in sight."""
        return [self[spec.name] for spec in self._specs() if spec.main]

    @property
    def more(self) -> list[Any]:
        """The fields under "Mer"."""
        return [self[spec.name] for spec in self._specs() if not spec.main]

    @property
    def more_open(self) -> bool:
        """Whether something under "Mer" is filled in or wrong."""
        return any(bound.errors or bound.value() for bound in self.more)

    def _specs(self) -> list[FieldSpec]:
        return [spec for spec in ACTIVITY_TYPES[self.activity_type].fields if spec.name in self.fields]


@cache
def activity_form(activity_type: ActivityType, editable: frozenset[str]) -> type[_ActivityForm]:
    """The form class of a type, with the fields that the actor may change."""
    fields = {s.name: _drawn(s) for s in ACTIVITY_TYPES[activity_type].fields if s.name in editable}
    return type("ActivityForm", (_ActivityForm,), {"activity_type": activity_type, **fields})


class MoveForm(Form):
    """Where a card goes, and why."""

    to = RadioField(label=N_("Flytt til"), choices=[(str(s), s.label) for s in Status], required=False)
    reason = TextArea(label=N_("Begrunnelse"), required=False)
    version = HiddenField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].max_length = rules.MAX_REASON  # type: ignore[attr-defined]
        for name in ("to", "reason"):  # when a reason is asked for stands under the field
            self.fields[name].say_optional = False  # type: ignore[attr-defined]


class ApplicationForm(Form):
    """How far an application has come."""

    application_status = RadioField(
        label=N_("Hvor langt har du kommet?"),
        choices=[(str(a), a.label) for a in ApplicationStatus],
        required=False,
    )
    version = HiddenField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["application_status"].say_optional = False  # type: ignore[attr-defined]


class GoalForm(Form):
    """A goal, and which goal was on the screen while it was written."""

    text = TextArea(label=N_("Mål"), required=False)
    seen = HiddenField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].max_length = rules.MAX_GOAL  # type: ignore[attr-defined]
        self.fields["text"].say_optional = False  # type: ignore[attr-defined]


def whole_number(text: str | None) -> int | None:
    """A version or an id as posted; None for anything that is not a whole number."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None
