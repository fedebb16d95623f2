"""The database roles and their addresses (DESIGN.md section 2: roles from the first day).

    dap_owner   owns every table; migrations run as it
    dap_web     what web and worker are: no DDL; audit INSERT and SELECT only
    dap_erase   retention and erasure

Table rights are given by `dap.config.grants` after migrations; here are the roles themselves.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from dap.core.problem import Problem

SUPERUSER, OWNER, WEB, ERASE = "superuser", "owner", "web", "erase"
ROLES = {OWNER: "dap_owner", WEB: "dap_web", ERASE: "dap_erase"}
VARIABLES = {
    SUPERUSER: "DATABASE_SUPERUSER_URL",
    OWNER: "DATABASE_OWNER_URL",
    WEB: "DATABASE_URL",
    ERASE: "DATABASE_ERASE_URL",
}
MINIMUM_VERSION = 150000  # PostgreSQL 15


def url_for(role: str, environ: Mapping[str, str]) -> str:
    """Return the address for `superuser`, `owner`, `web` or `erase`. Raises Problem when none is set.

    With DATABASE_URL alone every role uses it, and each session takes its role by `-c role=…` as it opens.
    That holds against mistakes, not against somebody who may run any SQL (docs/operations.md).
    """
    own = environ.get(VARIABLES[role], "").strip()
    shared = environ.get("DATABASE_URL", "").strip()
    if not shared:
        raise Problem(
            "DATABASE_URL is not set: start with ./dap demo, or set it to a PostgreSQL 15 or newer."
        )
    separate = any(environ.get(VARIABLES[name], "").strip() for name in (OWNER, ERASE))
    if role == WEB and separate:
        return shared  # who gives each role its own login gives web its own too
    if own and role != WEB:
        return own
    return shared if role == SUPERUSER else with_role(shared, ROLES[role])


def with_role(url: str, role: str) -> str:
    """Return `url` with the option that makes every session of it act as `role`."""
    parts = parse(url)
    options = f"{parts.get('options', '')} -c role={role}".strip()
    return psycopg.conninfo.make_conninfo("", **(parts | {"options": options}))


def parse(url: str) -> dict[str, Any]:
    """Split a connection URL (or libpq's `key=value` text). Raises Problem, never with the password."""
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError:
        raise Problem(
            "The database address is not understood: write it as "
            "postgresql://user:password@host:5432/database, "
            "with special characters in the password percent-encoded."
        ) from None


def django_database(url: str) -> dict[str, Any]:
    """Turn a connection URL into an entry of Django's DATABASES; other libpq parameters become OPTIONS."""
    parts = parse(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "dap"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
    }


def connect(url: str, **options: Any) -> psycopg.Connection[Any]:
    """Open a connection in autocommit. Raises Problem with the server's own reason and what to do."""
    parts = parse(url)
    try:
        return psycopg.connect(**{"connect_timeout": 10} | parts | options, autocommit=True)
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0].split("failed: ")[-1].removeprefix("FATAL:").strip().rstrip(".")
        where = parts.get("host") or "this machine"
        raise Problem(f"The database on {where} cannot be used ({reason}): check DATABASE_URL.") from None


def ensure_roles(
    url: str, database: str | None = None, *, login: bool = False, createdb: bool = False
) -> None:
    """Make the three roles, and with `database` that database, where they are missing; safe to repeat.

    `url` may connect as a superuser, or as the owner of its database with CREATEROLE. `login` lets the roles
    connect (the embedded server), `createdb` lets the owner make test databases. Raises Problem when a role
    is missing and may not be made.
    """
    with connect(url) as connection:
        version = connection.info.server_version
        if version < MINIMUM_VERSION:
            raise Problem(f"PostgreSQL {version // 10000} is too old: 15 or newer is needed.")
        known = {name for (name,) in connection.execute("select rolname from pg_roles").fetchall()}
        missing = [name for name in ROLES.values() if name not in known]
        try:
            for name in missing:
                connection.execute(
                    sql.SQL("create role {} {}").format(
                        sql.Identifier(name), sql.SQL("login" if login else "nologin")
                    )
                )
            if createdb:
                connection.execute("alter role dap_owner createdb")
            _let_take(connection)
            if database:
                create_database(connection, database)
            else:
                _let_build(connection)
        except psycopg.errors.InsufficientPrivilege as error:
            statements = (
                "; ".join(f"create role {name}" for name in missing) or "grant dap_owner, dap_web, dap_erase"
            )
            raise Problem(
                f"The database login may not set up the roles ({error.diag.message_primary}): "
                f"let an administrator do it once ({statements}; "
                "docs/operations.md has the whole), then run this again."
            ) from None


def _let_take(connection: psycopg.Connection[Any]) -> None:
    """Let the connecting login take each role. From PostgreSQL 16 a role's maker may not yet do so itself."""
    kind = "set" if connection.info.server_version >= 160000 else "member"
    for name in ROLES.values():
        (may,) = connection.execute("select pg_has_role(current_user, %s, %s)", [name, kind]).fetchone() or (
            False,
        )
        if not may:
            connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(name)))


def _let_build(connection: psycopg.Connection[Any]) -> None:
    """Let the owner make tables in the connected database, and the others find them."""
    query = (
        "select current_database(), has_database_privilege('dap_owner', current_database(), 'create')"
        " and has_schema_privilege('dap_owner', 'public', 'create')"
    )
    database, may = connection.execute(query).fetchone() or ("", False)
    if not may:
        on_database = sql.SQL("grant create, temporary on database {} to dap_owner").format(
            sql.Identifier(database)
        )
        connection.execute(on_database)
        connection.execute("grant create, usage on schema public to dap_owner")
        connection.execute("grant usage on schema public to dap_web, dap_erase")


def create_database(connection: psycopg.Connection[Any], name: str) -> None:
    """Make the UTF-8 database `name`, owned by dap_owner, unless it stands; same sorting on every server."""
    if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
        return
    version = connection.info.server_version
    # Built in from 17 (full text uses it from 18); before that the C library's, the same by code point.
    locale = (
        "locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
        if version >= 180000
        else "locale 'C.UTF-8'"
    )
    connection.execute(
        sql.SQL("create database {} owner dap_owner encoding 'UTF8' template template0 {}").format(
            sql.Identifier(name), sql.SQL(locale)
        )
    )
