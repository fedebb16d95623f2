"""Core as a Django app: idempotency keys and drafts are its only tables."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The app."""

    name = "dap.core"
    label = "core"
