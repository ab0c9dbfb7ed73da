"""How a channel stands, as people read it: no state by its name in the program, and a briefing by what it is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.chat.replies.last_ingest import IngestState
from bot.chat.replies.status import Health, SubscriptionStatus, delivery_line, status_message
from bot.inline import in_words
from bot.language.locale.replies import in_language
from bot.model.chat import Channel, Delivery, State, Subscription
from tests.support.running.rows import each_row

AT = datetime(2025, 7, 8, 6, tzinfo=UTC)
C1 = Channel(platform="slack", workspace="T1", id="C1")
DELIVERY = Delivery(
    id="dlv-1", subscription_id="sub-1", channel=C1, wall="2025-07-08T08:00:00", due_at=AT, updated_at=AT
)


@each_row("state", State)
def test_every_end_of_a_delivery_is_worded_in_every_language(state):
    line = delivery_line(replace(DELIVERY, state=state), zone="Europe/Berlin")
    assert in_words(line).startswith("Tue 8 July 08:00 Europe/Berlin (UTC+02:00), ")
    assert not in_words(line).endswith((", due", ", written", ", posting", ", silent", ", held"))
    assert in_language(line, "de") != line


def test_the_status_names_a_briefing_by_its_times_and_tells_the_last_ingest_in_the_readers_zone():
    one = Subscription(
        id="sub-1", channel=C1, times="daily 08:00", zone="Europe/Berlin", lines=("0 8 * * *",), created_at=AT
    )
    health = Health(
        obstacles=(),
        feeds=1,
        failing=(),
        read_at=AT,
        model="none: stories are quoted from the articles",
        may="member",
        ingest=IngestState(started_at=AT, finished_at=AT, feeds_due=1, feeds_read=1),
    )
    message = status_message(
        [SubscriptionStatus(subscription=one, about="all feeds")], health, zone="America/New_York"
    )
    lines = [in_words(f"{line.label}: {line.text}") for part in message.parts for line in part.lines]
    assert "When: daily 08:00 Europe/Berlin" in lines
    assert (
        "Last ingest: ended Tue 8 July 02:00 America/New_York (UTC-04:00): 1 of 1 feed read, 0 new articles, 0 s"
        in lines
    )
