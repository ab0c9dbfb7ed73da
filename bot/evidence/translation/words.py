"""The words of a language that the check of a translation needs, read once. Pure.

They are data: a language is translated from and to if it has rules ``translation``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain

from babel import Locale
from babel.dates import get_day_names, get_month_names

from bot.evidence.translation.senses import has_mark
from bot.language.rules import languages_with, load_rules
from bot.language.speech import any_of
from bot.language.words import STOP_WORDS, fold

# Words of one number behind the first. Without a limit "achtzehn", one word or two, in a long row would be tried in every way.
MAX_NUMBER_WORDS = 12
MIN_PLACE_NAME_CHARS = 3  # of a country, language or city that has a name in each language
MIN_CALENDAR_NAME_CHARS = 3  # of a month or weekday
COUNTRY_CODE_CHARS = 2
_WORTH = re.compile(r"(?:worth |scale |times |number )?(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationWords:
    """What one language calls what may not change; all folded to lower case without accents."""

    numbers: Mapping[str, int]
    no_number_too: frozenset[str]
    number: re.Pattern[str]  # one or several words of numbers
    one_number: re.Pattern[str]
    number_within: re.Pattern[str]  # the beginning of a longer word: "fünfstöckig"
    months: Mapping[str, int]  # from 1
    are_months_capital: bool
    weekdays: Mapping[str, int]  # Monday is 0
    common_in_names: frozenset[
        str
    ]  # "secretary", "lake": as a part of a name they are translated as any word
    adjectives: frozenset[str]  # of countries, where they have a capital
    bodies: frozenset[str]  # "ministry", "prize"
    small: frozenset[str]  # words that say little: "de", "the"
    offices: frozenset[str]  # "ministry", "minister"
    negation: re.Pattern[str]
    # Words of countries, languages and cities with their code, by the letters that they begin with.
    places: Mapping[str, tuple[tuple[str, str], ...]]
    place_names: frozenset[str]  # of one word


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
            rf"\b(?:{any_of(word for word in numbers if len(word) > 2)})(?=[^\W\d_]{{2,}})"
        ),
        months=_calendar_names(get_month_names, locale),
        are_months_capital=get_month_names("wide", locale=locale)[1][0].isupper(),
        weekdays=_calendar_names(get_day_names, locale),
        common_in_names=_people(language, "body", "role", "office", "modifier"),
        adjectives=frozenset(
            fold(word)
            for sense, listed in load_rules(language, "demonyms").words.items()
            if sense.startswith("of ")
            for word in listed
        ),
        bodies=_people(language, "body"),
        small=frozenset(map(fold, STOP_WORDS.get(language, ()))),
        offices=_people(language, "body", "role"),
        negation=_pattern(
            frozenset(w for w in rules["negation"] if not has_mark(w, "denying", language)),
            *_patterns(language, "negations", "grammar"),
            *_patterns(language, "translation", "negation"),
        ),
        places=_by_beginning(
            (word, code) for name, code in _regions(locale) for word in re.findall(r"\w+", name)
        ),
        place_names=frozenset(
            name for name, code in _regions(locale) if name.isalpha() and _is_country_or_city(code)
        ),
    )


def _people(language: str, *senses: str) -> frozenset[str]:
    listed = load_rules(language, "people").words
    return frozenset(map(fold, chain(*(listed.get(sense, ()) for sense in senses))))


@cache
def things_by_name() -> Mapping[str, frozenset[str]]:
    """Return which bodies, offices and places a word (folded) names in one of the languages."""
    found: dict[str, frozenset[str]] = {}
    for thing, listed in load_rules("mul", "translated_names").words.items():
        for word in map(fold, listed):
            found[word] = found.get(word, frozenset()) | {thing}
    return found


def _numbers(language: str) -> Iterator[tuple[int, frozenset[str]]]:
    for name in ("numbers", "counts", "translation"):
        for sense, words in load_rules(language, name).words.items():
            worth = _WORTH.fullmatch(sense)
            if worth and int(worth[1]) > 1:  # "one" is an article more often
                yield int(worth[1]), words


def _number_pattern(numbers: Mapping[str, int]) -> re.Pattern[str]:
    word = any_of(word for word in numbers if len(word) > 1)
    return re.compile(
        rf"(?!(?<=\bpor\s)cien|(?<=\bpor\s)cento|(?<=\bper\s)cento|(?<=\bpour\s)cent)\b(?:{word})(?:(?:[\s-]|und|\sy\s|\sand\s|\set\s|\se\s|\sun\s)?(?:{word})){{0,{MAX_NUMBER_WORDS}}}\b"
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


def _by_beginning(places: Iterable[tuple[str, str]]) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, dict[tuple[str, str], None]] = {}
    for word, code in places:
        if len(word) < MIN_PLACE_NAME_CHARS:
            continue
        found.setdefault(word[:MIN_PLACE_NAME_CHARS], {})[word, code] = None
    return {beginning: tuple(listed) for beginning, listed in found.items()}


def _regions(locale: Locale) -> Iterator[tuple[str, str]]:
    cities = {code: zone.get("city") or _city_of(code) for code, zone in _zones(locale).items()}
    for kind in (locale.territories, locale.languages, cities):
        for code, name in kind.items():
            yield fold(name), code


def _is_country_or_city(code: str) -> bool:
    # Not languages ("es"), nor parts of the world ("001").
    return "/" in code or (len(code) == COUNTRY_CODE_CHARS and code.isupper())


@cache
def _all_zones() -> tuple[str, ...]:
    return tuple(Locale.parse("es")._data["time_zones"])  # noqa: SLF001 - the cities have no other access


def _zones(locale: Locale) -> Mapping[str, Mapping[str, str]]:
    own = locale._data["time_zones"]  # noqa: SLF001
    return {code: dict(own.get(code, {})) for code in {*_all_zones(), *own}}


def _city_of(code: str) -> str:
    return code.rpartition("/")[2].replace("_", " ")
