"""Drafts that editors see first."""

from __future__ import annotations

import json

import pytest

from bot.chat.document.notices import draft_line
from bot.flows.delivery.outcomes import Step
from bot.inline import in_words
from bot.model.chat import State
from tests.flows.delivery.world import posts

pytestmark = pytest.mark.slow


@pytest.mark.one_engine
async def test_a_draft_that_cannot_be_shown_is_told_and_its_briefing_waits(world):
    await world.subscribe(approval="webhook:editors")
    world.platform.script = ["404 before"]
    (delivery,) = await world.deliver()
    assert delivery.state is State.AWAITING
    (notice,) = await world.notices()
    assert "The draft for webhook:editors may not have been posted" in in_words(notice)
    assert f"wirebrief approve {delivery.id}" in notice


@pytest.mark.one_engine
async def test_a_long_draft_goes_into_the_thread_of_its_first_part(world, monkeypatch):
    await world.subscribe(approval="webhook:small")
    for n in range(4):
        await world.news(f"The talks of round {n} on Monday ended with no breakthrough.", story=str(n))
    seen = []
    real = world.chat.post

    async def noted(post):
        seen.append((post.number, post.parent))
        return await real(post)

    monkeypatch.setattr(world.chat, "post", noted)
    await world.deliver()
    assert len(seen) > 1
    assert seen[0] == (1, "")
    assert all(parent for number, parent in seen if number > 1)


@pytest.mark.one_engine
async def test_an_editors_channel_that_asks_to_wait_for_long_holds_no_place(world):
    await world.subscribe(approval="webhook:editors")
    (key,) = await world.fire()
    world.chat._rate_limits["editors"].back_off(600.0)
    epoch = await world.begin_epoch(key)
    step = Step.GATHER
    while step != Step.DRAFT:
        step = (await world.deliverer.step(step, key, epoch)).step
    after = await world.deliverer.step(Step.DRAFT, key, epoch)
    assert (after.step, after.retry) == ("draft", True)
    assert after.wait == pytest.approx(600.0 * 1.125, rel=0.001)  # an eighth more, by this world's chance
    assert posts(world, "editors") == []
    await world.let_pass(after.wait)
    assert not (await world.deliverer.step(after.step, key, epoch)).step
    assert len(posts(world, "editors")) == 1


@pytest.mark.one_engine
async def test_a_draft_says_what_it_is_and_how_it_is_approved(world, monkeypatch):
    made = await world.subscribe(approval="webhook:editors")
    seen = []
    real = world.chat.post

    async def noted(post):
        seen.append(post.payload)
        return await real(post)

    monkeypatch.setattr(world.chat, "post", noted)
    (delivery,) = await world.deliver()
    said = draft_line(delivery.id, channel=made.channel.shown, buttons=False)
    assert in_words(said) in in_words("".join(json.loads(payload)["text"] for payload in seen))
