"""From a reason to the sentence that the person sees, in their language."""

from django.utils.translation import gettext

from dap.core.reason import Reason, Refused


def sentence(reason: Reason, values: dict[str, object] | None = None) -> str:
    """The translated sentence with its values filled in; a label among them is translated too."""
    words = gettext(reason.sentence)
    if "%(" not in words:
        return words
    return words % {
        name: gettext(str(value)) if name == "label" else value for name, value in (values or {}).items()
    }


def refusal_sentence(refused: Refused) -> str:
    """The sentence of a refused act."""
    return sentence(refused.reason, refused.values)
