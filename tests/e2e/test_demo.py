"""The demo: recorded news through the whole program, and what a channel would have got."""

from __future__ import annotations

import json

import jsonschema
import pytest

from bot.codec import from_plain, to_plain
from bot.config import packaged
from bot.model.briefing import Briefing, Mode, Section, Writer
from bot.model.story import Outcome
from tests.conftest import ROOT
from tests.support.briefing_schema import briefing_schema
from tests.support.running.once import demo, read_demo

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def played():
    return demo()


def test_on_the_first_morning_everything_is_new(played):
    first = played.briefings[0]
    assert [s.section for s in first.stories] == [Section.NEW] * 3
    assert all(s.status and len(s.bullets) >= 2 and s.actors for s in first.stories)


def test_the_second_morning_says_what_changed_what_is_new_and_what_to_watch(played):
    second = played.briefings[1]
    changed = {s.headline.text: s for s in second.stories if s.section is Section.CHANGED}
    talks = next(s for text, s in changed.items() if "Gaza" in text or "Doha" in text)
    assert talks.bullets
    # Rules know no states: what is new is told, and nothing is called a change of where a story stands.
    assert all(s.previous_status is None and not (s.status and s.status.state) for s in second.stories)
    assert [s.section for s in second.stories].count(Section.NEW) == 1
    assert any("hearing" in w.expectation.what for w in second.watch)


def test_the_third_morning_is_quiet_and_says_so(played):
    third = played.briefings[2]
    assert third.mode is Mode.QUIET
    assert third.stories == ()
    assert third.coverage.articles > 0
    assert third.unchanged == ()  # no model read what came, so nobody can say that nothing changed
    assert played.messages[2].notice == (
        "Quiet: 6 new articles, and nothing in them that is new and certain."
    )


def test_the_fourth_morning_says_what_became_of_what_was_announced(played):
    outcomes = {one.expectation.what: one.expectation.outcome for one in played.briefings[3].settled}
    hearing = "The board will hold a public hearing on Tuesday in Lunden."
    assert outcomes[hearing] is Outcome.HAPPENED
    assert set(outcomes.values()) == {Outcome.HAPPENED}


def test_of_what_nobody_reported_the_third_morning_says_so(played):
    outcomes = {one.expectation.outcome for one in played.briefings[2].settled}
    assert outcomes == {Outcome.NO_REPORT}


def test_nothing_is_said_twice_over_the_mornings(played):
    bullets = [b.text for briefing in played.briefings for s in briefing.stories for b in s.bullets]
    assert len(bullets) == len(set(bullets))


def test_every_bullet_is_words_of_the_sentence_it_cites(played):
    for briefing in played.briefings:
        sources = {
            (s.article_id, s.revision): {x.number: x.text for x in s.sentences} for s in briefing.sources
        }
        for story in briefing.stories:
            for bullet in story.bullets:
                (citation,) = bullet.citations
                sentence = " ".join(
                    sources[citation.article_id, citation.revision][n] for n in citation.sentences
                )
                assert bullet.text.rstrip(".").casefold() in sentence.casefold()
                assert len(bullet.text) <= 200


def test_the_json_form_is_the_published_schema_and_reads_back(played):
    published = json.loads((ROOT / "docs" / "briefing.schema.json").read_text("utf-8"))
    assert published == json.loads(json.dumps(briefing_schema()))
    for briefing in played.briefings:
        data = json.loads(json.dumps(to_plain(briefing)))
        jsonschema.validate(data, published)
        assert from_plain(Briefing, data) == briefing


def test_the_recorded_news_is_ours_whole_and_from_several_outlets():
    folder = packaged("demo/recorded")
    pages = list((folder / "pages").rglob("*.html"))
    assert len(pages) >= 30
    assert len({page.parent.name for page in pages}) >= 3
    for day in (1, 2, 3, 4):
        for feed in (folder / f"day{day}").iterdir():
            for link in feed.read_text("utf-8").split("{{BASE}}/")[1:]:
                name = link.partition(".html")[0]
                if "/" in name and not any(c in name for c in '<>" \n'):
                    assert (folder / "pages" / f"{name}.html").is_file()


@pytest.mark.data
def test_the_recorded_news_shares_no_phrase_with_the_article_its_facts_come_from(data):
    def phrases(text):
        words = text.lower().replace("’", "'").split()
        return {" ".join(words[i : i + 8]) for i in range(len(words) - 7)}

    known = phrases((data / "articles" / "2025-07-07_gaza-talks.txt").read_text("utf-8"))
    for page in (packaged("demo/recorded") / "pages").rglob("*.html"):
        assert not phrases(page.read_text("utf-8")) & known


@pytest.fixture(scope="module")
def read():
    return read_demo()


def test_with_recorded_replies_every_story_is_told_as_a_model_read_it(read):
    stories = [story for briefing in read.briefings for story in briefing.stories]
    assert {story.writer for story in stories} == {Writer.MODEL}
    assert all(story.status and story.bullets for story in stories)
    assert [briefing.degraded for briefing in read.briefings] == [()] * 4


def test_with_recorded_replies_changes_stand_beside_what_they_replace(read):
    _, second, third, fourth = read.briefings
    moved = {
        s.status.state_or_phase: s.previous_status.state_or_phase for s in second.stories if s.previous_status
    }
    assert moved == {"stalled": "talking", "rescue": "rescue", "under way": "agreed"}
    assert third.mode is Mode.QUIET
    assert [bool(s.previous_status) for s in fourth.stories] == [True, True, False]
    became = [one.expectation.outcome for one in fourth.settled]
    assert became.count(Outcome.HAPPENED) == 4
    assert set(became) == {Outcome.HAPPENED}
    assert [one.expectation.outcome for one in third.settled] == [Outcome.NO_REPORT]


def test_with_recorded_replies_nothing_is_said_twice(read):
    bullets = [b.text for briefing in read.briefings for s in briefing.stories for b in s.bullets]
    assert len(bullets) == len(set(bullets))
