"""Checks predicates: acts, roles and events of one person must not be told of another."""

from __future__ import annotations

import re

from bot.evidence.faults.clauses import carries, split
from bot.evidence.faults.names import is_capital_only
from bot.evidence.faults.subjects import ANY_SAYING, means
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.evidence.reading.name_forms import core_of
from bot.evidence.reading.synonyms import REPORTING_STEMS, carried, content, may_mean_the_same
from bot.evidence.reading.tokens import Word
from bot.language.entities.roles import MODIFIERS, ROLE_NOUNS
from bot.language.rules import load_rules
from bot.language.sentences.quotations import plain
from bot.language.speech import any_of

PAST_FORMS = frozenset(
    form for word, forms in load_rules("en", "irregular").words.items() for form in forms if form != word
)
# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "evidence")
_WORDS = _RULES.words
_IS_ROLE = _RULES.pattern("role of")
_BESIDE = re.compile(r"(?:,|\s(?:is|was|became))?\s(?:the\s|an?\s)?")
_LEADS = re.compile(r"^\W*(?:[^,;:“”\"]{1,60},\s)?(?:the\s|an?\s)?$", re.IGNORECASE)  # "Meanwhile, the"
_ACTS = re.compile(  # behind a name: it is a subject, not part of "the Norland minister"
    rf"(?:['’]s)?\s(?:and\s(?:his|her|its|their|[A-Z])|(?:[a-z]+ly\s|also\s)?(?:{any_of(_WORDS['auxiliary'])}|\w+ed|{any_of(PAST_FORMS)})\b)"
)
_AUXILIARIES = re.compile(rf"\s(?:(?:{any_of(_WORDS['before a predicate'])}|\w+ly)\s){{0,3}}")
_TITLES_ONLY = re.compile(
    rf"\s(?:(?:{any_of(_WORDS['beside a title'] | (ROLE_NOUNS | MODIFIERS) - {'of'})})\s)*"
)
# Before a name: it is no subject, or not the first.
_PREDICATE_BEFORE = _RULES.pattern("predicate before")
MAX_SUBJECT_LEAD_CHARS = 60  # characters of a clause in which its subject is searched
MIN_PREDICATE_TERMS = 3  # words of a clause from which its subject can be compared
PREDICATE_SHARE = 0.6  # share of its words in a sentence from which the sentence supports the clause
PREDICATE_MARGIN = 2  # lead in words over the sentences about the stated subject


