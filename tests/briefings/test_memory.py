"""What names a thing in a channel's memory: who was sent it is not sent it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.briefings.memory import ChannelMemory, disagreement_id, figure_id, was_announced, was_shown
from bot.model.briefing import SentStory
from bot.model.news import Citation
from bot.model.story import Announcement, Claim, Disagreement, Figure

AT = datetime(2031, 7, 9, tzinfo=UTC)
CITED = Citation(article_id="a", sentences=(1,))


def test_another_number_count_or_claimant_is_another_figure():
    toll = Figure(value="12", counts="dockers killed", claimant="police", as_of=AT, citation=CITED)
    others = [replace(toll, value="13"), replace(toll, counts="dockers hurt"), replace(toll, claimant="")]
    assert len({figure_id(one) for one in (toll, *others)}) == 4


def test_sides_in_nearly_the_same_words_were_shown():
    sides = (
        Claim(by="police", text="The bomb killed 12 dockers in the port of Norvik.", citation=CITED),
        Claim(by="union", text="The bomb killed 19 dockers in the port of Norvik.", citation=CITED),
    )
    one = Disagreement(issue="How many?", claims=sides)
    again = replace(
        one, claims=(sides[0], replace(sides[1], text=sides[1].text.replace("The bomb", "A bomb")))
    )
    moved = replace(one, claims=(sides[0], replace(sides[1], text="The union counts nobody any more.")))
    told = ChannelMemory(facts=frozenset({disagreement_id(one)}))
    assert was_shown(one, told)
    assert was_shown(again, told)
    assert not was_shown(moved, told)


def test_what_was_announced_for_a_day_is_announced_once_in_whatever_words():
    vote = Announcement(
        what="The council votes on the ferry budget",
        due=AT.date(),
        when="on Wednesday",
        citation=CITED,
        as_of=AT,
    )
    story = SentStory(story_id="s", sent_at=AT, expectations=(vote,))
    told = ChannelMemory(story=story)
    assert was_announced(replace(vote, what="Vote of the council on the ferry budget"), told)
    assert not was_announced(replace(vote, due=AT.date().replace(day=20)), told)
    assert not was_announced(vote, ChannelMemory())
