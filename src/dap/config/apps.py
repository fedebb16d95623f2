"""Wiring: what must know of rooms above itself is told here, once."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The app that wires the others."""

    name = "dap.config"
    label = "config"

    def ready(self) -> None:
        """The overview refreshes the rows that the rooms below it have touched."""
        from dap.core import touch
        from dap.portfolio import actions

        touch.refresh_with(actions.refresh)
