"""Deliveries and their parts as rows, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.model.chat import FINAL, Channel, Delivery, DeliveryPart, PartState, State
from bot.model.scope import Scope
from bot.store.rows import scope_columns, scope_of


def new_row(delivery: Delivery) -> dict[str, Any]:
    """Return the row of a new delivery."""
    return (
        scope_columns(delivery.scope)
        | changing_values(delivery)
        | {
            "id": delivery.id,
            "subscription_id": delivery.subscription_id,
            "destination": delivery.channel.name,
            "wall": delivery.wall,
            "due_at": delivery.due_at,
            "round": 0,
            "lease_until": delivery.due_at,
        }
    )


_CHANGING = (
    "made_at",
    "since",
    "briefing_id",
    "attempts",
    "reason",
    "approved",
    "look_first",
    "posted_at",
    "updated_at",
    "failing_since",
)


def changing_values(delivery: Delivery) -> dict[str, Any]:
    """Return the columns of a delivery that its steps change."""
    values = {name: getattr(delivery, name) for name in _CHANGING}
    return values | {"state": delivery.state.value, "open": delivery.state not in FINAL}


def read_delivery(row: Mapping[Any, Any]) -> Delivery:
    """Return the delivery of a row."""
    kept: Iterable[str] = ("id", "subscription_id", "wall", "due_at", *_CHANGING)
    return Delivery(
        **{name: row[name] for name in kept},
        channel=Channel.read(row["destination"]),
        state=State(row["state"]),
        scope=scope_of(row),
    )


def part_rows(parts: Iterable[DeliveryPart], *, scope: Scope) -> list[dict[str, Any]]:
    """Return the rows of ``parts`` of a delivery of ``scope``."""
    return [
        scope_columns(scope)
        | {name: getattr(part, name) for name in DeliveryPart.__slots__}
        | {"state": part.state.value}
        for part in parts
    ]


def read_part(row: Mapping[Any, Any]) -> DeliveryPart:
    """Return the part of a row."""
    return DeliveryPart(
        **{name: row[name] for name in DeliveryPart.__slots__ if name != "state"},
        state=PartState(row["state"]),
    )
