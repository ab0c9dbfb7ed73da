"""Frozen dataclasses to JSON values and back, driven by their type hints. Standard library only."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")
Reader = Callable[[Any], Any]
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


def to_plain(value: Any) -> Any:
    """Return ``value`` as JSON-able data: objects as mappings, tuples as lists, times as ISO 8601 in UTC."""
    kind: type = type(value)
    return value if kind in _AS_THEY_ARE else _writer(kind)(value)


def from_plain(cls: type[T], data: Any) -> T:
    """Return the ``cls`` that ``to_plain`` gave as ``data``; missing keys take their defaults.

    Raises ``ValueError`` naming the key that is unknown, missing or of a wrong kind.
    """
    try:
        whole: type = cls
        result: T = _reader(whole)(data)
    except _Wrong as wrong:
        raise ValueError(f"{cls.__name__}{''.join(reversed(wrong.steps))}: {wrong}") from wrong.__cause__
    return result


class _Wrong(Exception):  # noqa: N818 - it names what happened
    """What is wrong, and the steps from there out to the whole."""

    def __init__(self, what: object) -> None:
        super().__init__(what)
        self.steps: list[str] = []

    def within(self, step: str) -> _Wrong:
        """Return itself, one step further out."""
        self.steps.append(step)
        return self


@functools.cache
def _writer(kind: type) -> Callable[[Any], Any]:
    """Return what turns values of exactly ``kind`` into plain data: kinds are asked what they are only once."""
    if dataclasses.is_dataclass(kind):
        names = tuple(field.name for field in dataclasses.fields(kind))
        return lambda value: {name: to_plain(getattr(value, name)) for name in names}
    if issubclass(kind, StrEnum):
        return lambda value: value.value
    if issubclass(kind, datetime):
        return lambda value: value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if issubclass(kind, tuple | list):
        return lambda value: [to_plain(item) for item in value]
    if issubclass(kind, str | int | float):
        return lambda value: value
    raise TypeError(f"no JSON form for {kind.__name__}")


@functools.cache
def _reader(hint: Any) -> Reader:
    """Return what reads values of the type ``hint``: hints are looked through only once."""
    if isinstance(hint, types.UnionType):
        inner = _reader(next(a for a in hint.__args__ if a is not type(None)))
        return lambda data: None if data is None else inner(data)
    if typing.get_origin(hint) is tuple:
        return _tuple_reader(_reader(typing.get_args(hint)[0]))
    if dataclasses.is_dataclass(hint):
        return _object_reader(typing.cast("type", hint))
    return _scalar_reader(hint)


def _tuple_reader(inner: Reader) -> Reader:
    def read(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise _Wrong("a list is needed")
        values = []
        for item in data:
            try:
                values.append(inner(item))
            except _Wrong as wrong:
                raise wrong.within(f"[{len(values)}]") from wrong.__cause__
        return tuple(values)

    return read


def _object_reader(cls: type) -> Reader:
    readers = {name: _reader(hint) for name, hint in typing.get_type_hints(cls).items()}

    def read(data: Any) -> Any:
        if not isinstance(data, dict):
            raise _Wrong("an object is needed")
        if unknown := data.keys() - readers.keys():
            raise _Wrong(f"unknown key {min(unknown)!r}")
        values = {}
        for key, value in data.items():
            try:
                values[key] = readers[key](value)
            except _Wrong as wrong:
                raise wrong.within(f".{key}") from wrong.__cause__
        try:
            return cls(**values)
        except TypeError as error:
            raise _Wrong(error) from error

    return read


def _scalar_reader(hint: Any) -> Reader:
    parse = _parser(hint)

    def read(data: Any) -> Any:
        try:
            return parse(data)
        except (TypeError, ValueError) as error:
            raise _Wrong(f"{data!r:.80} is no {getattr(hint, '__name__', hint)}") from error

    return read


def _parser(hint: Any) -> Reader:
    if hint is datetime:
        return _moment
    if hint is date:
        return date.fromisoformat
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if hint in {str, int, float, bool}:
        wanted = {float, int} if hint is float else {hint}

        def same(data: Any) -> Any:
            if type(data) not in wanted:
                raise TypeError(hint)
            return hint(data)

        return same
    raise TypeError(f"no JSON form for {hint!r}")


def _moment(data: str) -> datetime:
    moment = datetime.fromisoformat(data)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
