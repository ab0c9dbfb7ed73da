"""The questions that a briefing suggests, before they are tried."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.briefings.questions import (
    MAX_OFFERED_QUESTION_CHARS,
    NEXT,
    STANDS,
    PossibleQuestion,
    possible_questions,
)
from bot.model.briefing import Briefing, Coverage, OfferedQuestion, OtherStory, Section, Statement, StoryBrief
from bot.model.news import Citation
from bot.model.story import Actor, Corroboration, Figure, StorySupport

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
CITED = Citation(article_id="art-1", revision=1, sentences=(1,))
LONG = "Harbour union of Vantry rejects the second offer of the port and calls its members to a vote"


def story(number=1, *, headline="Harbour union rejects the offer", actors=(), figures=()):
    return StoryBrief(
        story_id=f"sto-{number}",
        headline=Statement(text=headline, citations=(CITED,)),
        actors=tuple(Actor(name=name, citation=CITED, as_of=AT) for name in actors),
        figures=tuple(Figure(value=v, counts=c, citation=CITED, as_of=AT) for v, c in figures),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
    )


def asked(*stories, language="en", more=()):
    """Return the texts of the questions that a briefing of ``stories`` suggests."""
    return [one.offered.text for one in suggested(*stories, language=language, more=more)]


def suggested(*stories, language="en", more=()):
    briefing = Briefing(
        id="bri-1",
        title="Morning briefing",
        made_at=AT,
        language=language,
        coverage=Coverage(until=AT),
        stories=stories,
        more=more,
    )
    return possible_questions(briefing)


def test_each_story_has_its_turn_with_another_kind_of_question_first():
    one = story(1, actors=("Judith Amsel",), figures=(("4,100", "nurses"),))
    two = story(2, headline="The board opens a review", actors=("Bram Oakes",))
    three = story(3, headline="The storm has killed nine", figures=(("9", "people dead"),))
    assert asked(one, two, three)[:3] == [
        "What next: Harbour union rejects the offer?",
        "What did Bram Oakes say?",
        "How many people dead?",
    ]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_long_headline_is_cut_between_words_to_what_a_button_shows(language):
    first = asked(story(headline=LONG), language=language)[0]
    assert len(first) <= MAX_OFFERED_QUESTION_CHARS
    assert "Harbour union of Vantry" in first
    assert "…" in first
    assert first.rstrip().endswith("?")


def test_a_story_that_is_only_named_is_asked_where_it_stands():
    named = OtherStory(
        story_id="sto-9",
        section=Section.NEW,
        headline=Statement(text="Port of Selin reopens", citations=(CITED,)),
    )
    (last,) = [one.offered for one in suggested(story(), more=(named,)) if one.offered.story_id == "sto-9"]
    assert (last.text, last.asks) == ("Where does it stand: Port of Selin reopens?", STANDS)


def test_what_happens_next_is_asked_in_english_of_the_story_in_every_language():
    (one,) = suggested(story(), language="de")
    assert one.offered.text == "Wie weiter: Harbour union rejects the offer?"
    assert one.offered.asks == NEXT


@pytest.mark.parametrize(
    ("value", "counts", "is_asked"),
    [
        ("19", "people dead", True),
        ("240,000", "homes", True),
        ("$900 million", "debt", False),
        ("60 million dollars", "released emergency aid", False),
        ("23", "missing", False),
        ("14", "patients of one nurse at night on average", False),
    ],
)
def test_how_many_is_asked_of_things_that_are_counted(value, counts, is_asked):
    found = asked(story(figures=((value, counts),)))
    assert (f"How many {counts}?" in found) is is_asked


def test_what_is_counted_is_asked_for_only_in_the_language_of_the_news():
    counted = story(figures=(("19", "people dead"),))
    assert len(asked(counted, language="de")) == 1


def test_what_somebody_said_is_met_by_their_own_words_first():
    offered = OfferedQuestion(story_id="sto-1", text="?", asks="?")
    possible = PossibleQuestion(offered=offered, speaker="Judith Amsel")
    own = Statement(text="Amsel said the ward was not safe.", citations=(CITED,))
    of_her = Statement(text="The minister met Judith Amsel on Monday.", citations=(CITED,))
    assert possible.is_met_by([own, of_her])
    assert not possible.is_met_by([of_her, own])
    assert not possible.is_met_by([])
