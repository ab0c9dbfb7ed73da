"""The tests' own check that nothing blocks the event loop: it sees the program's calls, and lets through what may block."""

from __future__ import annotations

import pytest
from blockbuster import BlockingError

from tests.support.blocking_calls import wrap_blocking


def checked(*, may_block=()):
    """Return a function that is taken for one which blocks, in code of ours alone."""
    return wrap_blocking([__file__], [], len, "len", [*may_block], lambda _: False)


async def test_what_blocks_in_code_of_the_program_fails():
    call = checked()
    for _ in range(2):
        with pytest.raises(BlockingError, match="len"):
            call("four")


async def test_what_blocks_where_it_may_passes_and_so_does_what_others_do():
    async def may():
        return checked(may_block=[("test_blocking_calls.py", {"may"})])("four")

    assert await may() == 4
    assert wrap_blocking(["/elsewhere"], [], len, "len", [], lambda _: False)("four") == 4
    assert wrap_blocking([__file__], [], len, "len", [], lambda text: text == "four")("four") == 4


def test_without_a_loop_anything_may_block():
    assert checked()("four") == 4
