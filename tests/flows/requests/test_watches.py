"""A watch: an unanswered question is answered once, where it was asked, when news holds it, or ends once and says so."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from bot.flows.delivery.deliver import Deliverer
from bot.flows.delivery.outcomes import Step
from bot.flows.notify import notifier
from bot.model.chat import State
from bot.model.conversation.reader import ThreadTurn
from bot.model.talk import Verb
from bot.store.store import Store
from tests.contracts.slack_stage import slack_stage
from tests.flows.talk import ADMIN, MEMBER, NEWS, OTHER, Said, pressed, recorded_world

pytestmark = pytest.mark.slow
ASKED = "What happened to the glass harbour of Quillon?"
CAME = "The glass harbour of Quillon was closed on Monday after a storm, the port said."


async def watched(talk, question=ASKED, **what):
    """Ask what is not known and press the button under the answer."""
    asked = await talk.ask(Verb.SAID, question, **what)
    assert asked.private
    return await talk.ask(Verb.WATCH, subject=pressed(asked.message, Verb.WATCH), **what)


async def delivered(talk, *, killed_before=()):
    """Let watches be looked after and their deliveries be posted; a process dies before each of ``killed_before``."""
    await talk.app.check_watches({"talk": talk.chat})
    store = talk.app.store
    for epoch in range(len(killed_before) + 2):
        deliverer = Deliverer(
            store=store,
            chats={"talk": talk.chat},
            settings=talk.app.config.briefings,
            now=lambda: talk.clock[0],
            session=talk.app.session,
            notify=notifier(store=store, now=lambda: talk.clock[0]),
            count_delivery=lambda _outcome, _late: None,
        )
        for one in await store.deliveries.claim(talk.clock[0]):
            step: str = Step.GATHER
            while step and not (epoch < len(killed_before) and step == killed_before[epoch]):
                step = (await deliverer.step(step, one.id, one.epoch)).step
        talk.later(minutes=30)  # leases run out
    return list(talk.chat.posted.values())


async def test_a_watched_question_is_answered_once_cited_where_it_was_asked(talk):
    said = await watched(talk)
    assert said.private
    assert "Watching: I will answer it once" in said.text
    talk.later(hours=1)
    assert not await delivered(talk)
    await talk.own_news(CAME, channel=NEWS)
    for _ in range(2):
        ((post, text),) = await delivered(talk)
    assert post.channel == NEWS
    assert "This is known now." in text
    assert "closed on Monday" in text
    assert "asked by Mia on Monday 7 July" in text
    assert not await talk.app.store.watches.open(limit=9)


@dataclass
class Quick(Said):
    """A conversation in which the button is pressed as soon as it is there."""

    store: Store | None = None
    found: list[ThreadTurn | None] = field(default_factory=list)

    async def reply(self, message, *, private=False):
        name = await super().reply(message, private=private)
        self.found.append(await self.store.conversations.own(pressed(message, Verb.WATCH), asker=MEMBER.id))
        return name


async def test_a_question_is_kept_before_its_button_is_shown(talk):
    quick = await talk.ask(Verb.SAID, ASKED, said=Quick(store=talk.app.store))
    assert [turn.question for turn in quick.found] == [ASKED]


@pytest.mark.parametrize("step", [Step.NEXT_PART, Step.POST, Step.RECORD])
async def test_a_process_that_dies_at_any_step_posts_it_once(talk, step):
    await watched(talk)
    talk.later(hours=1)
    await talk.own_news(CAME, channel=NEWS)
    assert len(await delivered(talk, killed_before=(step, step))) == 1
    (delivery,) = await talk.app.store.deliveries.recent(9)
    assert delivery.state is State.POSTED


async def test_processes_that_look_after_it_at_once_post_it_once(talk):
    await watched(talk)
    talk.later(hours=1)
    await talk.own_news(CAME, channel=NEWS)
    ended = await asyncio.gather(*(talk.app.check_watches({"talk": talk.chat}) for _ in range(3)))
    assert sorted(ended) == [0, 0, 1]
    assert len(await delivered(talk)) == 1


async def test_a_watch_whose_story_never_comes_ends_once_and_says_so(talk):
    await watched(talk)
    talk.later(days=15)
    for _ in range(2):
        ((_, text),) = await delivered(talk)
    assert "no longer watched" in text


async def test_a_question_whose_watch_is_over_can_be_watched_again(talk):
    for number in range(1, 3):
        assert "Watching:" in (await watched(talk)).text
        talk.later(days=15)
        assert len(await delivered(talk)) == number


async def test_a_watch_ends_in_the_language_of_who_asked(talk):
    said = await watched(talk, asker=replace(MEMBER, language="de"))
    assert "Wird beobachtet: Ich beantworte sie einmal" in said.text
    talk.later(days=15)
    ((_, text),) = await delivered(talk)
    assert "Nichts, was seitdem kam, beantwortet das." in text
    assert "gefragt von Mia am Montag 7. Juli" in text


async def test_a_button_pressed_twice_is_one_watch_and_each_person_has_their_own(talk):
    asked = await talk.ask(Verb.SAID, ASKED)
    subject = pressed(asked.message, Verb.WATCH)
    said = [await talk.ask(Verb.WATCH, subject=subject, asker=who) for who in (MEMBER, MEMBER, ADMIN)]
    assert ["Already watching" in one.text for one in said] == [False, True, False]
    assert [one.asker for one in await talk.app.store.watches.open(limit=9)].count("U1") == 1


async def test_what_a_place_may_not_read_does_not_end_its_watch(talk):
    await watched(talk, channel=OTHER)
    talk.later(hours=1)
    await talk.own_news(CAME, channel=NEWS)
    assert not await delivered(talk)


async def test_a_person_presses_it_in_a_private_conversation(talk):
    asked = await talk.ask(Verb.SAID, ASKED)
    subject, direct = pressed(asked.message, Verb.WATCH), {"channel": OTHER, "direct": True}
    assert "not kept" in (await talk.ask(Verb.WATCH, subject=subject, asker=ADMIN, **direct)).text
    blind = await talk.ask(Verb.WATCH, subject=subject, said=Said(seen=()), **direct)
    assert "not kept" in blind.text
    assert "Watching:" in (await talk.ask(Verb.WATCH, subject=subject, **direct)).text
    (one,) = await talk.app.store.watches.open(limit=9)
    assert one.destination == NEWS.name


async def test_what_is_forgotten_is_not_watched_and_a_person_watches_few(talk):
    for number in range(11):
        talk.later(minutes=1)
        said = await watched(talk, f"Who painted ceiling {number} of the chapel?")
    assert "You watch 10 questions already" in said.text
    await talk.app.store.forget(channel=NEWS.name)
    talk.later(days=15)
    assert not await delivered(talk)


async def test_on_slack_the_button_under_what_only_the_asker_sees_begins_a_watch_that_is_answered(
    mornings, tmp_path
):
    async with recorded_world(mornings, tmp_path, day=1) as world, slack_stage(tmp_path) as stage:
        dispatcher = world.app.request_dispatcher(chats={"slack": stage.chat}, wake=world.wake)
        await stage.listen(dispatcher.handle)
        await stage.ask(ASKED)
        slack, members = stage.server.world, stage.members
        assert not slack.seen("C1")
        (declined,) = slack.seen("C1", user="UANNA")
        await members.press("UANNA", declined, members.button(declined, "watch"))
        await stage.chat.listener.idle()
        assert "Watching:" in str(slack.seen("C1", user="UANNA")[-1].blocks)
        assert not slack.seen("C1")
        world.later(hours=1)
        await world.own_news(CAME, channel=stage.channel)
        assert await world.app.check_watches({"slack": stage.chat}) == 1
        (one,) = await world.app.store.deliveries.claim(world.clock[0])
        deliverer = Deliverer(
            store=world.app.store,
            chats={"slack": stage.chat},
            settings=world.app.config.briefings,
            now=lambda: world.clock[0],
            session=world.app.session,
            notify=notifier(store=world.app.store, now=lambda: world.clock[0]),
            count_delivery=lambda _outcome, _late: None,
        )
        step: str = Step.GATHER
        while step:
            step = (await deliverer.step(step, one.id, one.epoch)).step
        (posted,) = slack.seen("C1")
        assert "closed on Monday" in str(posted.blocks)
        assert "asked by" in str(posted.blocks)
