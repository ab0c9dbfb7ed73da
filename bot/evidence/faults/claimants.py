"""Checks who says it: whoever is shown as claimant is the one who says so in the cited sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground, countries
from bot.evidence.reading.speech import Speech, speech_of
from bot.evidence.reading.synonyms import REPORTING, content, may_mean_the_same
from bot.evidence.reading.voices import REPLIES, Voice, is_speaker, named_before, owners, subject_of, voices
from bot.language.names import same_name
from bot.language.words import content_terms, fold, words

# How somebody is called who was named right before.
_SHORT = re.compile(
    r"(?:the|this)\s(?:company|firm|group|agency|maker|retailer|airline|man|woman|politician|lawmaker|actor|actress|singer|player|coach"
    r"|captain|star|(?:\d+|\w+)-year-old)$|(?:the\s)?(?:\d+|\w+)-year-old",
    re.IGNORECASE,
)
MAX_SPEAKER_WORDS = 9  # words
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
        subject = subject_of(facts.text)
        if wanted and subject and is_speaker(who, speech_of("said", subject)):
            return True
    return any(
        _SPEECH_GOES_ON.match(facts.text) and _spoke(who, before[:1])
        for facts, before in zip(ground.facts, ground.before, strict=True)
    )


def _meant(who: str, voice: Voice, ground: Ground) -> bool:
    """Tell whether a short speaker, "she" or "the ministry", means ``who``, whom the sentence before has."""
    if voice.teller is not None or not (voice.speech.pronoun or _SHORT.match(voice.speech.who)):
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


def wrong_speaker(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return who is said to speak in ``statement`` though the cited sentences let others speak."""
    theirs = [v.speech for facts in ground.facts for v in voices(facts.text)]
    for ours in (v.speech for v in voices(statement.text)):
        if (not ours.names and not ours.terms - _generic()) or (ours.pronoun and not ours.names):
            continue
        if len(ours.who.split()) > MAX_SPEAKER_WORDS:
            continue  # a clause with verbs of its own: who speaks in it is not told
        if any(_alike(ours, other) or is_speaker(ours.who, other) for other in theirs) or (
            not ours.names and ours.verb.startswith("suggest")
        ):
            continue
        if any(other.short for other in theirs) or not theirs:
            # "He said": somebody near; a quotation that goes on: whoever spoke beside it.
            near = [v.speech for facts in (*ground.beside, *ground.around) for v in voices(facts.text)]
            if any(_alike(ours, other) for other in near) or (
                _named(ours, ground.around) and any(o.short for o in theirs)
            ):
                continue
        if not theirs and (_named(ours, ground.facts) or _told_by_header(ours.who, ground)):
            continue
        return (ours.who.strip(" ,.“”\"'") or ours.verb,)
    return ()


def _generic() -> frozenset[str]:
    return frozenset(content_terms("statement release news conference interview"))


def _named(speech: Speech, facts: tuple[Facts, ...]) -> bool:
    for one in facts:
        if any(
            set(words(n)) <= set(words(t.text)) or same_name(n, t.text)
            for n in speech.names
            for t in one.names
        ):
            return True
        if any(may_mean_the_same(term, other) for term in speech.terms for other in one.terms):
            return True
    return False


def _alike(ours: Speech, theirs: Speech) -> bool:
    if any(same_name(a, b) or _contains(a, b) or _contains(b, a) for a in ours.names for b in theirs.names):
        return True
    here, there = countries(tuple(words(ours.who))), countries(tuple(words(theirs.who)))
    if here and there and not here & there and not _people(ours) & _people(theirs):
        return False
    if here & there and not _people(ours):
        return True
    terms = ours.terms - _generic()
    if ours.names and theirs.names and _people(ours) and _people(theirs):
        return False
    return any(may_mean_the_same(a, b) for a in terms for b in theirs.terms)


def _people(speech: Speech) -> frozenset[str]:
    return frozenset(fold(n) for n in speech.names if not countries(tuple(words(n))))


def _contains(long: str, short: str) -> bool:
    return f" {fold(short)} " in f" {fold(long)} "
