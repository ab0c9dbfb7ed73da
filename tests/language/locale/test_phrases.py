"""The words beside the news: whole in every language, and nothing but words."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from bot.chat.document.announced import PASSED
from bot.kinds import load_kinds
from bot.language.locale.phrases import ENGLISH, LANGUAGES, phrases
from bot.model.news import Citation
from bot.model.story import Outcome, Status, StorySupport
from bot.model.update import Phase
from tests.conftest import ROOT

AS_ANNOUNCED = {"happened, as announced", "did not happen, though announced", PASSED}
OTHERS = [language for language in LANGUAGES if language != "en"]


def texts(value):
    return (value,) if isinstance(value, str) else tuple(value)


def blanks(text):
    return sorted(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_has_the_same_blanks_in_every_language(language):
    say = phrases(language)
    for field in fields(ENGLISH):
        if field.name in {"words", "locale", "date_pattern", "short_date_pattern", "day_pattern"}:
            continue
        ours, theirs = texts(getattr(say, field.name)), texts(getattr(ENGLISH, field.name))
        assert [blanks(text) for text in ours] == [blanks(text) for text in theirs], field.name
        assert all(ours), field.name


@pytest.mark.parametrize("language", OTHERS)
def test_every_kind_state_phase_support_and_outcome_has_a_word_and_nothing_else(language):
    states = {state.name for kind in load_kinds().values() for state in kind.states}
    outcomes = {o.value for o in Outcome if o is not Outcome.NO_REPORT} | AS_ANNOUNCED
    named = (
        set(load_kinds())
        | states
        | {phase.value for phase in Phase}
        | {s.value for s in StorySupport}
        | outcomes
    )
    assert phrases(language).words.keys() == named


def test_a_state_is_shown_in_words_of_its_own_only_where_it_is_one():
    states = {state.name for kind in load_kinds().values() for state in kind.states}
    assert ENGLISH.words.keys() <= states


@pytest.mark.parametrize(
    ("language", "state", "line"),
    [
        ("en", "met", "demand met: They won"),
        ("de", "met", "Forderung erfüllt: They won"),
        ("en", "", "They won"),
    ],
)
def test_a_status_is_led_by_the_readers_word_for_its_state(language, state, line):
    at = datetime(2025, 7, 9, tzinfo=UTC)
    here = Citation(article_id="art-a", sentences=(1,))
    status = Status(kind="protest", state=state, line="They won", as_of=at, since=at, citation=here)
    assert phrases(language).status_line(status) == line


def test_days_and_numbers_are_written_as_their_readers_do():
    day = date(2025, 3, 8)
    assert ENGLISH.long_date(day) == "Saturday 8 March 2025"
    assert phrases("de-AT").long_date(day) == "Samstag, 8. März 2025"
    assert phrases("de").short_date(day) == "Sa. 8. März"
    assert phrases("fr").long_date(day) == "samedi 8 mars 2025"
    assert phrases("es").short_date(day) == "sáb 8 de marzo"
    assert phrases("de").count(1234, phrases("de").stories) == "1.234 Themen"
    assert phrases("fr").number(1234) == "1\u202f234"


@pytest.mark.parametrize("language", OTHERS)
def test_no_label_was_left_in_english(language):
    say = phrases(language)
    labels = (
        "was",
        "now",
        "who",
        "figures",
        "differ",
        "next",
        "unknown",
        "changed",
        "new",
        "watch",
        "earlier",
    )
    assert [name for name in labels if getattr(say, name) == getattr(ENGLISH, name)] == []


@pytest.mark.parametrize(
    ("language", "number", "counted"),
    [
        ("en", 0, "0 stories"),
        ("en", 1, "1 story"),
        ("de", 1, "1 Thema"),
        ("fr", 0, "0 sujet"),
        ("es", 2, "2 temas"),
    ],
)
def test_the_plural_is_that_of_the_language(language, number, counted):
    assert phrases(language).count(number, phrases(language).stories) == counted


@pytest.mark.parametrize(
    ("language", "state", "line", "word"),
    [
        ("en", "", "Council approves the toll", "decided"),
        ("en", "", "Navy fires three missiles toward the strait", "happened"),
        ("en", "", "Navy fires three missiles; council agrees to meet", "happened"),
        ("en", "won", "Navy fires three missiles toward the strait", "won"),
        ("de", "", "Navy fires three missiles toward the strait", "entschieden"),
    ],
)
def test_what_nobody_decided_happened(language, state, line, word):
    at = datetime(2031, 3, 10, tzinfo=UTC)
    cited = Citation(article_id="a", sentences=(1,))
    status = Status(kind="other", state=state, phase="decided", line=line, as_of=at, since=at, citation=cited)
    assert phrases(language).stands(status) == word


@pytest.mark.slow
def test_help_loads_neither_formats_nor_the_database():
    code = "import sys, bot.cli; sys.exit(any(name in sys.modules for name in ('babel', 'sqlalchemy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_a_language_there_is_not_is_english():
    assert phrases("tlh") is ENGLISH
