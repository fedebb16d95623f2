"""One loading process: makes chunks of a volume and copies each in, all tables of it in one transaction."""

import contextlib
import logging
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from dap.core import database
from dap.core.problem import Problem
from dap.demo.volume.chunk import TABLES, chunk_rows
from dap.demo.volume.faults import sentence
from dap.demo.volume.spec import Spec


def work(pipe: Connection, url: str, spec: Spec) -> None:
    """Load the chunks whose numbers come through the pipe, and answer each when it is committed.

    The answer is the number, or a sentence that says why it could not be. Ends when the pipe is closed: also
    when the other side was killed.
    """
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # its warnings of a lost connection say no more
    with contextlib.suppress(EOFError, OSError):  # the other side is gone: nobody to answer
        try:
            with database.connect(url) as connection:
                # What a crash may lose are the last moments' chunks, rows and mark together: they come again.
                connection.execute("SET synchronous_commit = off")
                while True:
                    number = pipe.recv()
                    load_chunk(connection, number, chunk_rows(spec, number))
                    pipe.send(number)
        except psycopg.Error as error:
            pipe.send(sentence(error))
        except Problem as problem:
            pipe.send(str(problem))


def load_chunk(connection: psycopg.Connection[Any], number: int, texts: Mapping[str, bytes]) -> None:
    """Copy one chunk in; nothing happens if it is there.

    The mark comes first: should a process that outlived its seed be loading the same chunk, it is waited for.
    """
    rows = {table: text.count(b"\n") for table, text in texts.items()}
    with connection.transaction():
        marked = connection.execute(
            "INSERT INTO demo_seededchunk (number, rows) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [number, Jsonb(rows)],
        )
        if not marked.rowcount:
            return
        with connection.cursor() as cursor:
            for table, text in texts.items():
                columns = sql.SQL(", ").join(map(sql.Identifier, TABLES[table]))
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
                with cursor.copy(statement) as copy:
                    copy.write(text)
