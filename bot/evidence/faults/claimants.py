"""Checks claimants and speakers: the one shown must be the one who says it in the cited sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.evidence.reading.facts import Facts
from bot.evidence.reading.ground import Ground, countries
from bot.evidence.reading.speech import Speech, speech_of
from bot.evidence.reading.synonyms import REPORTING_STEMS, carried, content, may_mean_the_same
from bot.evidence.reading.voices import (
    MIN_CLAIM_TERMS,
    REPLIES,
    Voice,
    is_speaker,
    owners,
    subject_of,
    voices,
)
from bot.language.entities.names import same_name
from bot.language.rules import load_rules
from bot.language.sentences.quotations import plain
from bot.language.speech import SAYING, SAYING_OR_NOUN, SPEAKING, any_of
from bot.language.words import content_terms, fold, words

SHORT_WORDS = load_rules("en", "claimants").words["short"]
_WORDS = load_rules("en", "evidence").words
_ARTICLES = _WORDS["article"]
_OWNED = re.compile(r"(?:its|their|his|her)\s", re.IGNORECASE)
_PERSONAL = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_LEADS = re.compile(r"^\W*(?:[^,;:“”\"]{0,60},\s)?(?:(?:the|an?)\s)?(?:[\w’'-]+\s){0,4}$", re.IGNORECASE)
MAX_CLAIMANT_WORDS = 9
MAX_PARTICIPLE_SPEAKER_WORDS = 3  # words; of more before "citing", the speaker stands farther off
OWNED_SHARE = 0.6  # share of the words in another speaker's claim from which they belong to that speaker
NAMING_SENTENCE_SHARE = 0.4  # of a statement in a sentence, from which that is where it comes from
_DETERMINERS = _WORDS["determiner"]
_NO_SUBJECT_FIRST = _WORDS["no subject first"]
_SAYS_NEXT = re.compile(
    rf"\s(?:has\s|have\s|had\s|also\s|later\s|then\s)*(?:{any_of(SAYING | SAYING_OR_NOUN | SPEAKING)})\b"
)
_SPEECH_GOES_ON = re.compile(r"^\s*[“\"'‘]")


def wrong_claimant(statement: Facts, ground: Ground, *, who: str) -> tuple[str, ...]:
    """Return ``who`` if in the cited sentences somebody else says ``statement``, or nobody."""
    terms = statement.terms - REPORTING_STEMS - content(who)
    said_by = owners(terms, ground.facts) or [v for f in ground.facts for v in voices(f.text)]
    if not said_by:
        return () if _named_in_header(who, ground) or _acts(who, ground) or _goes_on(who, ground) else (who,)
    for voice in said_by:
        if is_speaker(who, voice.teller or voice.speech) or _meant(who, voice, ground):
            return ()
        if len(voice.speech.who.split()) > MAX_CLAIMANT_WORDS and _acts(who, ground):
            return ()  # a long subject with clauses of its own: whoever it begins with
    return (who,)


def unattributed(statement: Facts, ground: Ground, *, who: str) -> tuple[str, ...]:
    """Return the speaker in ``statement`` if the cited sentences only have somebody else report these words.

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


def _named_in_header(who: str, ground: Ground) -> bool:
    """Return whether ``who`` is the outlet, author or agency of a cited article."""
    for article in ground.articles:
        for name in (article.outlet, article.author, article.originator, article.site):
            if name and (content(who) <= content(name) or same_name(who, name)):
                return bool(content(who))
    return False


def _acts(who: str, ground: Ground) -> bool:
    """Tell whether ``who`` is the subject of a cited sentence: "Alder agreed", "Sony has changed its rules"."""
    for facts in ground.facts:
        subject = subject_of(facts.text)
        if subject and is_speaker(who, speech_of("said", subject)):
            return True
        first = next((n for n in facts.names if is_speaker(who, speech_of("said", n.text))), None)
        if first is not None and _LEADS.search(facts.text[: first.start]):
            return True
        if not first and _starts_with(who, facts.text):
            return True
    return False


def _starts_with(who: str, text: str) -> bool:
    bare = re.sub(r"^(?:the|a|an)\s", "", fold(text))
    return bare.startswith(re.sub(r"^(?:the|a|an)\s", "", fold(who)))


def _goes_on(who: str, ground: Ground) -> bool:
    """Return whether a cited quotation continues a sentence in which ``who`` speaks."""
    return any(
        _SPEECH_GOES_ON.match(facts.text) and _spoke(who, before)
        for facts, before in zip(ground.facts, ground.before, strict=True)
    )


def _meant(who: str, voice: Voice, ground: Ground) -> bool:
    """Tell whether a speaker who is named elsewhere ("she", "the firm") means ``who``, and nobody else is nearer."""
    if voice.teller is not None or not _is_short(voice):
        return False
    for facts, before in zip(ground.facts, ground.before, strict=True):
        if voice not in voices(facts.text):
            continue
        others = [v for v in voices(facts.text) if v.speech.start < voice.speech.start and not _is_short(v)]
        if others:
            return is_speaker(who, others[-1].speech)
        spoke = [v for one in before for v in voices(one.text) if not _is_short(v) and v.teller is None]
        if voice.speech.verb in REPLIES:
            return bool(spoke) and not is_speaker(who, spoke[0].speech) and _named_near(who, ground)
        if spoke and _PERSONAL.search(voice.speech.who):
            return is_speaker(who, spoke[0].speech)
        return _named_near(who, ground)
    return False


