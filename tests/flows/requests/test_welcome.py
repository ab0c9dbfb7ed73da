"""First contact: one message on an invitation, and from every state of a channel a button that leads on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model.chat import State
from bot.model.news import Feed
from bot.model.scope import SHARED
from bot.model.talk import Asker, Verb
from tests.flows.requests.subscribing.test_subscriptions import subscribed
from tests.flows.talk import ADMIN, GUEST, MEMBER, NEWS, pressed

pytestmark = pytest.mark.slow
NOBODY = Asker(id="")


async def buttons(talk, asker=ADMIN, verb=Verb.START):
    return [action.verb for action in (await talk.ask(verb, asker=asker)).message.actions]


async def no_feeds(talk):
    for feed in await talk.app.store.feeds.all():
        await talk.app.store.feeds.remove(feed.id)


async def test_an_invitation_is_answered_once_and_openly_with_what_it_does_and_how_to_begin(talk):
    said = await talk.ask(Verb.INVITED, asker=NOBODY, id="told")
    await talk.ask(Verb.INVITED, asker=NOBODY, id="told", said=said)
    assert [a.verb for a in said.message.actions] == [Verb.SUBSCRIBE, Verb.EXAMPLE]
    assert not said.private
    assert len(said.text.split()) < 90


async def test_the_button_of_the_welcome_opens_the_form_for_admins_and_tells_others_who_may(talk):
    said = await talk.ask(Verb.SUBSCRIBE, asker=ADMIN)
    assert said.forms
    for asker in (MEMBER, GUEST):
        refused = await talk.ask(Verb.SUBSCRIBE, asker=asker)
        assert "Only admins can do that" in refused.text
        assert refused.private


async def test_an_example_is_of_todays_news_where_there_is_any_and_else_made_up_and_says_so(talk):
    shown = await talk.ask(Verb.EXAMPLE)
    assert shown.private
    assert shown.message.sources
    talk.later(days=40)
    made_up = await talk.ask(Verb.EXAMPLE)
    assert "This story is made up." in made_up.text
    assert pressed(made_up.message, Verb.SUBSCRIBE) == ""


async def test_without_feeds_the_next_step_is_a_form_for_one(talk):
    await no_feeds(talk)
    said = await talk.ask(Verb.START, asker=ADMIN)
    assert "No feed is read here yet" in said.text
    opened = await talk.ask(Verb.FEEDS, subject=pressed(said.message, Verb.FEEDS), asker=ADMIN)
    (form,) = opened.forms
    address = f"{talk.news.at('continental')}/continental.rdf"
    added = await talk.ask(
        form.verb, subject=form.subject, asker=ADMIN, values={form.fields[0].name: address}
    )
    assert "“Continental Wire”" in added.text
    assert len(await talk.app.store.feeds.all(by=NEWS.scope)) == 1
    refused = await talk.ask(Verb.FEEDS, subject="add", asker=MEMBER)
    assert "Only admins" in refused.text
    assert not refused.forms


async def test_without_a_briefing_an_admin_is_led_to_the_form_and_a_member_to_an_admin(talk):
    assert await buttons(talk) == [Verb.SUBSCRIBE, Verb.NOW, Verb.EXAMPLE]
    said = await talk.ask(Verb.START)
    assert "An admin can set one up." in said.text
    assert Verb.SUBSCRIBE not in [a.verb for a in said.message.actions]


async def test_a_paused_briefing_leads_to_resuming_it(talk):
    await subscribed(talk)
    await talk.ask(Verb.PAUSE, asker=ADMIN)
    said = await talk.ask(Verb.START, asker=ADMIN)
    assert "is paused: by hand, Ada." in said.text
    await talk.ask(Verb.RESUME, subject=pressed(said.message, Verb.RESUME), asker=ADMIN)
    assert "Next briefing: " in (await talk.ask(Verb.START, asker=ADMIN)).text


async def test_what_keeps_the_bot_from_posting_is_named_with_what_to_do(talk):
    talk.chat.obstacles = ("I may not post here: allow Send Messages",)
    said = await talk.ask(Verb.START)
    assert "Nothing can be posted here yet. I may not post here: allow Send Messages" in said.text
    assert await buttons(talk) == [Verb.START, Verb.NOW, Verb.STATUS]


async def test_a_briefing_that_did_not_arrive_is_named_and_can_be_sent(talk):
    await subscribed(talk)
    (delivery,) = await talk.app.store.deliveries.recent(5)
    await talk.app.store.deliveries.reopen(replace(delivery, state=State.UNCERTAIN, reason="no answer"))
    said = await talk.ask(Verb.START, asker=ADMIN)
    assert "The last briefing did not arrive: " in said.text
    assert "delivery uncertain: no answer" in said.text
    assert Verb.TEST in [a.verb for a in said.message.actions]


@pytest.mark.parametrize("verb", [Verb.START, Verb.HOME])
async def test_where_all_is_well_the_next_briefing_is_named_and_questions_are_offered(talk, verb):
    await subscribed(talk)
    said = await talk.ask(verb)
    assert "Next briefing: Mon 7 July 08:00" in said.text
    assert [a.verb for a in said.message.actions][:3] == [Verb.ASK, Verb.NOW, Verb.CATCHUP]


async def test_the_home_page_leads_on_from_every_state(talk):
    assert (await buttons(talk, verb=Verb.HOME))[0] is Verb.SUBSCRIBE
    await subscribed(talk)
    talk.chat.obstacles = ("I may not post here: allow Send Messages",)
    blocked = (await talk.ask(Verb.HOME, asker=ADMIN)).text
    assert "Not every briefing can be posted: see “To do” below." in blocked
    assert "4 feeds read.\nTo do  I may not post here: allow Send Messages" in blocked
    talk.chat.obstacles = ()
    (delivery,) = await talk.app.store.deliveries.recent(5)
    await talk.app.store.deliveries.reopen(replace(delivery, state=State.UNCERTAIN, reason="no answer"))
    assert (await buttons(talk, verb=Verb.HOME))[0] is Verb.TEST
    await talk.ask(Verb.PAUSE, asker=ADMIN)
    paused = (await talk.ask(Verb.HOME, asker=ADMIN)).message.actions
    assert [action.verb for action in paused if action.style == "primary"] == [Verb.RESUME]
    await no_feeds(talk)
    assert (await buttons(talk, verb=Verb.HOME))[0] is Verb.FEEDS


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "de",
            (
                "In diesem Kanal ist noch kein Briefing geplant.",
                "Briefing einrichten",
                "Das können nur Admins",
            ),
        ),
        ("fr-FR", ("Aucun briefing n'est encore prévu", "Créer un briefing", "Seuls les admins")),
        ("es-419", ("Aún no hay ningún resumen programado", "Crear un resumen", "Solo los admins")),
        ("ja", ("No briefing is scheduled in this channel yet.", "Set up a briefing", "Only admins")),
    ],
)
async def test_replies_forms_and_refusals_are_in_the_language_of_who_asks(talk, language, says):
    step, button, refusal = says
    admin = replace(ADMIN, language=language)
    said = await talk.ask(Verb.START, asker=admin)
    assert step in said.text
    assert button in said.text
    assert refusal in (await talk.ask(Verb.SUBSCRIBE, asker=replace(MEMBER, language=language))).text
    form = (await talk.ask(Verb.SUBSCRIBE, asker=admin)).forms[0]
    wrong = {"channel": NEWS.name, "times": "daily 08:00", "feeds": "fee-gone"}
    taken = await talk.ask(form.verb, asker=admin, values=wrong)
    english = "One of these is not read here any more." in taken.text
    assert english is (language == "ja")


async def test_a_long_private_answer_comes_page_by_page_to_who_asked(talk):
    await talk.app.store.feeds.add(
        [
            Feed(id=f"fee-{n}", url=f"https://n{n}.example/feed", title=f"Paper {n:03}", scope=scope)
            for n, scope in enumerate([SHARED, NEWS.scope] * 40)
        ]
    )
    said = await talk.ask(Verb.FEEDS)
    assert said.private
    shown = [said.message]
    while more := [a for a in shown[-1].actions if a.verb is Verb.MORE]:
        assert not (await talk.ask(Verb.MORE, subject=more[0].subject, asker=ADMIN)).message.parts
        shown.append((await talk.ask(Verb.MORE, subject=more[0].subject)).message)
    assert len(shown) == 2
    lines = [line.lead for message in shown for part in message.parts for line in part.lines]
    assert len(set(lines)) == len(lines) > 70
