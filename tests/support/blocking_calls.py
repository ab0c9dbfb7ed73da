"""The check of ``blockbuster``, quicker: what a function's code is to it is looked up once, not in each frame of each call."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from types import CodeType
from typing import Any

from blockbuster import blockbuster

ELSEWHERE, OURS, MAY_BLOCK = range(3)  # whose code it is, where its calls may not block or may


def wrap_blocking(
    modules: Sequence[str],
    excluded_modules: Sequence[str],
    func: Callable[..., Any],
    func_name: str,
    can_block_functions: list[tuple[str, Iterable[str]]],
    can_block_predicate: Callable[..., bool],
) -> Callable[..., Any]:
    """Do what the library's function of that name does; where ``func`` may block is known once its first call comes."""
    assert modules
    assert not excluded_modules
    known: dict[CodeType, int] = {}

    def kind(code: CodeType) -> int:
        for file, names in can_block_functions:
            if code.co_filename.replace("\\", "/").endswith(file) and code.co_name in names:
                return MAY_BLOCK
        return OURS if code.co_filename.startswith(tuple(modules)) else ELSEWHERE

    def blocks() -> bool:
        ours, frame = False, sys._getframe(2)
        while frame:
            code = frame.f_code
            of = known.get(code)
            if of is None:
                of = known[code] = kind(code)
            if of == MAY_BLOCK:
                return False
            ours = ours or of == OURS
            frame = frame.f_back
        return ours

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if blockbuster._skip.value or asyncio._get_running_loop() is None:
            return func(*args, **kwargs)
        blockbuster._skip.value = True
        try:
            if not can_block_predicate(*args, **kwargs) and blocks():
                raise blockbuster.BlockingError(func_name)
            return func(*args, **kwargs)
        finally:
            blockbuster._skip.value = False

    return wrapper
