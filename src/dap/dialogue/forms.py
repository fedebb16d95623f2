"""Parsing of the dialogue's forms. Limits are judged in rules.py."""

from typing import Any

from dap.core.sentences import sentence
from dap.core.text import N_, plain
from dap.design.forms import CheckboxField, Form, TextArea, TextField
from dap.dialogue import rules


class MessageForm(Form):
    """A message in a thread."""

    text = TextArea(label=N_("Melding"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].max_length = rules.MAX_MESSAGE  # type: ignore[attr-defined]
        self.fields["text"].say_optional = False  # type: ignore[attr-defined]


class ThreadForm(MessageForm):
    """A new thread: what it is about, and its first message."""

    title = TextField(label=N_("Hva handler meldingen om?"), required=False)
    asks_citizen = CheckboxField(label=N_("Venter på svar fra brukeren"))
    field_order = ("title", "text", "asks_citizen")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].say_optional = False  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Judge title and text at once, so that the person sees both to mend."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for field, reason in (
            ("title", rules.judge_title(data.get("title", ""))),
            ("text", rules.judge_message(data.get("text", ""), historic=False, period_open=True)),
        ):
            if reason:
                self.add_error(field, sentence(reason, {"length": len(plain(data.get(field, "")))}))
        return data
