"""Whatever a sentence is, it is read without an error and in time that grows with its length: outside text goes through all of this in the loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import furniture, intents, numbers, position_change, similarity, stems, words
from bot.language.cleaning import links
from bot.language.dates import find as dates
from bot.language.entities import names
from bot.language.sentences import clauses, modality, quotations, self_contained
from bot.language.sentences.split import split_sentences
from tests.support.hostile import TEXTS

MONDAY = datetime(2031, 3, 10, 15, 0, tzinfo=UTC)
SHORT = 250  # characters
LEAST = 0.001  # seconds of computing: less is not measured

READERS: dict[str, Callable[[str], object]] = {
    "sentences": split_sentences,
    "dates": lambda text: dates.find_dates(text, published=MONDAY, utc_offset=0),
    "numbers": numbers.find_numbers,
    "names": names.find_names,
    "clauses": lambda text: (clauses.attributed(text), list(clauses.parts(text)), clauses.lead_free(text), clauses.finite(text)),
    "marks": modality.find_marks,
    "quotations": quotations.quotations,
    "similarity": lambda text: (similarity.similarity(text, text[::-1]), similarity.figures(text), similarity.is_restated(text, [text[:40]])),
    "position": lambda text: (position_change.position(text), position_change.changed_position(text, text[::-1], who=text[:20])),
    "self_contained": lambda text: (self_contained.is_statement(text), self_contained.is_furniture(text), self_contained.points_back(text)),
    "furniture": lambda text: (furniture.clean_paragraphs([text, *text.splitlines()]), furniture.is_cut(text)),
    "words": lambda text: (words.content_terms(text), words.fold(text)),
    "stems": stems.stems,
    "intents": intents.read_intent,
    "links": lambda text: (links.links_in(text, most=5), links.link_target(text), links.safe_link(text)),
}  # fmt: skip

# What patterns that go back and forth choke on, once repeated.
UNITS = (
    "a", " ", "A ", "Mr. ", "A. ", "1", "1,", "1 ", "1.", "-", "–", '"', "“", "'", "’s ", "(", "()", "[", "\\", "of the ", "and ",
    "Anna ", "Anna Berg, ", "said ", "said that ", "not ", "no, ", "on Monday ", "3 May ", "3 May 2031, ", "may ", "12:30 ", "5 p.m. ",
    "$1 ", "1/2 ", "one hundred ", "million ", "percent ", "http://a.b/ ", "www.", "@a", "<a", "日", "é", "e\u0301", "\u200b", "🙂", "�", "ß",
    "II ", "the U.S. ", "according to ", "who, which, ", "; ", ": ", "... ", "?! ", "-a-", "a-1 ", "O’Neil ",
)  # fmt: skip


@pytest.mark.parametrize("name", READERS)
@given(
    st.one_of(st.text(max_size=300), st.lists(st.sampled_from((*UNITS, *TEXTS)), max_size=30).map("".join))
)
def test_any_text_is_read_without_an_error(name, text):
    READERS[name](text)


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_no_text_takes_out_of_all_proportion(name):
    """Eight times the text may take eight times as long; only what grows by twenty times that is a fault."""
    read = READERS[name]
    read("Anna Berg said on Monday that 3 of 5 ships had left.")  # what is built at the first use
    grown = {}
    for unit in UNITS:
        for tail in ("", "x", "."):
            short, long = ((unit * 8 * SHORT)[:length] + tail for length in (SHORT, 8 * SHORT))
            took = quickest(read, long, enough=20 * 8 * LEAST)
            if took > 20 * 8 * LEAST and took > 20 * 8 * quickest(read, short, enough=LEAST):
                grown[unit + tail] = "grows"
    assert grown == {}


def quickest(read: Callable[[str], object], text: str, *, enough: float) -> float:
    """Return the seconds of computing that the quickest of some readings takes; one of ``enough`` is the last."""
    took = []
    for _ in range(3):
        begun = time.thread_time()
        read(text)
        took.append(time.thread_time() - begun)
        if took[-1] <= enough:
            break
    return min(took)


LONG_WORDS = (
    "y" * 985 + "eed",
    "y" * 5000,
    "é" * 12_000,
    "e" * 12_000,
    "ye" * 5000,
    "ation" * 2000,
    "n't" * 4000,
    "日" * 5000,
    "ies" * 4000,
    "'" + "s" * 9000,
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "language", ["en", "de", "fr", "es", "it", "pt", "nl", "ru", "ar", "pl", "uk", "ja", ""]
)
@pytest.mark.parametrize("word", LONG_WORDS)
def test_no_word_however_long_reaches_a_stemmer_whole(word, language, monkeypatch):
    longest = [0]
    light, several = words._light_stem, words._english_stems

    def counted(printed, *, inner):
        longest[0] = max(longest[0], *map(len, printed if isinstance(printed, list) else [printed]))
        return inner(printed)

    monkeypatch.setattr(words, "_light_stem", partial(counted, inner=light))
    monkeypatch.setattr(words, "_english_stems", partial(counted, inner=several))
    words.content_terms(f"A {word} came, {word}s went.", language=language or "en")
    words.stem(word)
    stems.stems(f"A {word} came.", language=language or "en")
    assert longest[0] <= words.MAX_WORD_CHARS
    assert all(
        len(term) <= words.MAX_WORD_CHARS for term in words.content_terms(word, language=language or "en")
    )
    assert all(len(stem) <= stems.MAX_STEM_CHARS for stem in stems.stems(word, language=language or "en"))


def test_no_name_is_longer_than_a_name_can_be():
    for text in ("Anna " * 5000, "A" * 5000, "A-" * 2500, "Anna of the " * 900, "Al-" * 3000 + "Anna"):
        assert all(len(name.text) <= names.MAX_ENTITY_NAME_CHARS for name in names.find_names(text))
