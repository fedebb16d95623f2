"""The history of an activity in plain words, as the reader would say it: who, what, from what to what.

Three voices: the citizen's («Du», «Marte Lien i Nav»), the counsellor's («Brukeren», «Du», a colleague's
name) and the archive's («Bruker», «Nav»). Source: reference/plan.md section 6.
"""

from datetime import date
from enum import StrEnum

from django.utils.translation import gettext

from dap.access.actor import Actor
from dap.core.enums import Labelled, Side
from dap.core.text import N_
from dap.core.words import long_date
from dap.people.models import Authored
from dap.plan.activity_types import ACTIVITY_TYPES, FieldKind
from dap.plan.enums import ActivityType, ApplicationStatus, ChangeKind, Status
from dap.plan.models import ActivityChange


class Voice(StrEnum):
    """In whose words the history is told."""

    CITIZEN = "citizen"
    COUNSELLOR = "counsellor"
    ARCHIVE = "archive"


def voice_of(actor: Actor) -> Voice:
    """The voice for a reader."""
    return Voice.CITIZEN if actor.side is Side.CITIZEN else Voice.COUNSELLOR


def who(authored: Authored, voice: Voice, reader: Actor | None = None) -> str:
    """Who did it, at the beginning of a sentence."""
    if authored.by_side == Side.SYSTEM:
        return gettext("Systemet")
    if authored.by_side == Side.CITIZEN:
        return {
            Voice.CITIZEN: gettext("Du"),
            Voice.COUNSELLOR: gettext("Brukeren"),
            Voice.ARCHIVE: gettext("Bruker"),
        }[voice]
    counsellor = authored.by_counsellor
    if voice is Voice.ARCHIVE or counsellor is None:
        return gettext("Nav")
    if voice is Voice.COUNSELLOR:
        return gettext("Du") if reader and reader.id == counsellor.id else counsellor.full_name
    return gettext("%(name)s i Nav") % {"name": counsellor.full_name}


def _value(enum: type[Labelled], code: object) -> str:
    try:
        return gettext(enum(str(code)).label)
    except ValueError:
        return gettext("ingen")


def _field(activity_type: ActivityType, name: str, before: object, after: object) -> str:
    try:
        spec = ACTIVITY_TYPES[activity_type].field(name)
    except KeyError:
        return name
    # Some labels are questions («Hva skal du gjøre?»); in a sentence the field is a noun.
    nouns = {"title": N_("tittel"), "link": N_("lenken")}
    words = gettext(nouns.get(name, spec.label))
    label = words[:1].lower() + words[1:]  # not lower(): «Oppfølging fra Nav» keeps its name
    if spec.kind is FieldKind.DATE:
        return gettext("%(field)s fra %(before)s til %(after)s") % {
            "field": label,
            "before": _date(before),
            "after": _date(after),
        }
    if spec.kind is FieldKind.TEXT or spec.kind is FieldKind.LINK:
        return label
    if spec.choices is not None:
        before, after = _value(spec.choices, before), _value(spec.choices, after)
    return gettext("%(field)s fra «%(before)s» til «%(after)s»") % {
        "field": label,
        "before": before or "–",
        "after": after or "–",
    }


def _date(value: object) -> str:
    return long_date(date.fromisoformat(str(value))) if value else gettext("ingen dato")


def _joined(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return gettext("%(first)s og %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def describe(
    change: ActivityChange, activity_type: ActivityType, voice: Voice, reader: Actor | None = None
) -> str:
    """One change as a sentence, in the reader's language."""
    name = who(change, voice, reader)
    kind = ChangeKind(change.kind)
    changes = change.changes
    if kind is ChangeKind.CREATED:
        return gettext("%(who)s la til aktiviteten i «%(status)s».") % {
            "who": name,
            "status": _value(Status, changes.get("status", [None, ""])[1]),
        }
    if kind is ChangeKind.STATUS:
        before, after = changes["status"]
        words = {"who": name, "before": _value(Status, before), "after": _value(Status, after)}
        if "reason" in changes:
            words["reason"] = changes["reason"][1]
            return (
                gettext(
                    "%(who)s flyttet aktiviteten fra «%(before)s» til «%(after)s». Begrunnelse: %(reason)s"
                )
                % words
            )
        return gettext("%(who)s flyttet aktiviteten fra «%(before)s» til «%(after)s».") % words
    if kind is ChangeKind.UNDONE:
        before, after = changes["status"]
        return gettext("%(who)s angret flyttingen, fra «%(before)s» tilbake til «%(after)s».") % {
            "who": name,
            "before": _value(Status, before),
            "after": _value(Status, after),
        }
    if kind is ChangeKind.AGREED:
        return gettext("%(who)s satte aktiviteten som avtalt med Nav.") % {"who": name}
    if kind is ChangeKind.APPLICATION:
        before, after = changes["application_status"]
        return gettext("%(who)s endret søknadsstatus fra «%(before)s» til «%(after)s».") % {
            "who": name,
            "before": _value(ApplicationStatus, before or ApplicationStatus.NOT_STARTED),
            "after": _value(ApplicationStatus, after),
        }
    if kind is ChangeKind.ARCHIVED:
        return gettext("Aktiviteten ble arkivert da oppfølgingen tok slutt.")
    fields = [
        _field(activity_type, field, before, after) for field, (before, after) in sorted(changes.items())
    ]
    return gettext("%(who)s endret %(what)s.") % {"who": name, "what": _joined(fields)}
