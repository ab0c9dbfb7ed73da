"""The errors of fetches that fail."""

from __future__ import annotations

import pytest

from bot.errors import FetchError


async def refused(fetch, path: str, **request) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetch(path, **request)
    assert not caught.value.message.endswith(".")
    return caught.value
