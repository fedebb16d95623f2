"""The Django app of this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app."""

    name = "dap.people"
    label = "people"
