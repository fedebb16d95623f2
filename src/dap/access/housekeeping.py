"""Keeping the audit log in order."""

from django.db import connection


def ensure_audit_partitions() -> None:
    """Make the partitions of the coming months; the function is the owner's, the web role may call it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_ensure_audit_partitions()")
