"""Django for a command: which role the process has, and how it changes it."""

import os

from dap.core.database import WEB, connect, django_database, url_for


def setup(role: str = WEB) -> None:
    """Set Django up so that its one connection, `default`, has the given role. Raises Problem."""
    connect(url_for(role, os.environ)).close()  # no database is a sentence, not a traceback
    os.environ["DAP_DATABASE_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dap.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    from dap.core.problem import Problem

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Problem(str(error)) from None


def close() -> None:
    """Close Django's connections and their pool."""
    from django.db import connections

    connections.close_all()
    connection = connections["default"]
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def take_role(role: str) -> None:
    """Point `default` at another role's address, within the same process."""
    from django.db import connections

    close()
    database = django_database(url_for(role, os.environ))
    settings = connections.settings["default"]
    pool = {key: value for key, value in settings["OPTIONS"].items() if key == "pool"}
    settings.update(database | {"OPTIONS": database["OPTIONS"] | pool})
    del connections["default"]  # the next use opens one by the new settings
