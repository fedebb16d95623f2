"""The Django app of this room."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The app."""

    name = "dap.demo"
    label = "demo"
