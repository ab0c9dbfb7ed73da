"""Checks a role: its words must be beside the name, with its country or body there or in the sentences before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.evidence.faults.quotes import parts_of, verbatim
from bot.evidence.faults.subjects import means, nearer_name
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground, countries, country_named, facts_of
from bot.evidence.reading.name_forms import core_of
from bot.language.entities.roles import OFFICES, ROLE_NOUNS
from bot.language.rules import load_rules
from bot.language.words import words
from bot.model.news import Article

COUNTRY_SENTENCES_BEFORE = 2  # sentences before that of the name that may name the country of an office
_RULES = load_rules("en", "evidence")
_JOINING = _RULES.words["joining"]
_WHOSE = re.compile(r" of | at |,")
_AT_THE_BEGINNING = re.compile(r"^\W*(?:the\s)?$", re.IGNORECASE)
_WHERE = _RULES.pattern("where")


def unprinted_role(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the role of "NAME: ROLE" (or a role alone) if no sentence with the name has its words for this name.

    A role may be in any sentence of a cited article that names its holder, also in another word order.
    """
    name, _, printed = statement.plain.rpartition(": ")
    role = re.sub(r"^(?:the|an?) ", "", printed.strip(" ."), flags=re.IGNORECASE).casefold()
    last = (words(name) or [""])[-1]
    wanted = {w for w in words(role) if w not in _JOINING}
    for facts in (*ground.facts, *ground.whole()):
        if last and last not in facts.folded:
            continue
        whole = verbatim(role, facts.plain.casefold())
        if not whole and not (last and wanted <= {p for w in facts.folded for p in (w, *parts_of(w))}):
            continue
        if last and nearer_name(name, role if whole else _head(role), facts):
            continue
        return ()
    if last and any(_is_named_around(name, role, article) for article in ground.articles):
        return ()
    return (role or statement.plain,)


def _head(role: str) -> str:
    """Return the noun of ``role``, the last word before whose it is: "mayor" of "mayor of Norvik"."""
    return _WHOSE.split(role)[0].rstrip().rpartition(" ")[2]


def _is_named_around(name: str, role: str, article: Article) -> bool:
    """Tell whether a sentence has ``role`` beside ``name`` but for its country or body, and the text around it names that one alone."""
    said = [facts_of(article, sentence.text) for sentence in article.sentences]
    title = facts_of(article, article.title)
    parts = [w for w in words(role) if w not in _JOINING]
    last = words(name)[-1]
    for at, facts in enumerate(said):
        missing = tuple(w for w in parts if w not in facts.folded)
        rest = [w for w in parts if w in facts.folded]
        noun = next((w for w in reversed(rest) if w in ROLE_NOUNS), "")
        if last not in facts.folded or not missing or not noun or nearer_name(name, noun, facts):
            continue
        before = [*said[max(0, at - COUNTRY_SENTENCES_BEFORE) : at][::-1], title]
        country = country_named(missing)
        if country:
            # A country has ministers; who sings there may be from anywhere.
            found = noun in OFFICES and _is_of_country(country, noun, facts, before=before)
            found = found and not _is_of_another(name, country, said)
        else:
            found = _is_of_body(missing, name, before[0])
        if found:
            return True
    return False


def _is_of_country(country: str, noun: str, facts: Facts, *, before: Sequence[Facts]) -> bool:
    """Return whether ``facts`` have ``country`` directly before the role, or name none while the nearest text that names one names only this."""
    here = _countries(facts)
    if here:
        return here == {country} and country in _before_role(noun, facts)
    nearest = next((one for one in before if _countries(one)), None)
    return nearest is not None and _countries(nearest) == {country} and _begins_with(country, nearest)


def _is_of_another(name: str, country: str, said: Sequence[Facts]) -> bool:
    """Tell whether a sentence gives ``name`` an office of another country."""
    last = words(name)[-1]
    return any(
        last in facts.folded and any(_before_role(noun, facts) - {country} for noun in OFFICES & facts.folded)
        for facts in said
    )


def _before_role(noun: str, facts: Facts) -> frozenset[str]:
    """Return the countries named in the words that lead up to ``noun``: "Japan's foreign minister"."""
    at = next((i for i, word in enumerate(facts.words) if word.folded == noun), 0)
    return countries(tuple(w.folded for w in facts.words[max(0, at - 4) : at]))


def _begins_with(country: str, facts: Facts) -> bool:
    first = next(iter(facts.names), None)
    return (
        first is not None
        and bool(_AT_THE_BEGINNING.match(facts.text[: first.start]))
        and countries(core_of(first.text)) == {country}
    )


def _is_of_body(body: Sequence[str], name: str, before: Facts) -> bool:
    """Tell whether ``before`` begins with ``body`` and names nobody else, places aside."""
    first = next(iter(before.names), None)
    if first is None or not _AT_THE_BEGINNING.match(before.text[: first.start]):
        return False
    if {w for w in core_of(first.text) if w not in _JOINING} != set(body):
        return False
    others = (one for one in before.names if one is not first and not means(name, one))
    return all(_WHERE.search(before.text[: one.start]) or {*core_of(one.text)} <= {*body} for one in others)


def _countries(facts: Facts) -> frozenset[str]:
    return countries(tuple(word.folded for word in facts.words))
