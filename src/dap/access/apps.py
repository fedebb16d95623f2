"""The Django app of this room."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """The app."""

    name = "dap.access"
    label = "access"
