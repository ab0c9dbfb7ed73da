"""What ``wirebrief show`` says of how a briefing was made."""

from __future__ import annotations

from bot.cli.news.replay import refused_lines
from bot.model.record import Checked, Verdict, Writing


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
