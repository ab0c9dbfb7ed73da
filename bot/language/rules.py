"""Load the rules of a language: words and patterns of ``rules/<language>/<group>/<name>.toml``, each under its sense.

    [[words]]                      a plain list
    sense = "abbreviation"
    words = ["dr", "prof"]

    [[pattern]]                    a regular expression, searched whatever the case
    sense = "consent"
    match = 'we (and our partners )?use cookies'
    yes = ["We use cookies to improve our site."]
    no = ["The bakery sold its cookies."]

    [[opposite]]                   words of two sides that contradict each other
    sense = "contest"
    one = ["won", "victory"]
    other = ["lost", "defeat"]
    yes = ["They won.", "They lost."]       # two sentences that contradict each other by it
    no = ["They won.", "It was a victory."] # two that do not

A word stands in one list. Where it has several senses, its table has ``senses = ["be", "finite"]`` in place of ``sense``;
and what another file of the language has is named by its file and sense, in a pattern and among words alike:

    match = '(?:{auxiliaries.be}|{auxiliaries.have}|said)'
    words = ["{auxiliaries.be}", "also"]

Every pattern has a sentence that it must find and one that it must not; the tests run them all, and those of opposites. A
language is one folder: a new one needs no edit elsewhere. Its groups are for readers: a name stands in one of them, and rules
are asked for by language and name.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.literals.prefilter import SievedPatterns, sieves

FOLDER = Path(__file__).parent / "rules"
MAX_CACHED_LANGUAGES = (
    64  # languages of which what is made of their rules is kept: feeds may declare any word as theirs
)
_REFERENCE = re.compile(r"\{(?P<file>[a-z_]+)\.(?P<sense>[a-z][a-z ]*)\}")
# The fields that rules fill, and the files of a language that each needs.
_NEEDED = {
    "self-contained sentences": ("self_contained",),
    "status": ("self_contained", "status"),
    "actors": ("self_contained", "people", "saying", "speech"),
    "figures": ("self_contained", "counts", "saying", "speech"),
    "announcements": ("self_contained", "plans", "calendar"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One pattern of a sense, with what it must find and must not find."""

    sense: str
    match: re.Pattern[str]
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposite:
    """Words of one sense that contradict each other, with two sentences that do so by them and two that do not."""

    sense: str
    one: frozenset[str]
    other: frozenset[str]
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one file; a sense that it does not have is empty."""

    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    patterns: tuple[Rule, ...] = ()
    opposites: tuple[Opposite, ...] = ()
    _by_sense: dict[str, SievedPatterns] = field(default_factory=dict, init=False, compare=False)

    def has(self, sense: str, text: str) -> bool:
        """Tell whether a pattern of ``sense`` is found in ``text``, which its caller has bounded."""
        return any(True for _ in self._matches(sense, text))

    def found(self, sense: str, text: str) -> Iterator[str]:
        """Yield what the patterns of ``sense`` find first in ``text``, which its caller has bounded."""
        return (match[0] for match in self._matches(sense, text))

    def count(self, sense: str, text: str) -> int:
        """Return how many patterns of ``sense`` are found in ``text``, each counted once."""
        return sum(1 for _ in self._matches(sense, text))

    def pattern(self, sense: str) -> re.Pattern[str]:
        """Return the one pattern of ``sense``; raises ``KeyError`` where there is none, or several."""
        found = [rule.match for rule in self.patterns if rule.sense == sense]
        if len(found) != 1:
            raise KeyError(sense)
        return found[0]

    def alternatives(self, sense: str) -> str:
        """Return what a pattern has between bars to match a word or a pattern of ``sense``; for use within a group."""
        patterns = [rule.match.pattern for rule in self.patterns if rule.sense == sense]
        listed = self.words.get(sense)
        return "|".join((*patterns, _tree(listed)) if listed else patterns)

    def _matches(self, sense: str, text: str) -> Iterator[re.Match[str]]:
        for pattern in self._sieved(sense).possible(text):
            if match := pattern.search(text):
                yield match

    def _sieved(self, sense: str) -> SievedPatterns:
        # What a pattern needs is found when it is first searched: most rules that are read never are.
        known = self._by_sense.get(sense)
        if known is None:
            known = SievedPatterns(sieves(rule.match for rule in self.patterns if rule.sense == sense))
            self._by_sense[sense] = known
        return known


def any_phrase(words: Iterable[str]) -> str:
    """Return the alternatives of a pattern that match one of ``words``, the longest first, whatever blank stands within."""
    return "|".join(
        re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=lambda word: (-len(word), word))
    )


def _tree(words: Iterable[str]) -> str:
    # As a tree, a list of two hundred words is searched for in a third of the time: each letter is read once.
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for char in (*word, ""):
            node = node.setdefault(char, {})
    return _branches(tree)


def _branches(node: Mapping[str, Any]) -> str:
    rest = [
        (r"\s" if char == " " else re.escape(char)) + _branches(node[char]) for char in sorted(node) if char
    ]
    if len(rest) <= 1 and "" not in node:
        return "".join(rest)
    return f"(?:{'|'.join(rest)}){'?' if '' in node else ''}" if rest else ""


def load_rules(language: str, name: str) -> Rules:
    """Return the rules ``name`` of ``language`` (ISO 639-1), empty where it has none.

    Raises ``ValueError`` with the file's name for a rule that is not written as this module's text says.
    """
    path = _shipped().get(name, {}).get(language)
    if path is None:
        return _NO_RULES
    found = _read_once(path)
    _loaded.add(path)
    return found


def are_loaded(language: str, name: str) -> bool:
    """Tell whether ``load_rules`` opens no file for these."""
    path = _shipped().get(name, {}).get(language)
    return path is None or path in _loaded


@functools.cache
def languages_with(name: str) -> tuple[str, ...]:
    """Return the languages that have rules ``name``, sorted."""
    return tuple(sorted(_shipped().get(name, ())))


@functools.cache
def words_of_all(name: str, sense: str) -> frozenset[str]:
    """Return the words of ``sense`` in the rules ``name`` of every language."""
    lists = (load_rules(language, name).words.get(sense, frozenset()) for language in languages_with(name))
    return frozenset[str]().union(*lists)


def abilities_without_model(language: str) -> tuple[str, ...]:
    """Return what is told of news in ``language`` (such as en or de-AT) without a model, beside its quoted sentences."""
    code = language.casefold().partition("-")[0]
    return tuple(what for what, files in _NEEDED.items() if all(code in languages_with(f) for f in files))


def read_rules(path: Path) -> Rules:
    """Return the rules in the file ``path``; raises ``ValueError`` for what is no rule."""
    language = path.parents[1].name
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        _only(data, {"words", "pattern", "opposite"} & data.keys())
        return Rules(
            words=_words(data.get("words", ()), language),
            patterns=tuple(rule for table in data.get("pattern", ()) for rule in _rules(table, language)),
            opposites=tuple(map(_opposite, data.get("opposite", ()))),
        )
    except (ValueError, KeyError, TypeError, re.error) as error:
        raise ValueError(f"{'/'.join(path.parts[-3:])}: {error}") from error


_NO_RULES = Rules()
# By file: the language of a text is what its feed declares, which may be anything.
_read_once = functools.cache(read_rules)
_loaded: set[Path] = set()  # those that it has read


@functools.cache
def _shipped() -> dict[str, dict[str, Path]]:
    # Listed once: a search of its own for each name would visit every group of every language.
    return list_files(FOLDER)


def list_files(folder: Path) -> dict[str, dict[str, Path]]:
    """Return the files of rules in ``folder``, by name and language; raises ``ValueError`` for two of one name."""
    found: dict[str, dict[str, Path]] = {}
    for path in folder.glob("*/*/*.toml"):
        other = found.setdefault(path.stem, {}).setdefault(path.parents[1].name, path)
        if other != path:
            raise ValueError(f"{'/'.join(path.parts[-3:])}: {'/'.join(other.parts[-3:])} has the same name")
    return found


def _words(tables: Iterable[Mapping[str, Any]], language: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for table in tables:
        listed = frozenset[str]().union(*(named_words(word, language) for word in table["words"]))
        for sense in _senses(table, {"words"}):
            found[sense] = found.get(sense, frozenset()) | listed
    return found


def named_words(word: str, language: str) -> frozenset[str]:
    """Return the words of the list that ``word`` names, as "{hedges.doubt}", or ``word`` itself.

    Raises ``ValueError`` or ``KeyError`` if there is no such list.
    """
    named = _REFERENCE.fullmatch(word)
    return frozenset({word}) if named is None else _list(named, language).words[named["sense"]]


def _rules(table: Mapping[str, Any], language: str) -> Iterator[Rule]:
    senses = _senses(table, {"match", "yes", "no"})
    match = _REFERENCE.sub(lambda named: _list(named, language).alternatives(named["sense"]), table["match"])
    rule = Rule(
        sense=senses[0],
        match=re.compile(match, re.IGNORECASE),
        yes=tuple(table["yes"]),
        no=tuple(table["no"]),
    )
    if not rule.yes or not rule.no:
        raise ValueError(
            f"the pattern {table['match']!r} lacks an example that matches, or one that must not"
        )
    for sense in senses:
        yield replace(rule, sense=sense)


def _list(named: re.Match[str], language: str) -> Rules:
    rules = load_rules(language, named["file"])
    if not (named["sense"] in rules.words or any(rule.sense == named["sense"] for rule in rules.patterns)):
        raise ValueError(f"{named[0]} names nothing")
    return rules


def _senses(table: Mapping[str, Any], keys: set[str]) -> Sequence[str]:
    """Return the senses of ``table``, which has no fields beside them and ``keys``."""
    _only(table, keys | {"senses" if "senses" in table else "sense"})
    return table["senses"] if "senses" in table else (table["sense"],)


def _opposite(table: Mapping[str, Any]) -> Opposite:
    _only(table, {"sense", "one", "other", "yes", "no"})
    one, other = frozenset(table["one"]), frozenset(table["other"])
    if one & other:
        raise ValueError(f"{sorted(one & other)} stand on both sides of {table['sense']!r}")
    if len(table["yes"]) != 2 or len(table["no"]) != 2:
        raise ValueError(f"the opposites {table['sense']!r} need two sentences each for yes and no")
    return Opposite(
        sense=table["sense"], one=one, other=other, yes=tuple(table["yes"]), no=tuple(table["no"])
    )


def _only(table: Mapping[str, Any], keys: set[str]) -> None:
    if table.keys() != keys:
        raise ValueError(f"it has {sorted(table)}, and not {sorted(keys)}")
