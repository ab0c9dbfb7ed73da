"""Archives of any size, made by rule of the golden events' sentences and of invented names, written straight into the tables.

    golden sentences, names cut out ──▶ five at random, four names of the story's own ──▶ one article a story

Words follow a long-tailed distribution: a few names are in thousands of stories, most in a handful. Every archive holds the
same news of the last day; the rest of its stories lie in the year before.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

from bot.language.sentences.split import split_sentences
from bot.language.stems import stems
from bot.language.words import content_terms, words
from bot.model.ids import derive_id

GOLDEN = Path(__file__).parents[2] / "tests" / "golden" / "events"
NAMES = 300_000  # there are, of which a story has four
SENTENCES = 5  # of an article of the archive
STORY_NAMES = 4
TITLE_WEIGHT, SENTENCE_WEIGHT = 5.0, 1.5  # of a term each time it is there
NEWS_OF_THE_DAY = 200  # stories of the last day, the same in every archive
YEAR = timedelta(days=350)
_NAME = re.compile(r"\b[A-Z][a-zäöü]{3,}\b")
_MARKS = ("Zzqa", "Zzqb", "Zzqc", "Zzqd")
_ONSETS = "b c d f g h j k l m n p r s t v w z br dr gr kr pl st tr sk".split()
_VOWELS = "a e i o u ai ei ou".split()
_CODAS = "k l m n r t d p rk lm nt rt nd x".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A sentence with marks for names, and what clustering and full text see of it, all made once."""

    text: Blank
    weights: dict[str, float]  # of its terms without the names
    marks: dict[int, float]  # the weight of each name in it
    stems: Blank
    words: int
    head: Blank  # of a title
    head_weights: dict[str, float]
    head_marks: dict[int, float]
    head_stems: Blank
    titled: int  # stems of the head


@dataclass(frozen=True, slots=True)
class Blank:
    """A text with places for names."""

    text: str
    places: tuple[int, ...]

    def filled(self, names: Sequence[str]) -> str:
        """Return the text with ``names`` in their places."""
        text = self.text
        for place in self.places:
            text = text.replace(_MARKS[place], names[place])
        return text


@dataclass(frozen=True, kw_only=True)
class Written:
    """A made-up article: what its sentences are made of, and the names in them."""

    number: int
    names: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    published_at: datetime

    @cached_property
    def title(self) -> str:
        """Its headline, which two of the names begin."""
        return f"{self.names[0]} and {self.names[1]}: {self.patterns[0].head.filled(self.names)}"

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Its sentences."""
        return tuple([pattern.text.filled(self.names) for pattern in self.patterns])

    @cached_property
    def terms(self) -> dict[str, float]:
        """The weights of its terms, before any document frequency."""
        terms = [_term(name) for name in self.names]
        first = self.patterns[0]
        found = dict(first.head_weights)
        for term in terms[:2]:
            found[term] = found.get(term, 0.0) + TITLE_WEIGHT
        marks = [first.head_marks, *[pattern.marks for pattern in self.patterns]]
        for pattern in self.patterns:
            for term, weight in pattern.weights.items():
                found[term] = found.get(term, 0.0) + weight
        for place, weight in [item for one in marks for item in one.items()]:
            found[terms[place]] = found.get(terms[place], 0.0) + weight
        return {term: math.sqrt(weight) for term, weight in found.items()}

    @cached_property
    def words(self) -> int:
        """How many words its sentences have."""
        return sum([pattern.words for pattern in self.patterns])

    @cached_property
    def title_stems(self) -> str:
        """The stems of its headline, with a blank between."""
        names = [_stem(name) for name in self.names]
        return " ".join([names[0], *_and(), names[1], self.patterns[0].head_stems.filled(names)]).rstrip()

    @cached_property
    def sentence_stems(self) -> tuple[str, ...]:
        """The stems of each sentence, with a blank between."""
        names = [_stem(name) for name in self.names]
        return tuple([pattern.stems.filled(names) for pattern in self.patterns])

    @cached_property
    def titled(self) -> int:
        """How many stems its headline has."""
        return 2 + len(_and()) + self.patterns[0].titled

    @cached_property
    def url(self) -> str:
        """Its address."""
        return f"https://news{self.number % 40}.example/{self.number}"

    @cached_property
    def article_id(self) -> str:
        """Its id in the tables."""
        return derive_id("art", self.url)

    @cached_property
    def story_id(self) -> str:
        """The id of the story that it founds."""
        return derive_id("sto", self.article_id)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes article ``number`` of an archive of ``size`` stories, and what follows it; the same for the same number."""

    size: int
    now: datetime

    def first(self, number: int) -> Written:
        """Return the article that founds the story ``number``; the first ones are the news of the day."""
        chance = random.Random(number)
        if number < NEWS_OF_THE_DAY:
            at = self.now - timedelta(hours=2 + 21 * number / NEWS_OF_THE_DAY)
        else:
            at = self.now - timedelta(days=2) - YEAR * ((number - NEWS_OF_THE_DAY) / self.size)
        names = _names(chance)
        return self._write(number, names, self._some(chance, SENTENCES), at)

    def later(self, number: int, *, key: int) -> Written:
        """Return an article that tells on of the story ``number``: three of its sentences, and new ones."""
        chance = random.Random(number)
        names = _names(chance)
        told = self._some(chance, SENTENCES)
        new = self._some(random.Random(-key), 4)
        return self._write(10_000_000 + key, names, [*told[:3], *new], self.now - timedelta(minutes=key % 50))

    def fresh(self, key: int) -> Written:
        """Return an article of a new story."""
        chance = random.Random(20_000_000 + key)
        some = self._some(chance, 7)
        return self._write(20_000_000 + key, _names(chance), some, self.now - timedelta(minutes=key % 50))

    @staticmethod
    def _some(chance: random.Random, count: int) -> list[Pattern]:
        return [_patterns()[chance.randrange(len(_patterns()))] for _ in range(count)]

    @staticmethod
    def _write(number: int, names: Sequence[str], some: Sequence[Pattern], at: datetime) -> Written:
        return Written(number=number, names=tuple(names), patterns=tuple(some), published_at=at)


