"""Finds words that say the opposite of the cited sentences: "rose" for "fell", "won" for "lost"."""

from __future__ import annotations

from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground
from bot.evidence.reading.synonyms import may_mean_the_same
from bot.evidence.reading.tokens import Word
from bot.language.rules import Opposite, load_rules
from bot.language.sentences.modality import Force

OPPOSITES = load_rules("en", "antonyms").opposites
CONTEXT_WORDS = 4  # content words on each side of a word by which its place is known


def opposite(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the words of ``statement`` for which the cited sentences have the opposite in the same place."""
    return tuple(dict.fromkeys(word for facts in ground.facts for word in _against(statement, facts, ground)))


def contrary(one: Facts, other: Facts) -> tuple[str, ...]:
    """Return the words of ``one`` for which ``other`` has the opposite in the same place."""
    return tuple(w.text for pair in OPPOSITES for w in _clashes(one, other, pair))


def _against(statement: Facts, facts: Facts, ground: Ground) -> list[str]:
    found = []
    for pair in OPPOSITES:
        for word in _clashes(statement, facts, pair):
            side = pair.one if word.folded in pair.one else pair.other
            elsewhere = [f for f in ground.facts if f is not facts and f.folded & side]
            if not elsewhere:
                found.append(word.text)
    return found


def _clashes(statement: Facts, facts: Facts, pair: Opposite) -> list[Word]:
    """Return the words of one side in ``statement`` for which ``facts`` have a word of the other in the same place."""
    if not statement.folded & (pair.one | pair.other):
        return []
    found = []
    for mine, theirs in ((pair.one, pair.other), (pair.other, pair.one)):
        if statement.folded & theirs:
            continue  # it speaks of both sides, or says the one by way of the other
        for word in (w for w in statement.words if w.folded in mine and not _in_name(w, statement)):
            same = max(
                (_likeness(word, statement, w, facts) for w in facts.words if w.folded in mine), default=-1.0
            )
            against = [w for w in facts.words if w.folded in theirs and not _in_name(w, facts)]
            best = max(against, key=lambda w: _likeness(word, statement, w, facts), default=None)
            if best is None or _negated(word, statement) is not _negated(best, facts):
                continue
            score = _likeness(word, statement, best, facts)
            if (
                score > same
                and score >= 1
                and (not word.stop or _goes_with_the_same(word, statement, best, facts))
            ):
                found.append(word)
    return found


def _likeness(ours: Word, statement: Facts, theirs: Word, facts: Facts) -> float:
    """Return the similarity of two words' places: equal neighbouring words, the nearest counting most."""
    near, far = _neighbours(ours, statement), _neighbours(theirs, facts)
    return sum(1.0 for a in near if any(may_mean_the_same(a, b) for b in far))


def _goes_with_the_same(ours: Word, statement: Facts, theirs: Word, facts: Facts) -> bool:
    """Return whether "before" and "after" precede similar words: both of the vote, not one of the vote and one of the news."""
    mine = next((w for w in statement.words if w.start >= ours.end and not w.stop), None)
    other = next((w for w in facts.words if w.start >= theirs.end and not w.stop), None)
    return mine is not None and other is not None and may_mean_the_same(mine.stem, other.stem)


def _neighbours(word: Word, facts: Facts) -> list[str]:
    plain = [w for w in facts.words if not w.stop and w is not word]
    before = [w.stem for w in plain if w.end <= word.start][-CONTEXT_WORDS:]
    return before + [w.stem for w in plain if w.start >= word.end][:CONTEXT_WORDS]


def _in_name(word: Word, facts: Facts) -> bool:
    """Tell whether ``word`` is part of a name: "South Korean", "Best Buy"."""
    return any(name.start <= word.start < name.end and " " in name.text for name in facts.names)


def _negated(word: Word, facts: Facts) -> bool:
    return any(m.force is Force.NEGATION and m.end <= word.start < m.reach for m in facts.marks)
