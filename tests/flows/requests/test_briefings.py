"""Requests about briefings: one of this moment, the sentences behind one, reports, and an editor's decision."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.briefings.amend import statements
from bot.model.chat import State
from bot.model.talk import Verb
from tests.flows.talk import ADMIN, GUEST, MEMBER, NEWS, OTHER, Said, elsewhere, pressed, text_of

pytestmark = pytest.mark.slow


async def test_a_briefing_of_this_moment_is_for_the_asker_and_tells_the_channel_nothing(talk):
    said = await talk.ask(Verb.NOW)
    assert said.private
    assert said.message.parts[0].title == "New"
    assert not await talk.app.store.briefings.sent_stories(NEWS.name)
    again = await talk.ask(Verb.NOW)
    assert [text_of(replace(m.message, actions=())) for m in (again,)] == [
        text_of(replace(said.message, actions=()))
    ]


async def test_a_briefing_of_this_moment_is_about_what_the_channel_subscribed(talk):
    await talk.subscribe(words=["velmora"])
    said = await talk.ask(Verb.NOW)
    (headline,) = (story.headline.text for part in said.message.parts for story in part.stories)
    assert "Velmora" in headline


async def test_a_page_that_was_pasted_into_the_channel_is_no_news_to_it(talk):
    await talk.own_news("The glass harbour of Quillon was closed on Monday.", channel=NEWS, feed="")
    await talk.subscribe()
    briefing = await talk.deliver()
    assert briefing.stories
    assert "Quillon" not in str(briefing)


async def test_posted_for_all_it_is_a_delivery_like_any_other(talk):
    await talk.subscribe()
    refused = await talk.ask(Verb.NOW, "all")
    assert "Only admins" in refused.text
    said = await talk.ask(Verb.NOW, "all", asker=ADMIN)
    assert "on its way" in said.text
    assert talk.woken == 1
    await talk.deliver()
    assert len(talk.chat.posted) >= 1
    assert await talk.app.store.briefings.sent_stories(NEWS.name)


async def test_the_exact_sentences_are_shown_to_who_pressed(talk):
    await talk.subscribe()
    briefing = await talk.deliver()
    said = await talk.ask(Verb.CITED, subject=briefing.id)
    assert said.private
    assert f"“{briefing.sources[0].sentences[0].text}”" in said.text
    assert briefing.sources[0].outlet in said.message.parts[0].title
    assert "Europe/Berlin" in said.message.parts[0].title


async def test_the_sentences_of_an_answer_and_of_a_link_are_shown_too(talk):
    answer = await talk.ask(Verb.ASK, "Where do the Gaza truce talks take place?")
    said = await talk.ask(Verb.CITED, subject=pressed(answer.message, Verb.ASK))
    assert answer.message.sources[0].sentences[0].text in said.text


@pytest.mark.parametrize("channel", [OTHER, elsewhere(NEWS)])
@pytest.mark.parametrize("verb", [Verb.CITED, Verb.DETAILS, Verb.USEFUL])
async def test_a_button_shows_nothing_of_another_channel(talk, verb, channel):
    await talk.subscribe()
    briefing = await talk.deliver()
    said = await talk.ask(verb, subject=briefing.id, channel=channel)
    assert "not kept any more" in said.text
    assert briefing.stories[0].headline.text not in said.text


async def test_details_show_everything_a_briefing_holds(talk):
    await talk.subscribe()
    briefing = await talk.deliver()
    said = await talk.ask(Verb.DETAILS, subject=briefing.id)
    assert said.private
    assert all(story.headline.text.split(" on ")[0] in said.text for story in briefing.stories)


async def test_a_report_is_tied_to_the_statement_and_told_to_the_admins(talk):
    await talk.subscribe()
    briefing = await talk.deliver()
    opened = await talk.ask(Verb.WRONG, subject=briefing.id)
    (form,) = opened.forms
    assert not opened.replies
    key, label = form.fields[0].options[1]
    stated = statements(briefing)[key]
    assert stated.label.startswith(label.rstrip("…"))
    said = await talk.ask(
        Verb.WRONG, subject=form.subject, values={"statement": key, "what": "It was on Tuesday."}
    )
    assert said.private
    (report,) = await talk.app.store.readers.reports(limit=10)
    assert (report.statement, report.text, report.briefing_id) == (
        stated.label,
        "It was on Tuesday.",
        briefing.id,
    )
    (notice,) = await talk.app.store.notices.unsent()
    assert stated.label in notice.text
    assert f"wirebrief correct {briefing.id}" in notice.text


async def test_a_report_on_what_only_a_channel_may_read_is_told_without_its_words(talk):
    await talk.own_news("The glass harbour of Quillon was closed on Monday, the port said.", channel=NEWS)
    await talk.subscribe()
    briefing = await talk.deliver()
    key = next(key for key, s in statements(briefing).items() if "Quillon" in s.text)
    await talk.ask(Verb.WRONG, subject=briefing.id, values={"statement": key, "what": "It was open."})
    (notice,) = await talk.app.store.notices.unsent()
    assert briefing.id in notice.text
    assert not {"Quillon", "open", MEMBER.name} & set(notice.text.split())


async def test_useful_is_counted_once_a_reader(talk):
    await talk.subscribe()
    briefing = await talk.deliver()
    for _ in range(2):
        await talk.ask(Verb.USEFUL, subject=briefing.id)
    assert len(await talk.app.store.readers.reports(limit=10, useful=True)) == 1
    await talk.ask(Verb.USEFUL, subject=briefing.id, asker=GUEST)
    assert len(await talk.app.store.readers.reports(limit=10, useful=True)) == 1


async def test_an_editor_approves_a_draft_by_its_button(talk):
    await talk.subscribe(approval=OTHER.name)
    await talk.deliver()
    (draft,) = talk.chat.posted.values()
    assert draft[0].channel == OTHER
    (delivery,) = await talk.app.store.deliveries.recent(1)
    assert "[approve Approve]" in draft[1]
    refused = await talk.ask(Verb.APPROVE, subject=delivery.id, channel=OTHER)
    assert "Only admins" in refused.text
    await talk.ask(Verb.APPROVE, subject=delivery.id, channel=OTHER, asker=ADMIN)
    await talk.deliver()
    assert (await talk.app.store.deliveries.get(delivery.id)).state is State.POSTED


@pytest.mark.parametrize(
    ("channel", "seen"), [(elsewhere(OTHER), (elsewhere(OTHER),)), (replace(OTHER, id="third"), ())]
)
async def test_a_draft_is_decided_only_where_it_can_be_seen(talk, channel, seen):
    await talk.subscribe(approval=OTHER.name)
    await talk.deliver()
    (delivery,) = await talk.app.store.deliveries.recent(1)
    said = await talk.ask(
        Verb.REJECT, subject=delivery.id, channel=channel, asker=ADMIN, said=Said(seen=seen)
    )
    assert "There is no such draft here" in said.text
    assert (await talk.app.store.deliveries.get(delivery.id)).state is State.AWAITING


async def test_of_two_editors_who_press_at_once_one_decides_and_the_other_learns_it(talk):
    await talk.subscribe(approval=OTHER.name)
    await talk.deliver()
    (delivery,) = await talk.app.store.deliveries.recent(1)
    one, two = Said(), Said()
    await asyncio.gather(
        talk.ask(Verb.APPROVE, subject=delivery.id, asker=ADMIN, channel=OTHER, said=one),
        talk.ask(Verb.REJECT, subject=delivery.id, asker=ADMIN, channel=OTHER, said=two),
    )
    decided, learnt = sorted([one.text, two.text], key=lambda text: "already" in text)
    word = "approved" if decided == one.text else "rejected"  # whoever was first
    assert f"{word.capitalize()}, it is " in decided
    assert "the briefing of Mon 7 July" in decided
    assert f"This draft was {word} already; nothing was changed." in learnt


async def test_a_briefing_of_this_moment_has_its_labels_and_times_in_the_language_and_zone_of_who_asks(talk):
    asker = replace(MEMBER, language="de", zone="America/New_York")
    said = await talk.ask(Verb.NOW, asker=asker)
    assert "Montag, 7. Juli 2025, 01:30 America/New_York" in said.text
    assert said.message.language == "de"
    assert "Folgen" in [
        action.label for part in said.message.parts for s in part.stories for action in s.menu
    ]
    details = await talk.ask(Verb.DETAILS, asker=asker, subject=pressed(said.message, Verb.DETAILS))
    assert "01:30 America/New_York" in details.text
