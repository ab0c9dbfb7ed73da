"""What an update told goes with the sentences it rests on, and nothing of it is lost or in two places."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.model.briefing import SentStory, Statement, Writer
from bot.model.news import Citation
from bot.model.scope import SHARED, Scope, Visibility
from bot.model.update import ChangeKind, Fact, Phase, StatusLine, StoryUpdate, UpdateActor
from bot.store.briefings.edit_sent import joined, kept_with, split
from bot.store.edits.divide_update import divided

pytestmark = pytest.mark.slow

NOW = datetime(2031, 3, 10, tzinfo=UTC)
HERE = Scope(workspace="T1", channel="c", visibility=Visibility.CHANNEL)


def at(*articles):
    return tuple(Citation(article_id=one, sentences=(1,)) for one in articles)


def fact(name, *articles):
    return Fact(id=name, text=name, citations=at(*articles))


def update(**more):
    return StoryUpdate(
        id="upd-1", story_id="sto-1", articles=(("a", 1), ("b", 1)), as_of=NOW, made_at=NOW, written_by=Writer.MODEL,
        kind="crime", state="charged", state_citations=at("b"), phase=Phase.DECIDED, change=next(iter(ChangeKind)),
        headline=Statement(text="h", citations=at("a")),
        status=StatusLine(text="s", as_of=date(2031, 3, 10), citations=at("b", "a")),
        facts=(fact("of a", "a"), fact("of b", "b"), fact("of both", "b", "a")),
        actors=(UpdateActor(name="A", citations=at("a")),), questions=("why?",), **more,
    )  # fmt: skip


def test_each_field_goes_with_the_first_sentence_it_rests_on():
    stays, goes = divided(update(), {"b"}, into="sto-2")
    assert [f.id for f in stays.facts] == ["of a"]
    assert [f.id for f in goes.facts] == ["of b", "of both"]
    assert (stays.headline.text, goes.headline) == ("h", None)
    assert (stays.status, stays.phase, stays.change, stays.state) == (None, None, None, "")
    assert (goes.status.text, goes.phase, goes.state) == ("s", Phase.DECIDED, "charged")
    assert ([a.name for a in stays.actors], goes.actors) == (["A"], ())
    assert (stays.articles, goes.articles) == ((("a", 1),), (("b", 1),))
    assert (stays.id, stays.story_id, goes.story_id) == ("upd-1", "sto-1", "sto-2")
    assert goes.id not in {"upd-1", divided(update(), {"b"}, into="sto-3")[1].id}


@pytest.mark.parametrize(("moved", "kept", "gone"), [({"x"}, True, False), ({"a", "b"}, False, True)])
def test_an_update_of_one_side_is_not_divided(moved, kept, gone):
    stays, goes = divided(update(), moved, into="sto-2")
    assert (stays is not None, goes is not None) == (kept, gone)
    assert (stays or goes).facts == update().facts


def sent(story, hours, **more):
    return SentStory(story_id=story, sent_at=NOW.replace(hour=hours), **more)


def test_all_that_was_sent_of_merged_stories_counts_and_the_newest_headline_holds():
    older = sent("b", 1, statements=("of b", "of both"), facts=("f-b",), headline="old", by=HERE)
    newer = sent("a", 2, statements=("of a", "of both"), facts=("f-a",), sentences=at("a"), headline="new")
    for some in ((older, newer), (newer, older)):
        one = joined(some, story_id="a")
        assert (one.headline, one.sent_at, one.by) == ("new", newer.sent_at, HERE)
        assert (one.statements, one.facts) == (("of b", "of both", "of a"), ("f-b", "f-a"))


def test_a_briefing_that_knew_less_takes_nothing_away():
    before, now = sent("a", 1, statements=("one", "two"), facts=("f",)), sent("a", 2, statements=("three",))
    assert kept_with(now, before).statements == ("one", "two", "three")
    assert kept_with(now, before).facts == ("f",)


def test_after_a_split_all_counts_for_both_and_what_says_again_what_was_sent_too():
    whole = sent(
        "a", 1, statements=("x",), facts=("f",), sentences=at("b"), headline="h", headline_citations=at("b")
    )
    stays, goes = split(whole, {"b"}, into="n", facts=["again"], was_sent=False)
    assert stays.facts == goes.facts == ("f", "again")
    assert (stays.story_id, stays.headline, goes.story_id, goes.headline) == ("a", "", "n", "h")
    assert split(sent("a", 1, statements=("x",)), {"b"}, into="n", was_sent=False)[1] is None
    assert split(sent("a", 1, statements=("x",), by=SHARED), {"b"}, into="n", was_sent=True)[
        1
    ].statements == ("x",)
