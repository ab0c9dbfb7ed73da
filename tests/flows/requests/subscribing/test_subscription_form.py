"""The form of a subscription: errors at their fields, nothing typed twice, edited as well as made, and at once by two people."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.chat.discord.render.form import render_form as on_discord
from bot.chat.slack.render.form import render_form as on_slack
from bot.model.chat import QuietDay
from bot.model.news import Feed
from bot.model.talk import Asker, Verb
from tests.flows.requests.subscribing.test_subscriptions import FILLED, kept
from tests.flows.talk import ADMIN, NEWS, OTHER, Said, pressed

pytestmark = pytest.mark.slow
OTHER_ADMIN = replace(ADMIN, id="U7", name="Bea")


async def send(talk, said=None, *, asker=ADMIN, subject="", **values):
    return await talk.ask(
        Verb.SUBSCRIBE, asker=asker, subject=subject, values=FILLED | values, said=said or Said()
    )


def typed(form):
    return {field.name: field.value for field in form.fields}


async def test_the_form_knows_the_channel_the_zone_and_the_language_of_who_opens_it(talk):
    asker = replace(ADMIN, zone="America/New_York", language="fr")
    said = await talk.ask(Verb.SUBSCRIBE, asker=asker, said=Said(max_fields=20))
    form = typed(said.forms[0])
    assert (form["channel"], form["times"], form["language"]) == (
        NEWS.name,
        "weekdays 07:30 America/New_York",
        "fr",
    )
    assert {"length", "quiet_day", "approval", "title"} <= set(form)


async def test_all_that_is_wrong_is_shown_at_its_fields_at_once(talk):
    said = await send(talk, Said(at_fields=True), times="whenever", channel="talk:W2/news", feeds="fee-gone")
    (errors,) = said.refused
    assert set(errors) == {"times", "channel", "feeds"}
    assert not said.replies
    assert not await kept(talk)


async def test_where_the_form_is_closed_it_opens_again_with_what_was_typed_and_what_was_wrong(talk):
    said = await send(talk, times="whenever", words="gaza")
    assert "Not saved yet: " in said.text
    assert said.private
    again = await talk.ask(Verb.EDIT, subject=pressed(said.message, Verb.EDIT), asker=ADMIN)
    (form,) = again.forms
    assert (typed(form)["times"], typed(form)["words"]) == ("whenever", "gaza")
    (times,) = [field for field in form.fields if field.name == "times"]
    assert times.error in said.text
    done = await talk.ask(
        form.verb, asker=ADMIN, subject=form.subject, values=typed(form) | {"times": "daily 06:00 UTC"}
    )
    assert "Subscribed: " in done.text
    (made,) = await kept(talk)
    # What the first page of five fields does not show was not lost either.
    assert (made.times, made.filters.words, made.quiet_day) == ("daily 06:00 UTC", ("gaza",), QuietDay.SILENT)


async def test_what_somebody_typed_is_nobody_elses(talk):
    said = await send(talk, times="whenever")
    other = await talk.ask(Verb.EDIT, subject=pressed(said.message, Verb.EDIT), asker=OTHER_ADMIN)
    assert "What was typed is not kept any more" in other.text
    assert not other.forms


async def test_a_briefing_that_would_match_nothing_is_warned_of_and_taken_when_sent_in_once_more(talk):
    said = await send(talk, Said(at_fields=True), words="zebra crossing")
    (errors,) = said.refused
    assert "stories of the last week would have matched" in errors["words"]
    assert not await kept(talk)
    await send(talk, Said(at_fields=True), words="zebra crossing")
    assert len(await kept(talk)) == 1


async def test_the_warning_has_a_button_where_the_form_is_closed(talk):
    said = await send(talk, words="zebra crossing")
    assert not await kept(talk)
    taken = await talk.ask(Verb.KEEP, subject=pressed(said.message, Verb.KEEP), asker=ADMIN)
    assert "Subscribed: " in taken.text
    assert (await kept(talk))[0].filters.words == ("zebra crossing",)


async def test_words_are_shown_with_what_they_would_have_matched_in_the_last_week(talk):
    said = await send(talk, words="gaza")
    (part,) = said.message.parts
    assert "Of the last week 1 of " in part.title
    assert "Gaza" in part.lines[0].text


async def test_while_a_form_is_filled_in_it_shows_what_would_match_whatever_the_time_is(talk):
    said = Said(max_fields=20, shows_preview=True)
    await talk.ask(
        Verb.PREVIEW, asker=ADMIN, values=FILLED | {"times": "whenever", "words": "gaza"}, said=said
    )
    (form,) = said.forms
    assert form.preview[0].startswith("Of the last week 1 of ")
    assert "Gaza" in form.preview[1]
    assert (typed(form)["times"], typed(form)["words"]) == ("whenever", "gaza")
    assert not said.replies
    assert not await kept(talk)


async def test_what_keeps_the_preview_from_being_told_stands_in_its_place(talk):
    said = Said(max_fields=20, shows_preview=True)
    await talk.ask(Verb.PREVIEW, asker=ADMIN, values=FILLED | {"feeds": "fee-gone"}, said=said)
    assert said.forms[0].preview == ("One of these is not read here any more. Choose again.",)
    nothing = Said(max_fields=20, shows_preview=True)
    await talk.ask(Verb.PREVIEW, asker=ADMIN, values=FILLED | {"words": "zebra crossing"}, said=nothing)
    assert "stories of the last week would have matched." in nothing.forms[0].preview[0]


async def test_a_change_that_was_not_taken_opens_again_as_a_change(talk):
    await send(talk)
    (made,) = await kept(talk)
    form = (await talk.ask(Verb.EDIT, subject=made.id, asker=ADMIN)).forms[0]
    refused = await talk.ask(
        form.verb, asker=ADMIN, subject=form.subject, values=typed(form) | {"times": "whenever"}
    )
    (again,) = (await talk.ask(Verb.EDIT, subject=pressed(refused.message, Verb.EDIT), asker=ADMIN)).forms
    assert (again.title, again.send) == ("Change the briefing", "Save")
    assert "channel" not in typed(again)
    assert typed(again)["times"] == "whenever"
    taken = await talk.ask(
        again.verb, asker=ADMIN, subject=again.subject, values=typed(again) | {"times": "daily 05:00 UTC"}
    )
    assert "Changed: " in taken.text
    assert [one.id for one in await kept(talk)] == [made.id]


async def test_a_change_that_would_match_nothing_is_warned_of_too(talk):
    await send(talk)
    (made,) = await kept(talk)
    form = (await talk.ask(Verb.EDIT, subject=made.id, asker=ADMIN)).forms[0]
    warned = await talk.ask(
        form.verb, asker=ADMIN, subject=form.subject, values=typed(form) | {"words": "zebra crossing"}
    )
    assert "stories of the last week would have matched" in warned.text
    assert (await kept(talk))[0].filters.words == made.filters.words
    await talk.ask(Verb.KEEP, subject=pressed(warned.message, Verb.KEEP), asker=ADMIN)
    assert (await kept(talk))[0].filters.words == ("zebra crossing",)


async def test_a_subscription_is_changed_in_the_same_form_and_what_has_no_field_stays(talk):
    made = await talk.subscribe(channel=NEWS.name, times="daily 08:00", zone="UTC", patterns=["Gaza|Cairo"])
    opened = await talk.ask(Verb.EDIT, subject=made.id, asker=ADMIN, said=Said(max_fields=20))
    (form,) = opened.forms
    assert (form.title, typed(form)["times"]) == ("Change the briefing", "daily 08:00 UTC")
    assert "channel" not in typed(form)
    changed = await talk.ask(
        form.verb,
        asker=ADMIN,
        subject=form.subject,
        values=typed(form) | {"times": "daily 09:15 UTC", "length": "long"},
    )
    assert "Changed: all feeds, only stories with /Gaza|Cairo/. Next: " in changed.text
    (now,) = await kept(talk)
    assert (now.id, now.times, now.length, now.filters.patterns) == (
        made.id,
        "daily 09:15 UTC",
        "long",
        ("Gaza|Cairo",),
    )
    assert await talk.app.store.deliveries.open() == 0


async def test_what_is_chosen_stands_in_the_form_of_each_platform_however_many_feeds_there_are(talk):
    many = [Feed(id=f"fee-{n}", url=f"https://n{n}.example/f", title=f"Paper {n:03}") for n in range(130)]
    await talk.app.store.feeds.add(many)
    made = await talk.subscribe(feeds=["fee-129"])
    (form,) = (await talk.ask(Verb.EDIT, subject=made.id, asker=ADMIN)).forms
    (listed,) = [
        b["component"] for b in on_discord(form)["components"] if b["component"]["custom_id"] == "feeds"
    ]
    assert [option["value"] for option in listed["options"] if option["default"]] == ["fee-129"]
    (element,) = [b["element"] for b in on_slack(form)["blocks"] if b.get("block_id") == "feeds"]
    assert [option["value"] for option in element["initial_options"]] == ["fee-129"]
    offered = [option for group in element["option_groups"] for option in group["options"]]
    assert len(offered) == len(await talk.app.store.feeds.all(by=NEWS.scope)) > 100


async def test_the_second_page_has_the_fields_that_the_first_has_no_room_for(talk):
    await send(talk)
    (made,) = await kept(talk)
    second = await talk.ask(Verb.EDIT, subject=f"{made.id} more", asker=ADMIN)
    (form,) = second.forms
    assert set(typed(form)) == {"language", "quiet_day", "approval", "title"}
    await talk.ask(form.verb, asker=ADMIN, subject=form.subject, values=typed(form) | {"title": "Harbour"})
    (now,) = await kept(talk)
    assert (now.title, now.times) == ("Harbour", made.when)


async def test_a_form_sent_in_twice_makes_one_briefing_and_says_so(talk):
    await send(talk)
    said = await send(talk)
    assert "This briefing already exists: weekdays 08:00 Europe/Berlin." in said.text
    assert len(await kept(talk)) == 1


async def test_of_two_people_at_once_the_second_learns_that_the_time_is_taken_and_keeps_what_was_typed(talk):
    one, two = Said(), Said()
    await asyncio.gather(
        send(talk, one, asker=ADMIN), send(talk, two, asker=OTHER_ADMIN, length="long", words="gaza")
    )
    assert len(await kept(talk)) == 1
    loser = one if "Subscribed" in two.text else two
    assert "That channel has a briefing at that time already: " in loser.text
    assert Verb.EDIT in [action.verb for action in loser.message.actions]


async def test_a_form_for_a_channel_that_is_gone_asks_for_another_and_keeps_what_was_typed(talk):
    said = await send(talk, Said(seen=(OTHER,)), words="gaza")
    assert "or it is gone" in said.text
    again = await talk.ask(Verb.EDIT, subject=pressed(said.message, Verb.EDIT), asker=ADMIN)
    assert typed(again.forms[0])["words"] == "gaza"
    assert not await kept(talk)


@pytest.mark.parametrize("at_fields", [True, False])
async def test_of_two_people_who_change_a_briefing_the_second_is_told_and_nothing_is_lost(talk, at_fields):
    await send(talk)
    (made,) = await kept(talk)
    forms = [(await talk.ask(Verb.EDIT, subject=made.id, asker=who)).forms[0] for who in (ADMIN, OTHER_ADMIN)]

    async def save(who, form, **changed):
        values = typed(form) | changed
        said = Said(at_fields=at_fields)
        return await talk.ask(form.verb, asker=who, subject=form.subject, values=values, said=said)

    sides = [(ADMIN, forms[0], {"words": "gaza"}), (OTHER_ADMIN, forms[1], {"length": "long"})]
    said = await asyncio.gather(*(save(who, form, **changed) for who, form, changed in sides))
    second = 1 if "Changed: " in said[0].text else 0  # whoever was first
    assert "Changed: " in said[1 - second].text
    told = said[second].refused[0]["times"] if at_fields else said[second].text
    assert "Somebody changed this briefing since you opened the form." in told
    (now,) = await kept(talk)
    assert (now.filters.words, now.length) == ((("gaza",), made.length) if second else ((), "long"))
    who, form, changed = sides[second]
    if at_fields:
        taken = await save(who, form, **changed)
    else:
        again = await talk.ask(Verb.EDIT, subject=pressed(said[second].message, Verb.EDIT), asker=who)
        assert typed(again.forms[0]) == typed(form) | changed
        taken = await save(who, again.forms[0])
    assert "Changed: " in taken.text
    (now,) = await kept(talk)
    assert now.length == "long" if second else now.filters.words == ("gaza",)


async def test_a_change_sent_in_twice_is_no_change_of_somebody_else(talk):
    await send(talk)
    (made,) = await kept(talk)
    form = (await talk.ask(Verb.EDIT, subject=made.id, asker=ADMIN)).forms[0]
    values = typed(form) | {"length": "long"}
    said = [await talk.ask(form.verb, asker=ADMIN, subject=form.subject, values=values) for _ in range(2)]
    assert all("Changed: " in one.text for one in said)


async def test_a_change_of_what_was_ended_meanwhile_is_one_clear_sentence(talk):
    await send(talk)
    (made,) = await kept(talk)
    form = (await talk.ask(Verb.EDIT, subject=made.id, asker=ADMIN)).forms[0]
    await talk.ask(Verb.UNSUBSCRIBE, subject=made.id, asker=ADMIN)
    said = await talk.ask(form.verb, asker=ADMIN, subject=form.subject, values=typed(form))
    assert "This briefing was ended meanwhile." in said.text
    assert not await kept(talk)


@pytest.mark.parametrize("verb", [Verb.SUBSCRIBE, Verb.EDIT, Verb.KEEP])
async def test_who_lost_the_right_since_the_form_opened_changes_nothing(talk, verb):
    said = await talk.ask(verb, asker=Asker(id="U2", name="Ada"), values=FILLED, subject="drf-x")
    assert "Only admins can do that" in said.text
    assert not await kept(talk)
