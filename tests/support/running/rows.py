"""A table as one test: a row of a pure function takes less time than what a test costs beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

MAX_SHOWN = 10  # failing rows whose traceback is shown


def each_row(
    names: str | Sequence[str], rows: Iterable[Any]
) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Run a test on each of ``rows`` as ``pytest.mark.parametrize`` does, in one test that tells every row that fails.

    For functions without fixtures, whose rows do not change anything that another one reads.
    """
    columns = (names,) if isinstance(names, str) else tuple(names)
    listed = [(row,) if isinstance(names, str) else row for row in rows]
    assert listed, "a table without rows proves nothing"

    def decorated(test: Callable[..., None]) -> Callable[[], None]:
        def on_each_row() -> None:
            failures = (_failure(test, dict(zip(columns, row, strict=True))) for row in listed)
            failed = [failure for failure in failures if failure]
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(listed)} rows fail", failed[:MAX_SHOWN])

        on_each_row.__name__, on_each_row.__doc__ = test.__name__, test.__doc__
        on_each_row.__module__, on_each_row.__qualname__ = test.__module__, test.__qualname__
        return on_each_row

    return decorated


def _failure(test: Callable[..., None], row: dict[str, Any]) -> Exception | None:
    try:
        test(**row)
    except pytest.fail.Exception as error:  # what was to be raised was not
        failure: Exception = AssertionError(str(error)).with_traceback(error.__traceback__)
    except Exception as error:  # noqa: BLE001 - the other rows are still to be tried
        failure = error
    else:
        return None
    failure.add_note(", ".join(f"{name}={value!r:.200}" for name, value in row.items()))
    return failure
