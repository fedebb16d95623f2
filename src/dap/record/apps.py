"""The Django app of this room."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The app."""

    name = "dap.record"
    label = "record"
