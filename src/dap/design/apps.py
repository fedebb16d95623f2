"""The Django app of this room."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """The app."""

    name = "dap.design"
    label = "design"
