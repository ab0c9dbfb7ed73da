import pytest

from bot.model.story import StoryKind
from bot.stories.by_rules.kinds import kind_of
from tests.servers.written import article


@pytest.mark.parametrize(
    ("kind", "title", "text"),
    [
        (
            StoryKind.NEGOTIATION,
            "Ferry union and owners return to pay talks",
            "Negotiators for the ferry union met the owners on Monday. A mediator joined the round of talks. Both delegations want a compromise.",
        ),
        (
            StoryKind.CONFLICT,
            "Rebels shell border town as troops advance",
            "Artillery fire hit the town on Monday. Soldiers said the offensive had reached the front line. Militants fired missiles overnight.",
        ),
        (
            StoryKind.LEGISLATION,
            "Senate passes bill to ban single-use cups",
            "Lawmakers voted on Monday for the legislation. The upper house added two amendments. The law now goes to parliament.",
        ),
        (
            StoryKind.LEGAL,
            "Former banker convicted of fraud",
            "A jury found the banker guilty on Monday. Prosecutors asked the judge for a prison term. The trial lasted six weeks.",
        ),
        (
            StoryKind.DISASTER,
            "Earthquake of magnitude 6 hits coast",
            "Rescuers searched for survivors on Monday. The death toll rose to nine. Crews evacuated two villages after aftershocks.",
        ),
        (
            StoryKind.DEAL,
            "Nordbank agrees to acquire rival in merger",
            "The takeover values the rival at €4 billion. Shareholders will get 12 euros per share. Antitrust regulators must agree to the acquisition.",
        ),
        (
            StoryKind.ELECTION,
            "Voters go to polls in island election",
            "Polling stations opened on Sunday. Two candidates remain after the campaign. Exit polls are due at night, and turnout was high.",
        ),
        (
            StoryKind.OTHER,
            "Museum shows rare stamps",
            "The stamps were found in an attic. Visitors queued on Sunday. The show runs for a month.",
        ),
    ],
)
def test_the_words_of_a_story_tell_its_kind(kind: StoryKind, title: str, text: str) -> None:
    assert kind_of([article(text, title=title)]) is kind


def test_talks_about_a_war_are_a_negotiation() -> None:
    text = "Indirect talks on a ceasefire began on Sunday. Negotiators hope for a truce agreement. The military said air strikes killed three militants."
    assert kind_of([article(text, title="Envoys meet for ceasefire talks")]) is StoryKind.NEGOTIATION


def test_no_articles_are_of_no_kind() -> None:
    assert kind_of([]) is StoryKind.OTHER