def archive(size: int, *, now: datetime) -> Iterator[Written]:
    """Yield the articles of an archive of ``size`` stories, the oldest first."""
    writer = Writer(size=size, now=now)
    for number in reversed(range(size)):
        yield writer.first(number)


@cache
def _and() -> tuple[str, ...]:
    return tuple(stems("and"))


def _names(chance: random.Random) -> list[str]:
    """Return the names of a story: the n-th name is in so many stories as 1 / n says."""
    return [_name(int(NAMES ** chance.random())) for _ in range(STORY_NAMES)]


@cache
def _name(rank: int) -> str:
    chance = random.Random(rank)
    one = "".join(
        chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in range(2 + rank % 2)
    )
    return one.capitalize()


@cache
def _term(name: str) -> str:
    return content_terms(name)[0]


@cache
def _stem(name: str) -> str:
    return stems(name)[0]


@cache
def _patterns() -> list[Pattern]:
    return [
        _pattern(_marked(sentence.text))
        for path in sorted(GOLDEN.glob("*/articles.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        for sentence in split_sentences(json.loads(line)["text"], language="en")
        if 50 <= len(sentence.text) <= 260
    ]


def _pattern(text: str) -> Pattern:
    head = text[:60].rsplit(" ", 1)[0]
    weights, marks = _weights(text, SENTENCE_WEIGHT)
    head_weights, head_marks = _weights(head, TITLE_WEIGHT)
    head_stems = stems(head)
    return Pattern(
        text=_blank(text),
        weights=weights,
        marks=marks,
        stems=_stem_blank(stems(text)),
        words=len(words(text)),
        head=_blank(head),
        head_weights=head_weights,
        head_marks=head_marks,
        head_stems=_stem_blank(head_stems),
        titled=len(head_stems),
    )


def _weights(text: str, each: float) -> tuple[dict[str, float], dict[int, float]]:
    """Return the weights of the terms of ``text``, and of the names in it by their places."""
    counted = Counter(content_terms(text))
    places = {_term(mark): place for place, mark in enumerate(_MARKS)}
    return (
        {term: each * n for term, n in counted.items() if term not in places},
        {places[term]: each * n for term, n in counted.items() if term in places},
    )


def _blank(text: str) -> Blank:
    return Blank(text, tuple(place for place, mark in enumerate(_MARKS) if mark in text))


def _stem_blank(said: Sequence[str]) -> Blank:
    marks = {_stem(mark): mark for mark in _MARKS}
    return _blank(" ".join(marks.get(stem, stem) for stem in said))


def _marked(text: str) -> str:
    """Return ``text`` with marks in the place of the names in it."""
    known: dict[str, str] = {}

    def mark(match: re.Match[str]) -> str:
        if match.start() == 0:
            return match.group()
        return known.setdefault(match.group(), _MARKS[len(known) % STORY_NAMES])

    return _NAME.sub(mark, text)