def predicate_of_another(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the name at the beginning of a clause of ``statement`` if only a sentence about another person has its predicate.

    Example: "Lund opened the bridge with Hale", where in a cited sentence without Lund another person opened it with Hale.
    """
    for clause in split(statement.text):
        first = next((n for n in statement.names if n.text in clause[:MAX_SUBJECT_LEAD_CHARS]), None)
        if first is None or not _LEADS.match(clause[: clause.find(first.text)]):
            continue
        if statement.text.startswith(":", first.end):  # "Storm Ilsa: search ended" is of no subject
            continue
        mine = core_of(first.text)
        if mine and is_capital_only(first, mine, statement, ground):
            continue
        terms = content(clause) - REPORTING_STEMS - content(first.text)
        if not mine or len(terms) < MIN_PREDICATE_TERMS:
            continue
        best = max(ground.facts, key=lambda facts: carries(terms, facts))
        if carries(terms, best) < PREDICATE_SHARE * len(terms) or _speaks_of(first.text, best):
            continue
        most = max((carries(terms, f) for f in ground.facts if _speaks_of(first.text, f)), default=0)
        if carries(terms, best) - most >= PREDICATE_MARGIN and (
            _begins_with_another(statement, best) or _done_by_another(statement, terms, best)
        ):
            return (first.text,)
    return ()


def _speaks_of(who: str, facts: Facts) -> bool:
    return (
        any(means(who, name) for name in facts.names)
        or content(who) <= facts.terms
        or plain(who) in facts.plain
    )


def _begins_with_another(statement: Facts, facts: Facts) -> bool:
    """Tell whether ``facts`` begin with a name and its verb, and ``statement`` has not this name: "Hale opened the bridge"."""
    first = next(iter(facts.names), None)
    if first is None or not _LEADS.match(facts.text[: first.start]) or not _ACTS.match(facts.text, first.end):
        return False
    return (
        not any(means(first.text, name) for name in statement.names)
        and not content(first.text) <= statement.terms
    )


def _done_by_another(statement: Facts, terms: frozenset[str], facts: Facts) -> bool:
    """Tell whether a name that ``statement`` has not is the subject of all that ``facts`` have of ``terms``: "A former aide, Hale, was fined"."""
    for name in facts.names:
        at = name.end + facts.text.startswith(",", name.end)  # "Hale, was": in apposition
        if not _ACTS.match(facts.text, at) or _PREDICATE_BEFORE.search(facts.text[: name.start]):
            continue
        if any(means(name.text, other) for other in statement.names) or content(name.text) <= statement.terms:
            continue
        behind = frozenset(w.stem for w in facts.words if w.start >= name.end)
        if sum(carried(t, behind) for t in terms) >= max(carries(terms, facts), MIN_PREDICATE_TERMS):
            return True
    return False


def did_to_another(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the name at the beginning of ``statement`` if in a cited sentence another name is the subject and this one the object.

    "Lund won, beating Hale" told as "Hale won".
    """
    first = next((n for n in statement.names if not statement.text[: n.start].strip(" “\"'The")), None)
    verb = next((w for w in statement.words if first and w.start > first.end and not w.stop), None)
    if first is None or verb is None or verb.folded in ANY_SAYING:
        return ()
    if not _AUXILIARIES.fullmatch(statement.text, first.end, verb.start):
        return ()
    like = [(w, f) for f in ground.facts for w in f.words if may_mean_the_same(w.stem, verb.stem)]
    if like and all(_is_object(first.text, w, f) for w, f in like):
        return (first.text,)
    met = [(w, f) for w, f in like if w.stem == verb.stem]
    of_another = bool(met) and _is_finite(verb) and all(_of_another(first.text, w, f) for w, f in met)
    return (first.text,) if of_another else ()


def _is_object(who: str, word: Word, facts: Facts) -> bool:
    """Return whether ``who`` directly follows the verb ``word`` in its clause, and does not precede it: "succeeding Lund"."""
    behind = next((n for n in facts.names if n.start >= word.end), None)
    if (
        behind is None
        or not means(who, behind)
        or any(means(who, n) for n in facts.names if n.end <= word.start)
    ):
        return False
    return bool(_TITLES_ONLY.fullmatch(facts.text, word.end, behind.start))


def _is_finite(verb: Word) -> bool:
    return verb.folded.endswith(("ed", "s")) or verb.folded in PAST_FORMS


def _of_another(who: str, word: Word, facts: Facts) -> bool:
    """Return whether another name directly precedes the verb ``word``, and ``who`` only follows it."""
    # "Kestrel's owner Halden pays": not Kestrel.
    before = [
        n for n in facts.names if n.end <= word.start and not re.match(r"['’]s?\s", facts.text[n.end :])
    ]
    behind = [n for n in facts.names if n.start >= word.end]
    if not before or any(means(who, n) for n in before) or not any(means(who, n) for n in behind):
        return False
    return bool(
        re.fullmatch(r"\s(?:has\s|had\s|have\s|also\s|\w+ly\s)?", facts.text[before[-1].end : word.start])
    )


def role_of_another(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the name of "NAME is the ROLE" if the role belongs to another name in the cited sentence."""
    stated = _IS_ROLE.match(statement.text)
    name = next((n for n in statement.names if stated and n.text in stated["who"]), None)
    if stated is None or name is None:
        return ()
    printed = [
        (facts, at)
        for facts in ground.facts
        if (at := facts.text.casefold().find(stated["role"].casefold())) >= 0
    ]
    return (
        (name.text,)
        if printed and all(_beside_another(name.text, at, facts) for facts, at in printed)
        else ()
    )


def _beside_another(who: str, at: int, facts: Facts) -> bool:
    """Return whether the role at ``at`` directly follows another name than ``who``: "Hale is the mayor", "Hale, the mayor"."""
    before = [name for name in facts.names if name.end <= at]
    return (
        bool(before)
        and not means(who, before[-1])
        and bool(_BESIDE.fullmatch(facts.text[before[-1].end : at]))
    )
