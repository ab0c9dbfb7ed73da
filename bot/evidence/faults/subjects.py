"""Checks subjects: an actor must be the subject or speaker of what is told of them, and a role their own."""

from __future__ import annotations

import re

from bot.evidence.faults.claimants import wrong_claimant
from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground, facts_of
from bot.evidence.reading.name_forms import core_of, same
from bot.evidence.reading.slots import Name
from bot.evidence.reading.speech import speech_of
from bot.evidence.reading.synonyms import REPORTING_STEMS, content, may_mean_the_same
from bot.evidence.reading.tokens import Word
from bot.evidence.reading.voices import Voice, is_speaker, owners, voices
from bot.language.rules import load_rules
from bot.language.sentences.modality import Force
from bot.language.speech import SAYING, SAYING_OR_NOUN, SAYING_TENSED, SPEAKING, VOICING, any_of

ANY_SAYING = SAYING | SAYING_OR_NOUN | SPEAKING | VOICING
# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "evidence")
_BORDER = _RULES.pattern("subject border")
_RELATIVE, _WHO = _RULES.pattern("relative"), _RULES.pattern("relative verb")
_PRONOUN = re.compile(r"\b(?:he|she|it|they)\b", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:the|its|their|his|her)\s\w+", re.IGNORECASE)
_PASSIVE, _GOVERNED = _RULES.pattern("passive"), _RULES.pattern("governed")
_OWNED = _RULES.pattern("owned")
_NO_CONTENT = re.compile(rf"\b(?:{any_of(_RULES.words['no content'])})\b")
_BY = re.compile(r"^\s(?:\w+\s){0,6}?by\s")
_BEFORE_MARK = re.compile(r"[;:.“”\"]|,\s\w+\s\w+\s")  # between a name and a role behind it: they are apart
_BEHIND_MARK = re.compile(r"[;:.“”\"]|,\s[a-z]+\s")  # the same before it: "the mayor, met Lund"
BREAK_CHARS = 40  # characters as which such a mark counts
BESIDE_CHARS = 7  # between a role and the name it stands beside: ", the "
LEAD_WORDS = 3  # first words of a position, among which its verb is


def not_theirs(who: str, position: Facts, ground: Ground) -> tuple[str, ...]:
    """Return ``who`` if in the cited sentences somebody else says or does ``position``, or if they deny it."""
    verb = _verb_of(who, position)
    if verb is None:
        return ()
    if verb.folded in ANY_SAYING:
        return () if _speaks(who, position, ground) else (who,)
    met = [
        (word, facts)
        for facts in ground.facts
        for word in facts.words
        if may_mean_the_same(word.stem, verb.stem)
    ]
    done = [(word, facts) for word, facts in met if not _undone(word, facts, position)]
    if any(_is_subject(who, word, facts) for word, facts in done):
        return ()
    if not met:
        return (
            ()
            if any(_leads(who, facts) for facts in ground.facts) or _owns(who, position, ground)
            else (who,)
        )
    planned = any(m.force >= Force.PLANNED for m in position.marks)
    return () if planned and done and _owns(who, position, ground) else (who,)


def said_by_another(who: str, position: Facts, ground: Ground) -> tuple[str, ...]:
    """Return ``who`` if the words in ``position`` belong to a "he" or "she" who is another person."""
    said = _said_in(position, ground)
    return (who,) if any(_is_anothers(who, clause, ground) for clause in said) else ()


def _said_in(position: Facts, ground: Ground) -> list[Facts]:
    """Return the clauses of ``position`` that tell what was said: "regrets the deaths, says the cause is unknown" has one."""
    said = [one for one in position.text.split(", ") if one.partition(" ")[0].casefold() in ANY_SAYING]
    return [facts_of(ground.articles[0], one) for one in said]


def _is_anothers(who: str, clause: Facts, ground: Ground) -> bool:
    """Tell whether all that carries ``clause`` is the word of a "he" who is somebody else."""
    said_by = owners(clause.terms - REPORTING_STEMS - content(who), ground.facts)
    return bool(said_by) and all(_means_another(who, voice, ground) for voice in said_by)


