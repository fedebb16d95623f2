"""The Django app of this room."""

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    """The app."""

    name = "dap.portfolio"
    label = "portfolio"
