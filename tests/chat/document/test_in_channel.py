"""What stands in the channel: a minute's reading, the most important first; the rest is in the thread."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.chat.discord.render.message import render as discord
from bot.chat.document.in_channel import CHANNEL_WORDS, words_of
from bot.chat.document.outline import outlines
from bot.chat.slack.render.message import render as slack
from bot.model.message import Line, Message, Part, StoryBlock
from tests.readers.discord import read_message as read_discord
from tests.readers.slack import read_message as read_slack

PADDING = "and the people of the valley told reporters that they had seen nothing like it in all their years"


def fact(text, importance=2, *, padding=True):
    return Line(text=f"{text} {PADDING}" if padding else text, importance=importance)


def story(name, *facts, **changes):
    made = StoryBlock(
        story_id=name,
        headline=Line(text=f"Headline of {name}"),
        chip="under way",
        status=(Line(text=f"Where {name} stands on this morning", label="Status"),),
        bullets=facts,
    )
    return replace(made, **changes)


def message(*stories, **changes):
    made = Message(
        title="Morning",
        dateline="Monday 3 March 2025, 07:30 UTC",
        parts=(Part(title="New", stories=stories),),
    )
    return replace(made, **changes)


def text_of(outline):
    """Return the channel's text, and the thread's."""
    channel = [row for block in outline.channel for row in block.rows]
    thread = [row for group in outline.thread for block in group for row in block.rows]
    return tuple(
        "\n".join("".join(run.text for run in row.runs) for row in rows) for rows in (channel, thread)
    )


def first(given):
    return next(iter(outlines(given)))


def last(given):
    *_, shortest = outlines(given)
    return shortest


def test_a_standard_briefing_is_read_in_a_minute_and_tells_where_each_story_stands():
    stories = [
        story(f"s{n}", *(fact(f"Fact {n}{i} was reported,") for i in "abcde"), actors=(Line(text="", lead="Vo Ny (mayor)"),))
        for n in range(7)
    ]  # fmt: skip
    outline = first(message(*stories))
    assert words_of(row for block in outline.channel for row in block.rows) <= CHANNEL_WORDS
    channel, thread = text_of(outline)
    for n in range(7):
        assert f"Headline of s{n}" in channel
        assert f"Where s{n} stands" in channel
        assert all((f"Fact {n}{i}" in channel) != (f"Fact {n}{i}" in thread) for i in "abcde")


def test_of_one_story_at_most_three_facts_stand_in_the_channel():
    channel, thread = text_of(
        first(message(story("s", *(fact(f"Fact {i}.", padding=False) for i in "abcde"))))
    )
    assert [i for i in "abcde" if f"Fact {i}" in channel] == list("abc")
    assert [i for i in "abcde" if f"Fact {i}" in thread] == list("de")


def test_a_key_fact_of_the_last_story_stays_where_details_of_the_first_are_cut():
    stories = [story(f"s{n}", *(fact(f"Detail {n}{i},", 1) for i in "abc")) for n in range(6)]
    stories.append(story("end", fact("The key fact,", 3)))
    channel, _ = text_of(first(message(*stories)))
    assert "The key fact" in channel
    assert "Detail 5c" not in channel


def test_a_detail_is_not_shown_where_the_fact_before_it_was_cut():
    long = fact(" ".join(["The mayor spoke at length", *[PADDING] * 20]), 2)
    channel, thread = text_of(first(message(story("s", long, fact("It rained.", 1, padding=False)))))
    assert "It rained" not in channel
    assert "It rained" in thread


def test_the_line_that_a_status_replaces_is_never_cut_where_the_state_does_not_show_the_change():
    status = (Line(text="Nine were missing", label="Was"), Line(text="All are found", label="Now"))
    changed = story("s", fact("A boat found them,"), status=status, changed=True, known=True)
    assert "Nine were missing" in text_of(last(message(changed)))[0]
    moved = replace(changed, chip="unfolding → recovery")
    channel, thread = text_of(last(message(moved)))
    assert ("unfolding → recovery" in channel, "Nine were missing" in thread) == (True, True)
    assert "Nine were missing" in text_of(first(message(moved)))[0]


def test_what_is_new_of_a_known_story_is_never_cut():
    known = story("s", fact("The new fact,"), fact("Another,"), known=True)
    channel, _ = text_of(last(message(known)))
    assert "The new fact" in channel
    assert "Another" not in channel


def test_what_the_status_says_already_is_cut_before_what_it_does_not_say():
    status = (Line(text="The council closed the bridge of Ovre on Monday for repairs", label="Status"),)
    again = "On Monday the council closed the bridge of Ovre for repairs."
    stories = [
        story(f"s{n}", fact(again, padding=False), fact(f"Lorries of firm {n} take the road by Tarn,"), status=status)
        for n in range(6)
    ]  # fmt: skip
    channel, thread = text_of(first(message(*stories)))
    assert "Lorries of firm 0" in channel
    assert again in thread


def test_who_is_named_by_a_fact_is_not_named_again():
    actors = (Line(text="", lead="Farida Nazar (water minister)"), Line(text="", lead="Pavel Doru"))
    told = story("s", fact("Water minister Farida Nazar left.", padding=False), actors=actors)
    channel, _ = text_of(first(message(told)))
    assert "Who: Pavel Doru" in channel
    assert channel.count("Nazar") == 1


def test_lists_are_cut_before_key_facts_and_say_how_much_is_shown():
    stories = [story(f"s{n}", fact(f"Key fact {n},", 3)) for n in range(7)]
    lines = tuple(Line(text=f"Unchanged {n} {PADDING}") for n in range(6))
    unchanged = Part(title="Unchanged (6)", lines=lines, weight=0.9)
    given = message(*stories)
    channel, thread = text_of(first(replace(given, parts=(*given.parts, unchanged))))
    assert "Key fact 6" in channel
    assert "Unchanged (6)" in channel
    assert "Unchanged 5" in thread
    alone, _ = text_of(first(message(parts=(unchanged,))))
    assert "Unchanged (6) · 3/6" in alone


@pytest.mark.parametrize(("render", "read"), [(slack, read_slack), (discord, read_discord)])
def test_what_a_briefing_rests_on_is_its_last_line(render, read):
    given = message(story("s", fact("A fact.")), coverage="4 of 4 feeds read · 12 articles")
    text = read(json.loads(render(given)[0])).text
    assert text.splitlines()[-1].endswith("4 of 4 feeds read · 12 articles")


def test_a_list_shows_its_first_line_or_says_that_it_shows_none():
    stories = [story(f"s{n}", fact(f"Useful {n},"), fact(f"More {n},")) for n in range(5)]
    watch = Part(title="Watch today", lines=(Line(text="The court sits."), Line(text=PADDING)), weight=2.2)
    given = message(*stories)
    given = replace(given, parts=(*given.parts, watch))
    assert "The court sits." in text_of(first(given))[0]
    channel, thread = text_of(last(given))
    assert "Watch today · 0/2" in channel
    assert "The court sits." in thread
