"""The Django app of this room."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """The app."""

    name = "dap.plan"
    label = "plan"
