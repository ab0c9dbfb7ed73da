"""Initials that an article explains are spelled out where a briefing uses them first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.briefings.initials import MAX_SPELLED_CHARS, names_in, spelled_out
from bot.model.briefing import Statement, StoryBrief
from bot.model.news import Article, Citation, Sentence
from bot.model.story import Corroboration, StorySupport

AT = datetime(2031, 7, 9, tzinfo=UTC)
ARTICLE = Article(
    id="a",
    title="Ferries stop",
    published_at=AT,
    fetched_at=AT,
    sentences=tuple(
        Sentence(number=number, text=text)
        for number, text in enumerate(
            (
                "Ferries stopped on Monday after a call by the Norland Union of Seafarers (NUS).",
                "The Port Authority of Norvik (PAN) and the United States (US) regretted it.",
                "A fund for crews (TAX) and the Harbour Board (XYZ) were named too.",
            ),
            1,
        )
    ),
)
CITED = (Citation(article_id="a", sentences=(1,)),)


def bullets_of(*texts: str, headline: str = "Ferries stop") -> list[str]:
    brief = StoryBrief(
        story_id="s",
        headline=Statement(text=headline, citations=CITED),
        bullets=tuple(Statement(text=text, citations=CITED) for text in texts),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Norvik Post",)),
    )
    return [bullet.text for bullet in spelled_out(brief, {("a", 1): ARTICLE}).bullets]


def test_what_an_article_spells_out_is_read_with_its_initials_and_nothing_else():
    assert names_in(ARTICLE) == {
        "NUS": "Norland Union of Seafarers",
        "PAN": "Port Authority of Norvik",
        "US": "United States",
    }


def test_the_first_use_in_a_story_is_spelled_out():
    assert bullets_of("The NUS called a strike.", "An NUS speaker said the PAN knew.") == [
        "The Norland Union of Seafarers (NUS) called a strike.",
        "An NUS speaker said the Port Authority of Norvik (PAN) knew.",
    ]
    assert bullets_of("An NUS speaker agreed.") == ["A Norland Union of Seafarers (NUS) speaker agreed."]


@pytest.mark.parametrize(
    "text",
    [
        "The US regretted it.",  # every reader knows it
        "The XYZ and the ABC were named.",  # spelled out by nobody
        "“The NUS lies,” the mayor said.",
        "NUS's crews and NUS-led crews stopped.",
        "The Norland Union of Seafarers called NUS crews out.",
        "The union (NUS) called its crews out.",
    ],
)
def test_a_line_stays_where_the_name_is_known_quoted_or_told(text: str):
    assert bullets_of(text) == [text]


def test_a_line_stays_where_another_explains_them_or_it_would_be_too_long():
    assert (
        bullets_of("The Norland Union of Seafarers (NUS) agreed.", "The NUS said so.")[1]
        == "The NUS said so."
    )
    long = "The NUS agreed " + "and agreed " * (MAX_SPELLED_CHARS // 12)
    assert bullets_of(long) == [long]


def test_a_change_is_the_bullet_it_was():
    brief = StoryBrief(
        story_id="s",
        headline=Statement(text="Ferries stop", citations=CITED),
        bullets=(Statement(text="The NUS agreed.", citations=CITED),),
        corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Norvik Post",)),
    )
    made = spelled_out(replace(brief, changed=brief.bullets), {("a", 1): ARTICLE})
    assert made.changed == made.bullets
