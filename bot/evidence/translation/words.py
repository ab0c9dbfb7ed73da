"""The words of a language that the check of a translation needs, read once. Pure.

They are data: a language is translated from and to if it has rules ``translation``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.dates import get_day_names, get_month_names

from bot.language.rules import languages_with, load_rules
from bot.language.speech import any_of
from bot.language.words import fold

# Words of one number behind the first. Without a limit "achtzehn", one word or two, in a long row would be tried in every way.
MAX_NUMBER_WORDS = 12
MIN_PLACE_NAME_CHARS = 3  # of a country, language or city that has a name in each language
MIN_CALENDAR_NAME_CHARS = 3  # of a month or weekday
_WORTH = re.compile(r"(?:worth |scale |times |number )?(\d+)")
_NAME = "name "


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationWords:
    """What one language calls what may not change; all folded to lower case without accents."""

    numbers: Mapping[str, int]
    no_number_too: frozenset[str]
    number: re.Pattern[str]  # one or several words of numbers
    one_number: re.Pattern[str]
    number_within: re.Pattern[str]  # the beginning of a longer word: "fünfstöckig"
    months: Mapping[str, int]  # from 1
    weekdays: Mapping[str, int]  # Monday is 0
    negation: re.Pattern[str]
    negative: re.Pattern[str]
    attribution: re.Pattern[str]
    attribution_too: re.Pattern[str]
    names: Mapping[str, frozenset[str]]  # what bodies and places are, by their words
    # Words of countries, languages and cities with their code, by the letters that they begin with.
    places: Mapping[str, tuple[tuple[str, str], ...]]


def can_translate(source: str, target: str) -> bool:
    """Return whether lines in ``source`` may be shown in ``target`` (ISO 639-1): the check has the words of both."""
    known = languages_with("translation")
    return source != target and source in known and target in known


@cache
def words_of(language: str) -> TranslationWords:
    """Return the words of ``language``, one of those that ``can_translate`` knows."""
    rules = load_rules(language, "translation").words
    numbers = {fold(word): worth for worth, words in _numbers(language) for word in words}
    locale = Locale.parse(language)
    return TranslationWords(
        numbers=numbers,
        no_number_too=frozenset(map(fold, rules.get("no number too", ()))),
        number=_number_pattern(numbers),
        one_number=re.compile(any_of(numbers)),
        number_within=re.compile(
            rf"\b(?:{any_of(word for word in numbers if len(word) > 2)})(?=[^\W\d_]{{3,}})"
        ),
        months=_calendar_names(get_month_names, locale),
        weekdays=_calendar_names(get_day_names, locale),
        negation=_pattern(
            rules["negation"] - rules["negative"],
            *_patterns(language, "negations", "grammar"),
            *_patterns(language, "translation", "negation"),
        ),
        negative=_pattern(rules["negative"]),
        attribution=_pattern(rules["attribution"]),
        attribution_too=_pattern(rules["attribution too"]),
        names=_by_word(
            (sense.removeprefix(_NAME), word)
            for sense, words in rules.items()
            if sense.startswith(_NAME)
            for word in words
        ),
        places=_by_beginning(_regions(locale)),
    )


def _numbers(language: str) -> Iterator[tuple[int, frozenset[str]]]:
    for name in ("numbers", "counts", "translation"):
        for sense, words in load_rules(language, name).words.items():
            worth = _WORTH.fullmatch(sense)
            if worth and int(worth[1]) > 1:  # "one" is an article more often
                yield int(worth[1]), words


def _number_pattern(numbers: Mapping[str, int]) -> re.Pattern[str]:
    word = any_of(word for word in numbers if len(word) > 1)
    return re.compile(
        rf"(?<!\bpor\s)(?<!\bper\s)(?<!\bpour\s)\b(?:{word})(?:(?:[\s-]|und|\sy\s|\sand\s|\set\s|\se\s|\sun\s)?(?:{word})){{0,{MAX_NUMBER_WORDS}}}\b"
    )


def _pattern(words: frozenset[str], *patterns: str) -> re.Pattern[str]:
    listed = any_of(map(fold, words))
    return re.compile("|".join((rf"(?<!\w)(?:{listed})(?:(?<=')|(?!\w))", *patterns)), re.IGNORECASE)


def _patterns(language: str, name: str, sense: str) -> Iterator[str]:
    for rule in load_rules(language, name).patterns:
        if rule.sense == sense:
            yield rf"\b(?:{rule.match.pattern})"


def _calendar_names(names: object, locale: Locale) -> dict[str, int]:
    found: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for number, name in names("wide", context, locale).items():  # type: ignore[operator]
            if len(name) >= MIN_CALENDAR_NAME_CHARS:
                found.setdefault(fold(name), number)
    return found


def _by_word(names: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for sense, word in names:
        found.setdefault(fold(word), set()).add(sense)
    return {word: frozenset(senses) for word, senses in found.items()}


def _by_beginning(places: Iterable[tuple[str, str]]) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, dict[tuple[str, str], None]] = {}
    for word, code in places:
        found.setdefault(word[:MIN_PLACE_NAME_CHARS], {})[word, code] = None
    return {beginning: tuple(listed) for beginning, listed in found.items()}


def _regions(locale: Locale) -> Iterator[tuple[str, str]]:
    cities = {code: zone.get("city") or _city_of(code) for code, zone in _zones(locale).items()}
    for kind in (locale.territories, locale.languages, cities):
        for code, name in kind.items():
            for word in re.findall(r"\w+", fold(name)):
                if len(word) >= MIN_PLACE_NAME_CHARS:
                    yield word, code


@cache
def _all_zones() -> tuple[str, ...]:
    return tuple(Locale.parse("es")._data["time_zones"])  # noqa: SLF001 - the cities have no other access


def _zones(locale: Locale) -> Mapping[str, Mapping[str, str]]:
    own = locale._data["time_zones"]  # noqa: SLF001
    return {code: dict(own.get(code, {})) for code in {*_all_zones(), *own}}


def _city_of(code: str) -> str:
    return code.rpartition("/")[2].replace("_", " ")
