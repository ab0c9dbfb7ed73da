"""What a channel was sent it is not sent again, whatever words tell of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.briefings.memory import ChannelMemory, figure_id, was_counted
from bot.model.news import Citation
from bot.model.story import Figure

TOLL = Figure(
    value="143 million",
    counts="US customers whose data may have been taken",
    claimant="Hale Credit",
    as_of=datetime(2031, 7, 9, tzinfo=UTC),
    citation=Citation(article_id="a", sentences=(1,)),
)
SENT = ChannelMemory(facts=frozenset({figure_id(TOLL)}))


@pytest.mark.parametrize(
    "again",
    [
        TOLL,
        replace(TOLL, counts="customers affected by the breach of data", claimant=""),
        replace(TOLL, counts="US customers"),
    ],
)
def test_a_number_that_was_sent_of_the_same_thing_is_known(again):
    assert was_counted(again, SENT)


@pytest.mark.parametrize(
    "other",
    [
        replace(TOLL, value="143.5 million"),
        replace(TOLL, value="143"),
        replace(TOLL, counts="dollars set aside for fines"),
    ],
)
def test_another_number_or_the_same_one_of_another_thing_is_news(other):
    assert not was_counted(other, SENT)
