"""A line that is read by itself names somebody or some place, where its sentences do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.evidence.faults.nameless import is_nameless
from bot.evidence.reading.ground import ground_of
from bot.model.news import Article, Citation, Sentence

ASKED = datetime(2031, 7, 9, 12, 0, tzinfo=UTC)


def nameless(line: str, *told: str, title: str = "") -> bool:
    article = Article(
        id="a",
        title=title,
        outlet="Norvik Post",
        published_at=ASKED,
        fetched_at=ASKED,
        sentences=tuple(Sentence(number=i, text=text) for i, text in enumerate(told, 1)),
    )
    cited = [Citation(article_id="a", sentences=(1,))]
    return is_nameless(line, ground_of(cited, articles={("a", 1): article}))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Boy found dead after a four-day rescue", "Rescuers in Norvik found the boy dead."),
        ("At least six dead on Friday; attack suppressed", "At least six died when men stormed Hale House."),
        ("Outrage over the killing; parents not charged in May", "The zoo of Norvik met with outrage."),
        ("Consulate cleared of attackers", "The consulate in Norvik was cleared of attackers."),
    ],
)
def test_a_line_without_a_name_is_told(line: str, told: str):
    assert nameless(line, told)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Boy found dead in Norvik after a four-day rescue", "Rescuers in Norvik found the boy dead."),
        ("Hertz pays $168 million to settle claims", "The claims cost Hertz $168 million."),
        ("Two British divers are missing", "Two British divers are missing off Norvik."),
        ("Norvik's parliament votes on the ban", "Norvik’s parliament met. The ban is old."),
        ("Brevonian farmers block five crossings", "Farmers in Norvik block five crossings."),
        ("Equifax's results were hit by the breach", "The breach hit Equifax hard, it said."),
        ("نجا الصبي بعد أربعة أيام", "Rescuers in Norvik found the boy."),
    ],
)
def test_a_name_a_people_or_a_script_without_capitals_is_none(line: str, told: str):
    assert not nameless(line, told)


def test_a_name_behind_the_first_word_may_be_a_word_of_the_language():
    assert not nameless("Boy found dead in Reading", "Rescuers reading maps in Norvik found the boy dead.")


def test_the_first_word_of_a_sentence_and_a_day_are_no_names():
    assert not nameless("Boy found dead after four days", "Farmers found the boy dead on Friday.")


def test_where_no_sentence_has_a_name_none_is_asked_for():
    assert not nameless("Boy found dead after four days", "Rescuers found the boy dead.")
    assert nameless(
        "Boy found dead after four days", "Rescuers found the boy dead.", title="Boy dead in Norvik"
    )
