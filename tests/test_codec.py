"""Values as JSON and back: whole, and with the place named where something is wrong."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.codec import from_plain, to_json, to_plain
from bot.model.chat import Channel, Delivery, State

DELIVERY = Delivery(
    id="dlv-1",
    subscription_id="sub-1",
    channel=Channel(platform="console", id="out"),
    wall="2026-03-10 07:30",
    due_at=datetime(2026, 3, 10, 6, 30, tzinfo=UTC),
    state=State.WRITTEN,
    updated_at=datetime(2026, 3, 10, 6, 30, 0, 5, tzinfo=UTC),
)


def test_a_value_comes_back_as_it_was():
    assert from_plain(Delivery, json.loads(to_json(DELIVERY))) == DELIVERY
    assert from_plain(Delivery, to_plain(DELIVERY)) == DELIVERY


def test_half_a_character_is_kept():
    assert json.loads(to_json({"said": "\ud83d"})) == {"said": "\ud83d"}


@pytest.mark.parametrize(
    ("wrong", "place"),
    [({"state": "lost"}, r"\$\.state"), ({"channel": {"platform": 7}}, r"\$\.channel\.platform")],
)
def test_what_is_wrong_is_named_by_its_place(wrong, place):
    with pytest.raises(ValueError, match=place):
        from_plain(Delivery, to_plain(DELIVERY) | wrong)
    with pytest.raises(ValueError, match="`id`"):
        from_plain(Delivery, {})
