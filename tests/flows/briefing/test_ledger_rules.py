"""What a story remembers over several mornings: older news, kinds, one site's word, and what was forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.config import BriefingSettings
from bot.errors import ModelError
from bot.flows.briefing.brief import brief_channel
from bot.flows.briefing.session import ModelSession
from bot.flows.maintenance.evaluate import keep
from bot.model.record_key import fence_of
from bot.model.scope import SHARED, Scope, Visibility
from bot.model.update import Phase
from tests.flows.ferry import ARTICLES, KINDS, MONDAY, OFFERED, WANTED, Answers, article, fact, reply

pytestmark = pytest.mark.slow
NOON = MONDAY + timedelta(hours=4)
CHANNEL = "slack:T1/C1"
C2 = Scope(workspace="T1", channel="slack:T1/C2", visibility=Visibility.CHANNEL)
GIVEN = Scope(workspace="T1", channel="slack:T1/C3", visibility=Visibility.WORKSPACE)
EMPTY = {"text": "", "cite": []}
DOWN = ModelError("The model is down", reason="down")


async def morning(store, model, *articles, days=0, channel=CHANNEL, scope=SHARED):
    """Let ``articles`` come before noon of a day, and return its briefing."""
    at = NOON + timedelta(days=days)
    if articles:
        await keep(articles, store=store, at=at)
    return await brief_channel(
        store=store,
        channel=channel,
        scope=scope,
        settings=BriefingSettings(window_hours=96),
        now=at,
        session=ModelSession(model=model, kinds=KINDS, fence=fence_of),
    )


def only(*facts, **fields):
    return reply(
        **({"headline": EMPTY, "status": EMPTY, "facts": list(facts), "actors": [], "questions": []} | fields)
    )


@pytest.mark.one_engine
async def test_rule_5_an_older_article_that_comes_late_adds_facts_and_leaves_headline_and_status(store):
    said = "Ferry crews of Orsund Line announced wage talks in Brekk for Monday. They had asked for talks since January."
    late = article("art-9", said, hours=-30)
    told = reply(
        headline={"text": "Ferry crews announce wage talks", "cite": [1]},
        phase="expected",
        status={"text": "Ferry crews announced wage talks for Monday", "said_by": "", "day": "", "cite": [1]},
        change="phase",
        facts=[fact("Ferry crews of Orsund Line had asked for talks since January.", 2)],
        actors=[],
        questions=[],
    )
    model = Answers(reply(), told)
    (first,) = (await morning(store, model, *ARTICLES)).stories
    late = replace(late, fetched_at=NOON + timedelta(hours=20))
    briefing = await morning(store, model, late, days=1)
    (story,) = briefing.stories
    assert [b.text for b in story.bullets] == [told["facts"][0]["text"]]
    assert (story.headline.text, story.status.line) == (first.headline.text, first.status.line)
    assert (story.status.phase, story.previous_status) == (Phase.UNDER_WAY.value, None)


DEMANDS = {
    "second": "The crews brought 12 lists of demands to the meeting of Orsund Line.",
    "third": "A nurse treated four tired captains of Orsund Line beside the hall.",
    "fourth": "Hundreds of islanders waited for ferries of Orsund Line in the rain.",
}


@pytest.mark.one_engine
async def test_rule_16_one_update_that_names_another_kind_changes_neither_kind_nor_status(store):
    def came(word, day):
        said = (
            f"Ferry crews of Orsund Line met for talks on pay in Brekk for the {word} time. {DEMANDS[word]}"
        )
        return article(f"art-{word}", said, hours=24 * day - 1)

    def met(word, kind):
        line = f"Ferry crews met for talks on pay for the {word} time"
        status = {"text": line, "said_by": "", "day": "", "cite": [1]}
        return only(fact(DEMANDS[word], 2), kind=kind, status=status, change="state")

    model = Answers(
        reply(), met("second", "negotiation"), met("third", "accident"), met("fourth", "accident")
    )
    (first,) = (await morning(store, model, *ARTICLES)).stories
    told = [first]
    for day, word in enumerate(DEMANDS, 1):
        told += (await morning(store, model, came(word, day), days=day)).stories
    assert [story.status.kind for story in told] == ["negotiation", "negotiation", "negotiation", "accident"]
    assert [story.previous_status for story in told] == [None] * 4


@pytest.mark.one_engine
async def test_rule_6_one_site_that_says_on_two_days_that_it_is_over_ends_nothing_and_a_second_site_does(
    store,
):
    ends = {
        "second": "The wage talks of the ferry crews in Brekk have ended",
        "third": "Talks on pay of the Orsund Line crews are over after long hours",
        "fourth": "Orsund Line and its crews have closed the negotiations on pay in Brekk",
    }

    def ended(word):
        status = {"text": ends[word], "said_by": "", "day": "", "cite": [1]}
        return only(fact(DEMANDS[word], 2), phase="over", status=status)

    model = Answers(reply(), *map(ended, DEMANDS))
    await morning(store, model, *ARTICLES)
    phases = []
    for day, (word, site) in enumerate(zip(DEMANDS, ("a.example", "a.example", "b.example"), strict=True), 1):
        one = article(f"art-{word}", f"{ends[word]}. {DEMANDS[word]}", hours=24 * day, site=site)
        (story,) = (await morning(store, model, one, days=day)).stories
        phases.append(story.status.phase)
    assert phases == ["aftermath", "aftermath", "over"]


async def test_rule_14_what_was_read_with_a_forgotten_article_is_read_again_and_quoted_until_then(store):
    canary = "zyzzogeton"
    given = article(
        "given", f"Crews of Orsund Line call the ferry talks in Brekk {canary}.", hours=2, scope=GIVEN
    )

    def answers(request):
        material = request.user.partition("New articles:")[2]
        return (
            only(fact(f"The ferry talks in Brekk are called {canary}.", 1)) if canary in material else reply()
        )

    model = Answers(answers)
    first = await morning(store, model, *ARTICLES, given, channel=C2.channel, scope=C2)
    assert canary in str(first)
    await store.forget(channel=GIVEN.channel)
    model.requests.clear()
    told = await morning(
        store, Answers(DOWN), days=1, channel="slack:T1/C8", scope=replace(C2, channel="slack:T1/C8")
    )
    assert canary not in str(told)
    (story,) = told.stories
    assert [b.text for b in story.bullets] == [
        WANTED["text"],
        OFFERED["text"],
    ]  # shared articles were read without it
    assert canary not in str([request.user for request in model.requests])
