"""A correction reaches its statement wherever it stands in a briefing, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.briefings.amend import amend, repair, statements
from bot.briefings.assemble import BelowStories, assemble
from bot.model.briefing import Coverage, SentStory, StoryAnnouncement
from tests.servers.written import MONDAY, article
from tests.support.told import told_by_rules

LATER = MONDAY + timedelta(hours=3)


@pytest.fixture
def briefing():
    one = article(
        "Talks on a harbour wage deal ended on Monday with no breakthrough, union leader Anna Berg said. "
        "About 3,400 dockers struck for two days. "
        "“We will not sign this,” Anna Berg told reporters. "
        "The port authority said the talks will resume on Friday. "
        "Ferry lines to the islands ran as planned on Monday."
    )
    story = told_by_rules([one], today=MONDAY.date())
    watch = tuple(StoryAnnouncement(story_id="sto-1", headline="Talks", expectation=e) for e in story.next)
    return assemble(
        (story,),
        title="Morning",
        channel="c",
        made_at=MONDAY,
        coverage=Coverage(until=MONDAY),
        articles={(one.id, one.revision): one},
        below=BelowStories(watch=watch),
    )


def words(briefing):
    return {stated.text for stated in statements(briefing).values()}


def test_every_kind_of_line_can_be_named(briefing):
    (story,) = briefing.stories
    lines = {story.headline.text, story.status.line, story.bullets[0].text, story.next[0].what}
    lines |= {actor.position for actor in story.actors if actor.position}
    lines |= {f"{figure.value} {figure.counts}" for figure in story.figures}
    assert lines <= words(briefing)


def test_each_statement_can_be_replaced_and_only_it_changes(briefing):
    for stated in statements(briefing).values():
        after = amend(briefing, stated, now="Something else was so.", reason="why", at=LATER)
        assert stated.text not in words(after)
        assert words(after) - {"Something else was so.", " Something else was so."} == words(briefing) - {
            stated.text
        }
        assert after.corrections[0].was == stated.text


def test_each_statement_can_be_dropped_a_headline_with_its_story(briefing):
    for stated in statements(briefing).values():
        after = amend(briefing, stated, now="", reason="why", at=LATER)
        assert stated.text not in words(after)
        heads = stated.text == briefing.stories[0].headline.text
        assert len(after.stories) == (0 if heads else 1)


def test_the_same_words_of_another_story_stay(briefing):
    (story,) = briefing.stories
    two = replace(briefing, stories=(story, replace(story, story_id="sto-2")), watch=())
    stated = next(iter(statements(two).values()))
    after = amend(two, stated, now="Another headline", reason="why", at=LATER)
    assert [s.headline.text for s in after.stories] == ["Another headline", story.headline.text]


def test_what_was_told_is_mended_everywhere_or_forgotten(briefing):
    (story,) = briefing.stories
    sent = SentStory(
        story_id="sto-1",
        sent_at=MONDAY,
        status=story.status,
        headline=story.headline.text,
        headline_citations=story.headline.citations,
        statements=(story.headline.text, story.status.line, story.next[0].what),
        expectations=story.next,
    )
    line = repair(sent, was=story.status.line, now="It is over.")
    assert (line.status.line, line.statements[1]) == ("It is over.", "It is over.")
    gone = repair(sent, was=story.next[0].what, now="")
    assert gone.expectations == story.next[1:]
    assert story.next[0].what not in gone.statements
    assert repair(sent, was="never said", now="x") == sent
