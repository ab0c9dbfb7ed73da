"""The dispatcher: every request acts once and in its turn, and every failure is told in one sentence."""

from __future__ import annotations

import asyncio

import pytest

from bot.config import Limits
from bot.errors import PostRefused
from bot.flows.requests import dispatch
from bot.model.talk import Request, Verb
from tests.flows.talk import ADMIN, MEMBER, NEWS, OTHER, Said, recorded_world

pytestmark = pytest.mark.slow


async def test_a_request_told_twice_acts_once(talk):
    first = await talk.ask(Verb.HELP, id="same")
    again = await talk.ask(Verb.HELP, id="same")
    assert len(first.replies) == 1
    assert not again.replies


async def test_the_form_of_a_question_sent_in_twice_is_answered_once_and_anothers_is_another(talk):
    async def send(**what):
        return await talk.ask(
            Verb.ASK, values={"question": "What happened in Gaza?"}, subject="bri-1", **what
        )

    said = await asyncio.gather(send(), send(), send(asker=ADMIN))
    private = [one for one in said if one.private]
    assert len(private) == 1
    assert "This question was sent in a moment ago; it is answered once." in private[0].text
    talk.later(minutes=1)
    assert not (await send()).private


@pytest.mark.parametrize(
    "question", ["Co się stało w Gazie?", "ガザで何が起きましたか", "Что произошло в Газе?"]
)
async def test_a_question_in_a_language_without_rules_is_told_so_to_its_asker_alone(talk, question):
    said = await talk.ask(Verb.SAID, question)
    assert said.private
    assert "I read questions in English, German, French and Spanish." in said.text
    assert not (await talk.ask(Verb.SAID, question, addressed=False, thread="t1")).replies


async def test_a_request_told_again_to_another_process_acts_once(talk):
    await talk.ask(Verb.HELP, id="same")
    other = talk.app.request_dispatcher(chats={"talk": talk.chat}, wake=talk.wake)
    said = Said()
    await other.handle(Request(id="same", verb=Verb.HELP, asker=MEMBER, channel=NEWS), said)
    assert not said.replies


async def test_too_many_requests_of_one_person_are_told_when_to_come_again(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, limits=Limits(user_per_minute=2)) as world:
        for _ in range(2):
            assert "What you can ask" in (await world.ask(Verb.HELP)).text
        assert "ask again in 30 seconds" in (await world.ask(Verb.HELP)).text
        world.later(seconds=30)
        assert "What you can ask" in (await world.ask(Verb.HELP)).text


async def test_the_requests_of_a_day_are_bounded_for_a_workspace(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, limits=Limits(workspace_per_day=1)) as world:
        await world.ask(Verb.HELP)
        assert "ask again in 19 hours" in (await world.ask(Verb.HELP, channel=OTHER)).text


async def test_what_cannot_wait_is_shed_with_one_sentence(mornings, tmp_path):
    limits = Limits(concurrency=1, waiting=1)
    async with recorded_world(mornings, tmp_path, limits=limits) as world:
        begun, go_on = asyncio.Event(), asyncio.Event()

        class Slow(Said):
            async def reply(self, message, *, private=False):
                begun.set()
                await go_on.wait()
                return await Said.reply(self, message, private=private)

        at_work = asyncio.create_task(world.ask(Verb.HELP, said=Slow()))
        await begun.wait()
        waiting = asyncio.create_task(world.ask(Verb.HELP))
        await asyncio.sleep(0)
        shed = await world.ask(Verb.HELP)
        assert "Too many requests at once: ask again in " in shed.text
        assert shed.private
        assert "Help" in shed.text
        go_on.set()
        for task in (at_work, waiting):
            assert "What you can ask" in (await task).text


async def test_a_failure_inside_is_told_by_an_id_that_stands_in_the_log(talk, monkeypatch, capsys):
    async def broken(_question, *, emit):
        raise RuntimeError("secret inside")

    talk.dispatcher.services = talk.dispatcher.services.__class__(
        **{name: getattr(talk.dispatcher.services, name) for name in talk.dispatcher.services.__slots__}
        | {"ask": broken}
    )
    said = await talk.ask(Verb.ASK, "What happened?")
    name = said.text.split("as ")[-1].rstrip(".\n")
    assert name.startswith("err-")
    assert "secret" not in said.text
    assert said.private
    assert name in capsys.readouterr().err


async def test_an_answer_that_the_platform_does_not_take_is_not_sent_again(talk):
    said = await talk.ask(Verb.HELP, said=Said(fails=PostRefused("It is too late", reason="expired")))
    assert not said.replies


async def test_where_nothing_may_be_said_the_asker_alone_and_the_admins_are_told_why(talk):
    class Muzzled(Said):
        async def reply(self, message, *, private=False):
            if not private:
                raise PostRefused("Send Messages is missing", reason="r", hint="Allow it", gone=True)
            return await Said.reply(self, message, private=private)

    for _ in range(2):
        said = await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?", said=Muzzled())
        assert "Send Messages is missing. Allow it." in said.text
        assert "Answer" in said.text
    (notice,) = await talk.app.store.notices.recent(5)
    assert "could not be answered there: Send Messages is missing. Allow it" in notice.text


async def test_a_form_that_does_not_open_is_told_to_the_asker(talk):
    class Late(Said):
        async def open(self, form):
            raise PostRefused("The form came too late", reason="expired_trigger_id", hint="Try again")

    said = await talk.ask(Verb.SUBSCRIBE, asker=ADMIN, said=Late())
    assert "The form came too late. Try again." in said.text
    assert said.private


async def test_the_home_page_is_not_replaced_by_a_limit(mornings, tmp_path):
    async with recorded_world(mornings, tmp_path, limits=Limits(user_per_minute=1)) as world:
        assert (await world.ask(Verb.HOME)).replies
        assert not (await world.ask(Verb.HOME)).replies


async def test_people_who_talk_to_each_other_are_left_alone(talk):
    for where in ({"thread": "m7"}, {}):
        said = await talk.ask(Verb.SAID, "What do you think?", addressed=False, **where)
        assert not said.replies


async def test_what_is_asked_is_cleaned_before_anything_looks_at_it(talk, monkeypatch):
    seen = []

    async def noted(context):
        seen.append(context.request)

    monkeypatch.setitem(dispatch.HANDLERS, Verb.STORY, noted)
    await talk.ask(Verb.STORY, "half \ud83d NUL\x00 \u202eback", values={"a": "\x07b"}, id="r\x001")
    (request,) = seen
    assert (request.words, request.values, request.id) == ("half  NUL back", {"a": " b"}, "r1")


async def test_what_is_only_pressed_takes_nothing_from_the_questions_of_a_minute_or_a_day(mornings, tmp_path):
    limits = Limits(user_per_minute=2, workspace_per_day=2)
    async with recorded_world(mornings, tmp_path, limits=limits) as world:
        for _ in range(2):
            await world.ask(Verb.LIST, pressed=True)
        assert "ask again in" in (await world.ask(Verb.LIST, pressed=True)).text
        for _ in range(2):
            assert "ask again in" not in (await world.ask(Verb.ASK, "What happened in Gaza?")).text
        world.later(minutes=2)
        assert "used up" in (await world.ask(Verb.NOW, pressed=True)).text  # that asks for a briefing