def _is_short(voice: Voice) -> bool:
    """Tell whether the speaker of ``voice`` is named elsewhere only: "she", "the company", "the 63-year-old"."""
    if voice.speech.pronoun or re.search(r"-year-old\b", voice.speech.who):
        return True
    if _OWNED.match(voice.speech.who):
        return False
    return not voice.speech.names and set(words(voice.speech.who)) <= SHORT_WORDS | _ARTICLES


def _spoke(who: str, facts: Iterable[Facts]) -> bool:
    return any(is_speaker(who, v.speech) for one in facts for v in voices(one.text) if v.teller is None)


def _named_near(who: str, ground: Ground) -> bool:
    """Tell whether the cited sentences, those before them, the title or the lead name ``who``."""
    wanted = content(who)
    return any(
        wanted
        and (wanted <= facts.terms or any(is_speaker(who, speech_of("said", n.text)) for n in facts.names))
        for facts in (*ground.facts, *ground.beside, *ground.around)
    )


def wrong_speaker(statement: Facts, ground: Ground) -> tuple[str, ...]:
    """Return the speaker in ``statement`` if in the cited sentences others speak."""
    theirs = [v.speech for facts in ground.facts for v in voices(facts.text)]
    for voice in voices(statement.text):
        ours = voice.speech
        if (not ours.names and not ours.terms - _generic()) or (ours.pronoun and not ours.names):
            continue
        if len(ours.who.split()) > MAX_CLAIMANT_WORDS or _is_no_speaker(ours):
            continue  # a clause with verbs of its own: who speaks in it is not told
        if _says_anothers(voice, ground):
            return (ours.who.strip(" ,.“”\"'"),)
        if any(_alike(ours, other) or is_speaker(ours.who, other) for other in theirs) or (
            not ours.names and ours.verb.startswith("suggest")
        ):
            continue
        if any(other.short for other in theirs) or not theirs:
            # "He said": a person nearby; a continued quotation: the speaker next to it.
            near = [v.speech for facts in (*ground.beside, *ground.around) for v in voices(facts.text)]
            if any(_alike(ours, other) for other in near) or (
                _named(ours, ground.around) and any(o.short for o in theirs)
            ):
                continue
        if _speaks_by_name(ours, statement, ground):
            continue
        if not theirs and (_named(ours, ground.facts) or _named_in_header(ours.who, ground)):
            continue
        return (ours.who.strip(" ,.“”\"'") or ours.verb,)
    return ()


def _says_anothers(voice: Voice, ground: Ground) -> bool:
    """Tell whether what ``voice`` says is, in the cited sentences, the word of others only, who are named; its speaker says other things."""
    if not voice.speech.names or voice.speech.verb not in SAYING:
        return False
    claim = content(voice.claim) - REPORTING_STEMS - content(voice.speech.who)
    if len(claim) < MIN_CLAIM_TERMS + 1:
        return False
    said_by = owners(claim, ground.facts)
    return bool(said_by) and all(_is_another(voice.speech, other, claim, ground) for other in said_by)


def _is_another(speech: Speech, voice: Voice, claim: frozenset[str], ground: Ground) -> bool:
    """Tell whether ``voice``, which says most of ``claim``, is by name somebody else than the speaker of ``speech``."""
    if voice.teller is not None or voice.speech.short or not voice.speech.names:
        return False
    said = content(voice.claim)
    if sum(carried(t, said) for t in claim) < OWNED_SHARE * len(claim):
        return False
    if _alike(speech, voice.speech) or is_speaker(speech.who, voice.speech):
        return False
    own = [facts for facts in ground.facts if voice in voices(facts.text)]
    return not any(plain(name) in facts.plain for facts in own for name in speech.names)


def _is_no_speaker(speech: Speech) -> bool:
    """Return whether the text before the verb is no subject: "ensuring their" of an admit card, "with Modi" expected."""
    words_ = speech.who.casefold().strip(" ,").split()
    if not words_ or words_[-1] in _DETERMINERS or words_[0] in _NO_SUBJECT_FIRST:
        return True
    if words_[0].endswith("ing") and not speech.who.strip()[0].isupper():
        return True
    return speech.verb.endswith("ing") and len(words_) > MAX_PARTICIPLE_SPEAKER_WORDS


def _speaks_by_name(ours: Speech, statement: Facts, ground: Ground) -> bool:
    """Tell whether a cited sentence that carries much of ``statement`` names the speaker before a verb of saying, or has no other speaker."""
    for facts in ground.facts:
        if sum(carried(t, facts.terms) for t in statement.terms) < NAMING_SENTENCE_SHARE * len(
            statement.terms
        ):
            continue
        if any(_before_verb(name, facts.plain) for name in ours.names):
            return True
        if not voices(facts.text) and _named(ours, (facts,)):
            return True
    return False


def _before_verb(name: str, text: str) -> bool:
    return any(_SAYS_NEXT.match(text, match.end()) for match in re.finditer(re.escape(plain(name)), text))


def _generic() -> frozenset[str]:
    return frozenset(
        content_terms("statement release news conference interview article author report piece column story")
    )


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
