"""The Django app of this room."""

from django.apps import AppConfig


class DialogueConfig(AppConfig):
    """The app."""

    name = "dap.dialogue"
    label = "dialogue"
