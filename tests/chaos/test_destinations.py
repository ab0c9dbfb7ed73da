"""Broken destinations on every platform, in small: the healthy ones are posted, each message once, and no other.

How late they are depends on the machine: simulated time tells it in ``tests/flows/delivery/faults/test_fairness.py``, and
``make chaos-destinations`` in real time.
"""

from __future__ import annotations

import pytest

import bot.runtime.service
from tests.chaos.destinations import live

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'wire.db'}"


@pytest.mark.long
@pytest.mark.one_engine  # "make chaos-destinations" does it on both
async def test_broken_destinations_of_every_platform_hold_up_no_healthy_one(url, tmp_path, monkeypatch):
    monkeypatch.setattr(bot.runtime.service, "TICK_SECONDS", 0.3)
    found = await live(url=url, folder=tmp_path, broken=2, healthy=4, hurry=True)
    assert found.wrong == []
    posted = {row["destinations"]: row["posted"] for row in found.rows if "broken" not in row["platform"]}
    assert (posted["4 healthy"], posted["2 500"]) == ("4", "0")
