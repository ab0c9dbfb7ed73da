"""An article that a reader finds to be about another event leaves its story and is told in one of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.config import BriefingSettings
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.edit_stories import merge_stories, split_story
from bot.flows.maintenance.evaluate import keep
from bot.model.record_key import fence_of
from bot.model.scope import SHARED
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, Answers, article, fact, reply

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
CRANE = (
    "Two workers were killed when a harbour crane collapsed on the quay of Velmar on Monday. "
    "Labour inspectors sealed the crane of Velmar and took its brakes away. "
    "The dockers of Velmar stopped work until the funeral of the two workers."
)
AGAIN = (
    "A harbour crane collapsed on the quay of Velmar on Monday and killed two workers. "
    "Inspectors took the brakes of the crane of Velmar. Dockers of Velmar mourn the two workers."
)
TOLD = reply(
    headline={"text": "Harbour crane kills two workers in Velmar", "cite": [1]},
    kind="accident",
    status={"text": "Harbour crane kills two workers on quay of Velmar", "said_by": "", "day": "", "cite": [1]},
    facts=[fact("Labour inspectors sealed the crane of Velmar and took its brakes away.", 2, importance=3)],
    actors=[],
    questions=[],
)  # fmt: skip


async def morning(store, model, *, days=0):
    return await brief_channel(
        store=store,
        channel="slack:T1/C1",
        scope=SHARED,
        settings=BriefingSettings(window_hours=24),
        now=NOON + timedelta(days=days),
        session=ModelSession(model=model, kinds=KINDS, fence=fence_of),
    )


async def wrongly_together(store):
    """Keep two stories as the one that clustering might have made of them; return its id."""
    crane = article("art-crane", CRANE, hours=3, title="Crane collapses in Velmar")
    await keep([*ARTICLES, crane], store=store, at=NOON)
    of = await store.stories.of_articles(["art-0", "art-crane"])
    await merge_stories([of["art-0"], of["art-crane"]], store=store, now=NOON)
    return of["art-0"]


async def test_rule_11_an_article_about_another_event_opens_a_story_and_is_told_there(store):
    story = await wrongly_together(store)
    first = await morning(store, Answers(reply(elsewhere=[7, 8, 9])))
    assert [s.headline.text for s in first.stories] == ["Ferry crews and Orsund Line open wage talks"]
    placed = await store.stories.of_articles(["art-0", "art-1", "art-crane"])
    assert placed["art-0"] == placed["art-1"] == story != placed["art-crane"]
    second = await morning(store, Answers(TOLD), days=1)
    assert [s.headline.text for s in second.stories] == ["Harbour crane kills two workers in Velmar"]
    assert (await morning(store, Answers(TOLD), days=2)).stories == ()


@pytest.mark.one_engine
async def test_rule_11_it_joins_the_story_that_is_near(store):
    story = await wrongly_together(store)
    near = article("art-near", AGAIN, hours=3.5, title="Crane collapse in Velmar kills two")
    await keep([near], store=store, at=NOON)
    await split_story(story, ["art-near"], store=store, now=NOON)
    await morning(store, Answers(lambda r: reply(elsewhere=[7, 8, 9]) if "Orsund" in r.user else TOLD))
    placed = await store.stories.of_articles(["art-0", "art-crane", "art-near"])
    assert placed["art-crane"] == placed["art-near"] != placed["art-0"]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("fields", "moved"),
    [
        ({"elsewhere": [7, 8]}, False),  # one sentence of it is of the story
        ({"elsewhere": [1, 2, 3]}, False),  # code does not agree
        ({"elsewhere": [7, 8, 9], "roundups": ["C"]}, False),  # of many events
        ({"elsewhere": list(range(1, 10))}, True),  # of what a model would all move, only that
    ],
)
async def test_rule_11_only_what_code_agrees_to_and_what_is_of_one_other_event_leaves(store, fields, moved):
    story = await wrongly_together(store)
    await morning(store, Answers(reply(**fields)))
    placed = await store.stories.of_articles(["art-0", "art-1", "art-crane"])
    assert placed["art-0"] == placed["art-1"] == story
    assert (placed["art-crane"] != story) is moved
