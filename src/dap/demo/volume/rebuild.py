"""Indexes and constraints of the filled tables: remembered, dropped before the load, and made again after.

What is missing is read from the catalog, so making them again goes on wherever it was stopped. Checks and
NOT NULL stay: they cost little while rows come in, and another reading of the tables afterwards.
"""

from collections.abc import Collection, Sequence
from typing import Any, TypedDict

import psycopg
from psycopg import sql

from dap.demo.volume.statements import Tell, in_parallel

SETTINGS = {"maintenance_work_mem": "256MB", "max_parallel_maintenance_workers": "0"}
"""Two sessions at once already keep two cores busy."""

PRIMARY, UNIQUE, FOREIGN, INDEX = "p", "u", "f", "i"


class Part(TypedDict):
    """An index or a constraint, with the catalog's own definition of it.

    `kind` is p, u or f as in pg_constraint.contype, or i for an index that no constraint stands on.
    """

    kind: str
    table: str
    name: str
    definition: str


_INDEXES = """
SELECT coalesce(k.contype::text, 'i'), t.relname, i.relname, pg_get_indexdef(x.indexrelid)
  FROM pg_index x
  JOIN pg_class t ON t.oid = x.indrelid
  JOIN pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_constraint k ON k.conindid = x.indexrelid AND k.conrelid = x.indrelid
                           AND k.contype IN ('p', 'u')
 WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY(%s)
 ORDER BY pg_relation_size(t.oid) DESC, t.relname, i.relname
"""
_FOREIGN = """
SELECT 'f', t.relname, k.conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k
  JOIN pg_class t ON t.oid = k.conrelid
  JOIN pg_class o ON o.oid = k.confrelid
 WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace
   AND (t.relname = ANY(%s) OR o.relname = ANY(%s))
 ORDER BY t.relname, k.conname
"""


def collect(connection: psycopg.Connection[Any], tables: Sequence[str]) -> list[Part]:
    """Return all indexes and keys of the tables, and the foreign keys from and to them."""
    names = list(tables)
    rows = connection.execute(_INDEXES, [names]).fetchall()
    rows += connection.execute(_FOREIGN, [names, names]).fetchall()
    return [Part(kind=kind, table=table, name=name, definition=text) for kind, table, name, text in rows]


def drop(connection: psycopg.Connection[Any], parts: Sequence[Part]) -> None:
    """Drop them, in the running transaction; foreign keys first, since they stand on the others."""
    for part in sorted(parts, key=lambda part: part["kind"] != FOREIGN):
        if part["kind"] == INDEX:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(part["name"])))
        else:
            connection.execute(_alter(part, "DROP CONSTRAINT"))


def restore(connection: psycopg.Connection[Any], url: str, parts: Sequence[Part], tell: Tell) -> None:
    """Make those that are missing: indexes, then keys on them, then foreign keys. Raises psycopg.Error.

    `connection` is in autocommit; each statement stands by itself, the long ones in sessions of `url`.
    """
    indexes = [part for part in _by_size(connection, parts) if part["kind"] != FOREIGN]
    missing = [part for part in indexes if part["name"] not in _index_names(connection)]
    if missing:
        done = tell("indexes", len(missing), "indexes", 0)
        in_parallel(url, [[part["definition"].encode()] for part in missing], SETTINGS, done)

    known = _constraints(connection, parts)
    for part in indexes:
        if part["kind"] != INDEX and (part["table"], part["name"]) not in known:
            kind = "PRIMARY KEY" if part["kind"] == PRIMARY else "UNIQUE"
            connection.execute(_alter(part, "ADD CONSTRAINT", f'{kind} USING INDEX "{part["name"]}"'))

    # Added unchecked it is a moment's work, which locks both tables; the check afterwards locks neither,
    # so two tables at once can be read.
    foreign = [part for part in _by_size(connection, parts) if part["kind"] == FOREIGN]
    for part in foreign:
        if (part["table"], part["name"]) not in known:
            connection.execute(_alter(part, "ADD CONSTRAINT", f"{part['definition']} NOT VALID"))
    valid = {name for name, is_valid in _constraints(connection, parts).items() if is_valid}
    unchecked: dict[str, list[bytes]] = {}
    for part in foreign:
        if (part["table"], part["name"]) not in valid:
            check = _alter(part, "VALIDATE CONSTRAINT").as_bytes(connection)
            unchecked.setdefault(part["table"], []).append(check)
    if unchecked:
        done = tell("foreign keys", sum(len(checks) for checks in unchecked.values()), "keys", 0)
        in_parallel(url, list(unchecked.values()), SETTINGS, done)


def set_sequences(connection: psycopg.Connection[Any], tables: Collection[str]) -> None:
    """Let each table's own numbers go on past the largest that was loaded."""
    owned = connection.execute(
        "SELECT table_name, column_name, pg_get_serial_sequence('public.' || table_name, column_name)"
        "  FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = ANY(%s) AND is_identity = 'YES'",
        [list(tables)],
    ).fetchall()
    for table, column, sequence in owned:
        connection.execute(
            sql.SQL("SELECT setval(%s, max({column})) FROM {table} HAVING max({column}) IS NOT NULL").format(
                column=sql.Identifier(column), table=sql.Identifier(table)
            ),
            [sequence],
        )


def _alter(part: Part, verb: str, rest: str = "") -> sql.Composed:
    """ALTER TABLE of the part's table. `verb` is ours, `rest` ours or the catalog's: no text of anybody."""
    return sql.SQL("ALTER TABLE {} {} {} {}").format(
        sql.Identifier("public", part["table"]),
        sql.SQL(verb),
        sql.Identifier(part["name"]),
        sql.SQL(rest),
    )


def by_size(connection: psycopg.Connection[Any], tables: Collection[str]) -> list[str]:
    """Return the tables, the largest first: then two sessions that share them end together."""
    query = "SELECT t FROM unnest(%s::text[]) t ORDER BY pg_relation_size(quote_ident(t)::regclass) DESC, t"
    return [table for (table,) in connection.execute(query, [list(tables)]).fetchall()]


def _by_size(connection: psycopg.Connection[Any], parts: Sequence[Part]) -> list[Part]:
    tables = by_size(connection, {part["table"] for part in parts})
    return sorted(parts, key=lambda part: (tables.index(part["table"]), part["name"]))


def _index_names(connection: psycopg.Connection[Any]) -> set[str]:
    rows = connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


def _constraints(connection: psycopg.Connection[Any], parts: Sequence[Part]) -> dict[tuple[str, str], bool]:
    """(table, name) of the constraints there are, and whether they have been checked."""
    rows = connection.execute(
        "SELECT t.relname, k.conname, k.convalidated"
        "  FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid"
        " WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY(%s)",
        [list({part["table"] for part in parts})],
    ).fetchall()
    return {(table, name): valid for table, name, valid in rows}
