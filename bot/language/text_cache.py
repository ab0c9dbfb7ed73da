"""Cache the results of functions of texts while caches are open, and clear all of them at once.

    @text_cached(maxsize=4_096)
    def speeches(text: str) -> tuple[Speech, ...]: …

    with open_text_caches() as caches:      # the program, a parser process, the tests
        speeches("…")                       # computed once
        caches.clear()                      # a text was forgotten: no result of any function is left

Without open caches each call is computed. No values are kept in the functions themselves, so there is only one place to clear.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

_open: list[TextCaches] = []  # one entry for each who holds them; all hold the same


class TextCaches:
    """The results of all functions that are ``text_cached``; safe to use and to clear from several threads."""

    def __init__(self) -> None:
        self.known: dict[Callable[..., Any], Any] = {}  # the cache of each function

    def cache_of(self, function: Callable[..., Any], *, maxsize: int) -> Callable[..., Any]:
        """Return ``function`` with a cache of ``maxsize`` results that belongs to this object."""
        cached: Callable[..., Any] | None = self.known.get(function)
        return cached or self.known.setdefault(function, functools.lru_cache(maxsize=maxsize)(function))

    def clear(self) -> None:
        """Drop every result."""
        self.known.clear()

    def __len__(self) -> int:
        """Return how many results are kept."""
        return sum(cached.cache_info().currsize for cached in tuple(self.known.values()))


@contextmanager
def open_text_caches() -> Iterator[TextCaches]:
    """Let ``text_cached`` functions keep results until the end; who opens the caches while they are open shares them."""
    caches = _open[-1] if _open else TextCaches()
    _open.append(caches)
    try:
        yield caches
    finally:
        _open.pop()
        if not _open:
            caches.clear()


def text_cached(*, maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator for pure functions of hashable arguments; each keeps the newest ``maxsize`` results."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            # Asked for thousands of times a page: nothing may be done here that need not be.
            cached: Callable[..., R]
            try:
                cached = _open[-1].known[function]
            except (IndexError, KeyError):
                cached = kept(function)
            return cached(*args, **kwargs)

        def kept(function: Callable[P, R]) -> Callable[P, R]:
            for caches in _open[-1:]:
                return caches.cache_of(function, maxsize=maxsize)
            return function

        return call

    return decorate


class CacheInput(Generic[T]):
    """What a cached function is given and does not keep beside its result: compared by its hash of 64 bits, taken once.

    For values that are much larger than what is made of them, such as the articles of a story.
    """

    __slots__ = ("_hash", "_values")

    def __init__(self, values: T) -> None:
        self._hash = hash(values)
        self._values: T | None = values

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CacheInput) and other._hash == self._hash

    def take(self) -> T:
        """Return the values and drop the references to them; raises ``ValueError`` the second time."""
        values, self._values = self._values, None
        if values is None:
            raise ValueError("the values were taken before")
        return values
