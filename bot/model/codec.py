"""Frozen dataclasses to JSON values and back, driven by their type hints. Standard library only."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return ``value`` as JSON-able data: objects as mappings, tuples as lists, times as ISO 8601 in UTC."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"no JSON form for {type(value).__name__}")


def from_plain(cls: type[T], data: Any) -> T:
    """Return the ``cls`` that ``to_plain`` gave as ``data``; missing keys take their defaults.

    Raises ``ValueError`` naming the key that is unknown, missing or of a wrong kind.
    """
    result: T = _read(cls, data, cls.__name__)
    return result


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _read(hint: Any, data: Any, path: str) -> Any:
    if isinstance(hint, types.UnionType):
        if data is None:
            return None
        return _read(next(a for a in hint.__args__ if a is not type(None)), data, path)
    if typing.get_origin(hint) is tuple:
        if not isinstance(data, list):
            raise ValueError(f"{path}: a list is needed")
        inner = typing.get_args(hint)[0]
        return tuple(_read(inner, item, f"{path}[{i}]") for i, item in enumerate(data))
    if dataclasses.is_dataclass(hint):
        return _read_object(typing.cast("type", hint), data, path)
    try:
        return _read_scalar(hint, data)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: {data!r:.80} is no {getattr(hint, '__name__', hint)}") from error


def _read_object(cls: type, data: Any, path: str) -> Any:
    if not isinstance(data, dict):
        raise ValueError(f"{path}: an object is needed")  # noqa: TRY004 - the data is wrong, not the call
    hints = _hints(cls)
    unknown = data.keys() - hints.keys()
    if unknown:
        raise ValueError(f"{path}: unknown key {min(unknown)!r}")
    values = {key: _read(hints[key], value, f"{path}.{key}") for key, value in data.items()}
    try:
        return cls(**values)
    except TypeError as error:
        raise ValueError(f"{path}: {error}") from error


def _read_scalar(hint: Any, data: Any) -> Any:
    if hint is datetime:
        moment = datetime.fromisoformat(data)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if hint is date:
        return date.fromisoformat(data)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(data)
    if hint in {str, int, float, bool}:
        if type(data) is not hint and not (hint is float and type(data) is int):
            raise TypeError(hint)
        return hint(data)
    raise TypeError(f"no JSON form for {hint!r}")
