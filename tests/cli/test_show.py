"""What ``wirebrief show`` says of how a briefing was made."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bot.cli.news.replay import RECORD_KEYS, refused_lines
from bot.codec import to_text
from bot.model.briefing import SentStory
from bot.model.record import Checked, Record, Verdict, Writing


def checked(text, **verdict):
    return Checked(field="facts[0]", text=text, verdict=Verdict(**verdict))


def test_what_was_refused_or_corrected_is_followed_by_why():
    writing = Writing(
        story_id="sto-a",
        writer="model",
        checked=(
            checked("A crane fell.", passed=True),
            checked("It killed 31.", passed=False, reason="number", words=("31",)),
            checked("The port closed.", passed=True, repaired=True),
        ),
    )
    assert refused_lines(writing) == [
        "    refused (number): facts[0]: It killed 31.",
        "      None of the cited sentences has “31”.",
        "    corrected: facts[0]: The port closed.",
        "      The cited sentences do not support it, but others do: these are cited now.",
    ]


def test_the_json_form_of_a_record_keeps_the_names_that_readers_know():
    at = datetime(2026, 3, 10, tzinfo=UTC)
    record = Record(
        briefing_id="brf-1",
        made_at=at,
        since=at,
        sent=(SentStory(story_id="sto-a", sent_at=at),),
        writings=(Writing(story_id="sto-a", writer="model", checked=(checked("sent_at", passed=True),)),),
    )
    shown = json.loads(to_text({"record": record}, keys=RECORD_KEYS))["record"]
    assert [one["told_at"] for one in shown["told"]] == ["2026-03-10T00:00:00Z"]
    (told,) = shown["writings"][0]["checked"]
    assert (told["fate"], told["text"]) == ("kept", "sent_at")
    assert "sent" not in shown
