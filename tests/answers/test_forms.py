"""Forms of answers: what a sentence must hold for the kind of thing asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.asked import Measure, QuestionKind
from bot.answers.forms import brings_name, fits, tells_of_before
from tests.support.passages import article, asked
from tests.support.running.rows import each_row

PLAIN = asked("Why?")


def of_kind(kind, **more):
    return replace(PLAIN, kind=kind, **more)


def held(text, understood):
    found = fits(text, understood, article(text))
    assert isinstance(found, bool)
    return found


@each_row(
    ("question", "yes", "no"),
    [
        ("How much does it cost?", "It costs $4 million.", "It has 4 doors."),
        ("How long did it last?", "It lasted three weeks.", "It lasted until rain came."),
        ("How long did it last?", "It lasted twenty years.", "It had twenty doors."),
        ("How far is it?", "It is fifty miles away.", "It is fifty cents more."),
        ("How old is the mayor?", "The mayor, 58, resigned.", "The mayor resigned."),
        ("How fast was the car?", "The car did 180mph.", "The car spun twice."),
        ("When did it end?", "It ended on Monday.", "It ended badly."),
        ("Who leads the union?", "Judith Amsel leads it.", "It is led well."),
        ("Who will lead the union?", "Judith Amsel will lead it.", "Judith Amsel led it."),
        ("Where did it land?", "It landed in Selin.", "It landed softly."),
    ],
)
def test_what_is_asked_for_is_found_by_its_form(question, yes, no):
    assert held(yes, asked(question))
    assert not held(no, asked(question))


@each_row(
    ("measure", "yes", "no"),
    [
        (Measure.NUMBER, "It has 4 doors.", "It has doors."),
        (Measure.TIME, "It took two and a half hours.", "It took 40 boats."),
        (Measure.TIME, "It took several weeks.", "It took weeks."),
        (Measure.AGE, "A 14-year-old won.", "Team 14 won."),
        (Measure.AGE, "She turned 90.", "She turned left."),
        (Measure.LENGTH, "The bridge is 3.5 km long.", "The bridge is 3.5 years old."),
        (Measure.SPEED, "It flew at 300 miles an hour.", "It flew for 300 miles."),
        (Measure.SHARE, "About 40 percent agreed.", "About 40 agreed."),
        (Measure.SHARE, "A majority agreed.", "Many agreed."),
        (Measure.MONEY, "It costs $4 million and has 4 doors.", "It has 4 doors, of which 2 were open."),
        (Measure.MONEY, "It costs ¥5.", "It grew by 4% to 5%."),
        (Measure.MONEY, "It costs 5 million euros.", "It has 5 million readers."),
    ],
)
def test_a_figure_is_one_of_the_measure_asked_for(measure, yes, no):
    understood = of_kind(QuestionKind.FIGURE, measure=measure)
    assert held(yes, understood)
    assert not held(no, understood)


@pytest.mark.parametrize("text", ["It was built in 1998.", "It began at 14:30.", "He came 3rd."])
def test_years_times_of_day_and_ranks_are_no_numbers_of_things(text):
    assert not held(text, of_kind(QuestionKind.FIGURE, measure=Measure.NUMBER))
    assert held(f"{text} It has 4 doors.", of_kind(QuestionKind.FIGURE, measure=Measure.NUMBER))


@pytest.mark.parametrize("kind", [QuestionKind.WHEN, QuestionKind.NEXT])
def test_a_time_is_a_day_a_year_or_an_hour(kind):
    for text in ("It ended on Monday.", "It ended after the summer of 1998.", "It was over at 14:30."):
        assert held(text, of_kind(kind)), text
    for text in ("It ended badly.", "It ended with 4000 people there."):
        assert not held(text, of_kind(kind)), text


def test_a_person_is_a_name_that_is_not_of_a_place_and_not_the_questions_own():
    who = of_kind(QuestionKind.WHO, stems=("storm",), context=("amsel",))
    assert held("Ingrid Solberg spoke.", who)
    assert held("They met in Selin, where Ingrid Solberg spoke.", who)
    assert held("They say that Ingrid Solberg spoke.", who)
    for text in (
        "in Selin nobody spoke.",
        "They met in Selin.",
        "It went to Marenga.",
        "Judith Amsel spoke.",
        "It was 9 percent.",
        "They say that German voters chose.",
    ):
        assert not held(text, who), text


def test_a_place_stands_behind_a_word_for_where():
    where = of_kind(QuestionKind.WHERE)
    for text in ("It sank off Selin.", "It sank in the northern Marenga Bay."):
        assert held(text, where), text
    for text in ("Selin was calm.", "It sank in the harbour."):
        assert not held(text, where), text


@pytest.mark.parametrize("kind", [QuestionKind.OTHER, QuestionKind.STATUS, QuestionKind.CHANGED])
def test_what_has_no_form_is_held_by_any_sentence(kind):
    assert held("It ended badly.", of_kind(kind))


def test_what_is_to_come_is_answered_by_a_sentence_about_what_is_to_come():
    ahead = of_kind(QuestionKind.OTHER, text="What will the port do?")
    assert held("The port plans a new quay.", ahead)
    assert held("It’ll close.", ahead)
    assert not held("The port closed.", ahead)
    assert held("The port closed.", of_kind(QuestionKind.OTHER, text="What did the port do?"))
    assert not held("The port closed on Monday.", of_kind(QuestionKind.WHEN, text="When will it close?"))


@pytest.mark.parametrize(
    ("question", "text", "before"),
    [
        ("When was the pier built?", "It was built in 1998.", True),
        ("When was the pier built?", "It was built in 1998 and widened in 2024.", True),
        ("When was the pier built?", "It was built in 1998 and closed in 2025.", False),
        ("When was the pier built?", "It was closed in 2025.", False),
        ("When was the pier built?", "It was built by the port.", False),
        ("Was the pier built in 1998?", "It was built in 1998.", False),
    ],
)
def test_a_sentence_tells_of_before_by_years_that_nobody_asked_for(question, text, before):
    assert article(text).published_at.year == 2025
    assert tells_of_before(text, asked(question), article(text)) is before


@pytest.mark.parametrize(
    ("question", "text", "brings"),
    [
        ("Who leads the union?", "Judith Amsel leads the union.", True),
        ("Does Judith Amsel lead the union?", "Judith Amsel leads the union.", False),
        ("Does Judith Amsel lead the union?", "Judith Amsel follows Tove Lind.", True),
        ("Who leads the union?", "A French sailor leads the union.", False),
        ("Who leads the union?", "It is led by a sailor.", False),
    ],
)
def test_a_name_is_brought_by_a_sentence_whose_question_has_it_not(question, text, brings):
    assert brings_name(text, asked(question)) is brings
