"""Sentences for a person about database errors, recognised by their code: texts change with version and language."""

from __future__ import annotations

import socket
import sys

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    TimeoutError,  # noqa: A004 - of the pool of connections
)

from bot.errors import RowRefused, StoreError

# Classes of PostgreSQL's codes: data, constraints, limits of the engine.
ROW_ERROR_CLASSES = frozenset({"22", "23", "54"})

_PRIMARY_CODE = 0xFF  # SQLite's extended codes carry the primary one in their lowest byte
_KEPT = "nothing that was stored is lost"

_IN_USE = "The database is in use by another program", "Stop the other one, or name another database"
_READ_ONLY = "The database may not be written to", "Check the permissions of the file and its folder"
_DAMAGED = "The database file is damaged", "Restore the last backup: wirebrief restore FILE"
_FULL = "The disk is full", f"Free some room; {_KEPT}"
_UNREACHABLE = (
    "The database server cannot be reached",
    f"Check database.url and that the server runs; {_KEPT}",
)
_LOGIN = "The database server refuses the user or the password", "Check both in database.url"
_NO_SUCH_DATABASE = (
    "The database server has no such database",
    "Create it there, or name another in database.url",
)
_NO_SUCH_USER = "The database server has no such user", "Check the user in database.url"
_UNKNOWN_HOST = "The database server's name is not known", "Check the host in database.url"
_NO_MEMORY = "There is no memory left for the database", f"End other programs; {_KEPT}"

# Primary result codes: https://sqlite.org/rescode.html
SQLITE = {
    5: _IN_USE,  # BUSY
    6: _IN_USE,  # LOCKED
    7: _NO_MEMORY,
    3: _READ_ONLY,  # PERM
    8: _READ_ONLY,
    10: ("The disk could not be read or written", f"Check whether it is full or broken; {_KEPT}"),
    11: _DAMAGED,  # CORRUPT
    13: _FULL,
    14: ("The database file cannot be opened", "Check the path and the permissions of its folder"),
    26: ("The file is no Wirebrief database", "Name another file in database.url"),
}

# SQLSTATE, whole or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL = {
    "08": _UNREACHABLE,
    "25006": (
        "The database server takes no writes",
        "Name the primary server in database.url, not a replica",
    ),
    "28": _LOGIN,
    "3D000": _NO_SUCH_DATABASE,
    "40": ("Another process changed the same rows", "Run the same again"),
    "42501": ("The database user lacks a right", "Make the user the owner of the database"),
    "53100": _FULL,
    "53200": ("The database server has no memory left", f"Give it more; {_KEPT}"),
    "53300": (
        "The database server has no connection free",
        "Raise its max_connections, or run fewer processes",
    ),
    "53": ("The database server has no room left", f"Its log says for what; {_KEPT}"),
    "55": _IN_USE,
    "57P": _UNREACHABLE,
    "58": ("The database server could not read or write its disk", f"Its log says why; {_KEPT}"),
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}

# What a connection that never came about says: it has no code. The server's own words may be in any language.
_UNCONNECTED = (
    ("password", _LOGIN),
    ("fatal:  database", _NO_SUCH_DATABASE),
    ("fatal:  role", _NO_SUCH_USER),
    ("resolve host", _UNKNOWN_HOST),
)


class DriverErrors:
    """Translate the drivers' errors into sentences for a person."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, DBAPIError):
            raise (_refused(error) or in_words(error.orig)) from error
        if isinstance(error, TimeoutError):
            raise StoreError("The database has no connection free", hint="Try again in a minute") from error


def in_words(cause: BaseException | None) -> StoreError:
    """Return a driver's error as a sentence for a person, with what to do."""
    if found := _by_code(cause) or _unconnected(cause):
        message, hint = found
        return StoreError(message, hint=hint)
    # The engine's own words may quote what was to be written.
    code = getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "") or type(cause).__name__
    return StoreError(f"The database failed ({code})", hint="Look the code up in the engine's documentation")


def _by_code(cause: BaseException | None) -> tuple[str, str] | None:
    number = getattr(cause, "sqlite_errorcode", None)
    if isinstance(number, int):
        return SQLITE.get(number & _PRIMARY_CODE)
    state = getattr(cause, "sqlstate", None) or ""
    return POSTGRESQL.get(state) or POSTGRESQL.get(state[:3]) or POSTGRESQL.get(state[:2])


def _unconnected(cause: BaseException | None) -> tuple[str, str] | None:
    """Return the sentence for a connection that failed before the server gave a code."""
    psycopg = sys.modules.get("psycopg")  # it is loaded where this may happen, and takes a while elsewhere
    if not psycopg or not isinstance(cause, psycopg.OperationalError) or cause.sqlstate:
        return None
    if isinstance(cause.__cause__, socket.gaierror):
        return _UNKNOWN_HOST
    words = str(cause).lower()
    return next((known for mark, known in _UNCONNECTED if mark in words), _UNREACHABLE)


def _refused(error: DBAPIError) -> RowRefused | None:
    """Return that the database refuses a row, where that is what it says."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if not (isinstance(error, DataError | IntegrityError) or state[:2] in ROW_ERROR_CLASSES):
        return None
    code = state or getattr(error.orig, "sqlite_errorname", "") or type(error.orig).__name__
    return RowRefused(
        f"The database refused what was to be written ({code})",
        hint="Look the code up in the engine's documentation",
    )
