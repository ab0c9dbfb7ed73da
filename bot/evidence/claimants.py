"""Checks who says it: whoever is shown as claimant is the one who says so in the cited sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.evidence.facts import Facts
from bot.evidence.ground import Ground
from bot.evidence.synonyms import REPORTING, content, may_mean_the_same
from bot.evidence.voices import REPLIES, Voice, is_speaker, named_before, owners, subject_of, voices
from bot.language.names import same_name

_OWNED = re.compile(r"(?:its|their|his|her)\s", re.IGNORECASE)
_SPEECH_GOES_ON = re.compile(r"^\s*[“\"'‘]")


def wrong_claimant(statement: Facts, ground: Ground, *, who: str) -> tuple[str, ...]:
    """Return ``who`` where the cited sentences let somebody else say ``statement``, or nobody."""
    terms = statement.terms - REPORTING - content(who)
    said_by = owners(terms, ground.facts) or [v for f in ground.facts for v in voices(f.text)]
    if not said_by:
        return () if _told_by_header(who, ground) or _does_it(who, ground) else (who,)
    for voice in said_by:
        if is_speaker(who, voice.teller or voice.speech) or _meant(who, voice, ground):
            return ()
    return (who,)


def untold(statement: Facts, ground: Ground, *, who: str) -> tuple[str, ...]:
    """Return who speaks in ``statement`` though the cited sentences have it as a third one's word.

    "The Front believes there is a chance" for "Hale said the Front believes…": Hale has to be named.
    """
    theirs = [v for facts in ground.facts for v in voices(facts.text)]
    for ours in voices(statement.text):
        if ours.teller is not None or ours.speech.pronoun or not ours.speech.who:
            continue
        alike = [v for v in theirs if is_speaker(ours.speech.who, v.speech)]
        if not alike or any(v.teller is None for v in alike):
            continue
        named = f"{statement.text} {who}"
        if not any(v.teller is not None and _named_in(v.teller.who, named) for v in alike):
            return (ours.speech.who,)
    return ()


def _named_in(who: str, text: str) -> bool:
    wanted, held = content(who), content(text)
    return sum(t in held for t in wanted) >= max(1, len(wanted) / 3)


def _told_by_header(who: str, ground: Ground) -> bool:
    """Tell whether ``who`` is whoever tells the cited article as a whole: its outlet, author or agency."""
    for article in ground.articles:
        for name in (article.outlet, article.author, article.originator, article.site):
            if name and (content(who) <= content(name) or same_name(who, name)):
                return bool(content(who))
    return False


def _does_it(who: str, ground: Ground) -> bool:
    """Tell whether ``who`` is the subject of a verb that says what it does: "Alder agreed", "the museum hopes"."""
    wanted = content(who)
    for facts in ground.facts:
        subject = content(subject_of(facts.text))
        shared = sum(any(may_mean_the_same(a, b) for b in subject) for a in wanted)
        if wanted and shared >= 0.6 * len(wanted):
            return True
    return any(
        _SPEECH_GOES_ON.match(facts.text) and _spoke(who, before[:1])
        for facts, before in zip(ground.facts, ground.before, strict=True)
    )


def _meant(who: str, voice: Voice, ground: Ground) -> bool:
    """Tell whether a short speaker, "she" or "the ministry", means ``who``, whom the sentence before has."""
    if voice.teller is not None or not voice.speech.short or _OWNED.match(voice.speech.who):
        return False
    for facts, before in zip(ground.facts, ground.before, strict=True):
        if voice not in voices(facts.text):
            continue
        spoke = [v for one in before[:1] for v in voices(one.text) if not v.speech.pronoun]
        if voice.speech.verb in REPLIES:
            return bool(spoke) and not _spoke(who, before[:1]) and _named_near(who, ground)
        if spoke:
            return _spoke(who, before[:1])
        return any(same_name(name, who) for name in named_before(before))
    return False


def _spoke(who: str, facts: Iterable[Facts]) -> bool:
    return any(is_speaker(who, v.speech) for one in facts for v in voices(one.text) if v.teller is None)


def _named_near(who: str, ground: Ground) -> bool:
    wanted = content(who)
    return any(wanted and wanted <= facts.terms for facts in (*ground.beside, *ground.around))