def wrong_subject(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the name at the beginning of ``statement`` if its verb has another named subject in the cited sentences."""
    first = next((n for n in statement.names if not statement.text[: n.start].strip(" “\"'The")), None)
    if first is None:
        return ()
    rest = [w for w in statement.words if w.start >= first.end and not w.stop]
    if not rest:
        return ()
    met = [(w, f) for f in ground.facts for w in f.words if w.stem == rest[0].stem and not w.stop]
    others = [_other_subject(first.text, word, facts) for word, facts in met]
    return (first.text,) if others and all(others) else ()


def _other_subject(who: str, word: Word, facts: Facts) -> bool:
    """Tell whether somebody else who is named is the subject of the verb ``word``."""
    region = _region(_RELATIVE.sub(" ", facts.text[: word.start]))
    names = [n for n in facts.names if n.end <= word.start and n.text in region]
    free = [n for n in names if not _GOVERNED.search(_before(n, region))]
    return bool(free) and not any(means(who, n) for n in names)


def _verb_of(who: str, position: Facts) -> Word | None:
    """Return the word by which ``position`` begins to tell something: "orders", "will testify", "hopes"."""
    named = content(who)
    rest = [w for w in position.words if w.stem not in named]
    return next((w for w in rest[: LEAD_WORDS + 3] if not w.stop or w.folded in SAYING_TENSED), None)


def _speaks(who: str, position: Facts, ground: Ground) -> bool:
    return _owns(who, position, ground) or not wrong_claimant(position, ground, who=who)


def _owns(who: str, position: Facts, ground: Ground) -> bool:
    terms = position.terms - REPORTING_STEMS - content(who)
    said_by = owners(terms, ground.facts)
    if not said_by and len(terms) <= 1:
        said_by = [v for f in ground.facts for v in voices(f.text)]
    return any(
        is_speaker(who, v.teller or v.speech) or (v.teller is None and v.speech.short and not v.speech.names)
        for v in said_by
    )


def _means_another(who: str, voice: Voice, ground: Ground) -> bool:
    """Tell whether the "he" that speaks follows a sentence in which somebody else speaks, and ``who`` is not named."""
    if voice.teller or not _PRONOUN.fullmatch(voice.speech.who.strip()):
        return False
    before = [
        near[0]
        for facts, near in zip(ground.facts, ground.before, strict=True)
        if near and voice in voices(facts.text)
    ]
    return bool(before) and all(_speaks_alone(who, facts) for facts in before)


def _speaks_alone(who: str, facts: Facts) -> bool:
    """Tell whether somebody other than ``who`` speaks in ``facts`` by name, and ``who`` is not named there."""
    spoken = [v.teller or v.speech for v in voices(facts.text)]
    named = [speech for speech in spoken if speech.names]
    return (
        bool(named)
        and not any(is_speaker(who, speech) for speech in named)
        and not any(means(who, name) for name in facts.names)
    )


def _undone(word: Word, facts: Facts, position: Facts) -> bool:
    """Tell whether ``facts`` deny what ``position`` tells as done."""
    if any(m.force is Force.NEGATION for m in position.marks):
        return False
    return any(
        m.force is Force.NEGATION and m.end <= word.start < m.reach and not m.start <= word.start < m.end
        for m in facts.marks
    )


def _is_subject(who: str, word: Word, facts: Facts) -> bool:
    """Return whether ``who`` is the subject of the verb ``word``, or follows its "by"."""
    left = _RELATIVE.sub(" ", facts.text[: word.start])
    by = _BY.match(facts.text[word.end :])
    if (
        by
        and _PASSIVE.search(left)
        and is_speaker(who, speech_of("by", facts.text[word.end + by.end() :][:60]))
    ):
        return True
    relative = _WHO.search(left)
    left = left[: relative.start()] if relative else left
    region = _region(left)
    names = [n for n in facts.names if n.start < word.start and n.text in region]
    if not names:
        named = any(means(who, n) for n in facts.names)
        short = _PRONOUN.search(region) or (not named and _DEFINITE.search(region))
        return bool(short) or not region.strip() or is_speaker(who, speech_of("said", region))
    first, last = names[0], names[-1]
    if means(who, first):
        return not _owned_by(first, region) and not _GOVERNED.search(_before(first, region))
    between = region[region.rfind(last.text) + len(last.text) :]
    if (
        means(who, last)
        and len(between.split()) <= LEAD_WORDS
        and re.match(r"\s*,", _before(last, region)[::-1] or ",")
    ):
        return True
    return is_speaker(who, speech_of("said", region)) and not _is_other(who, first)


def _before(name: Name, region: str) -> str:
    return region[: region.rfind(name.text)].rstrip()


def _is_other(who: str, name: Name) -> bool:
    return len(who.split()) > 1 and len(name.text.split()) > 1 and not means(who, name)


def _owned_by(name: Name, region: str) -> bool:
    behind = region[region.find(name.text) + len(name.text) :]
    return bool(_OWNED.search(behind))


def _region(left: str) -> str:
    """Return the clause part of ``left`` that holds the subject; one that is empty was said before its "and"."""
    start = 0
    pieces = []
    for match in _BORDER.finditer(left):
        pieces.append(left[start : match.start()])
        start = match.end()
    pieces.append(left[start:])
    for piece in reversed(pieces):
        if re.search(r"[^\W\d_]{3}", _NO_CONTENT.sub("", piece)):
            return piece
    return left


def means(who: str, name: Name) -> bool:
    """Tell whether ``name`` may mean ``who``."""
    mine, theirs = core_of(who), core_of(name.text)
    return bool(mine and theirs) and (
        same(mine, theirs, who, name.text) or set(mine) <= set(theirs) or set(theirs) <= set(mine)
    )


def _leads(who: str, facts: Facts) -> bool:
    return bool(facts.names) and means(who, facts.names[0])


def nearer_name(who: str, role: str, facts: Facts) -> str:
    """Return another name to which ``role``, as printed in ``facts``, is closer than to ``who``; else an empty text."""
    at = facts.text.casefold().find(role.casefold())
    if at < 0:
        return ""
    end = at + len(role)
    best: dict[bool, tuple[int, str]] = {}
    for name in facts.names:
        mine = means(who, name)
        inside = name.start < end and at < name.end
        core = " ".join(core_of(name.text))
        if inside and not mine and (not core or core in role.casefold()):
            continue  # "Norland" in "Norland's defence minister", "Energy Minister"
        start = name.start if not inside else at
        gap = start - end if start >= end else at - name.end
        text = facts.text[end:start] if start >= end else facts.text[name.end : at]
        gap += BREAK_CHARS * len((_BEHIND_MARK if start >= end else _BEFORE_MARK).findall(text))
        if not mine and (
            re.search(r"\bof\s*$", facts.text[:start]) or re.match(r"['’]s?\s", facts.text[name.end :])
        ):
            continue  # whose role it is: "mayor of Halden", "Sand's lawyer"
        if mine not in best or gap < best[mine][0]:
            best[mine] = (gap, name.text)
    if (
        False in best
        and best[False][0] <= BESIDE_CHARS
        and (True not in best or best[False][0] < best[True][0])
    ):
        return best[False][1]
    return ""
