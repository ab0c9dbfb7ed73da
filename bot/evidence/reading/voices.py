"""Finds who claims what in a sentence: each act of saying with speaker, claim, and the one who reports it.

"Hale said the Front believes there is a chance" has one voice, Hale's, and inside it the Front's: what the Front
believes is Hale's word, not the Front's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.evidence.reading.facts import Facts
from bot.evidence.reading.speech import Speech, speech_of, speeches
from bot.evidence.reading.synonyms import REPORTING_STEMS, carried, content, may_mean_the_same
from bot.language.dates.rules import MONTHS, WEEKDAYS
from bot.language.entities.names import same_name
from bot.language.rules import load_rules
from bot.language.speech import SAYING_OR_NOUN
from bot.language.text_cache import text_cached
from bot.language.words import fold, stem, words

_VOICES = load_rules("en", "voices")
_RULES = load_rules("en", "claimants")
RELATIONS = _RULES.words["relation"]
REPLIES = _RULES.words["reply"]
PERFORMATIVE = _RULES.words["performative"]
_ASSESSING = next(rule.match for rule in _RULES.patterns if rule.sense == "assessing")
MIN_CLAIM_TERMS = 2  # content words after the verb below which the claim is before the speaker
_CALENDAR = frozenset(stem(w.casefold()) for w in (*MONTHS, *WEEKDAYS))
MAX_WHO_CHARS = 160
MIN_VOICE_NAME_CHARS = 4
_OWN = _VOICES.pattern("own")
_UNSAID = _VOICES.pattern("unsaid")
_OTHER_SENSE = _VOICES.pattern("other sense")
_LEAD_IN = re.compile(r"^\s*(?:.{0,60}\bthat\s)?")
_QUOTED = re.compile(r"“[^”]{1,600}”|\"[^\"]{1,600}\"")
_APPOSITION = re.compile(r",\s[A-Z][\w.’'-]*(?:\s[A-Z][\w.’'-]*){0,3}")
MAX_VOICE_WORDS = 8  # words; a longer one before its comma is a clause with its speaker in apposition
_NAMED_BEFORE = re.compile(r"[A-Z][\w.’'-]+(?:\s[A-Z][\w.’'-]+){1,3},\s$")
_CONTRAST = _VOICES.pattern("contrast")
_QUOTE_ENDS = re.compile(r"[”\"’']\s*$")
_WHEN_SAID = _VOICES.pattern("when said")
_TRAILED = re.compile(r"[,”\"’']\s*$")
_JOINED, _ASIDE = _VOICES.pattern("joined"), _VOICES.pattern("aside")
_DETERMINED, _NO_SUBJECT = _VOICES.pattern("determined"), _VOICES.pattern("no subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One speaker of a sentence: ``claim`` is what is said, ``teller`` who reports that it is said, or None."""

    speech: Speech
    claim: str
    teller: Speech | None = None


@text_cached(maxsize=4_096)
def voices(text: str) -> tuple[Voice, ...]:
    """Return the voices of ``text`` in order; a voice with a teller is inside the teller's claim."""
    placed: list[tuple[Speech, Speech | None, int]] = []  # the act, who tells of it, where its speaker begins
    for act in _acts(text):
        speech, at = _whole_speaker(act, text)
        last = placed[-1] if placed and not placed[-1][0].behind else None
        between = text[last[0].end : speech.start] if last else ""
        if last is None or speech.behind or len(speech.who) < len(between.strip()):
            if not _NO_SUBJECT.search(speech.who) and not _is_noun(speech, speech.who):
                placed.append((speech, None, at))
        elif _JOINED.search(between):
            joined = replace(last[0], verb=speech.verb, start=speech.start, end=speech.end)
            placed.append((joined, last[1], speech.start))
        elif not _OWN.match(between) and re.search(r"\w", between) and not _is_noun(speech, between):
            who = _LEAD_IN.sub("", between)
            inner = speech_of(speech.verb, who, start=speech.start, end=speech.end)
            placed.append((inner, last[1] or last[0], speech.start - len(who)))
    begins = [at for _, _, at in placed]
    return tuple(
        Voice(speech=speech, claim=_claim(text, [s for s, _, _ in placed], begins, i), teller=teller)
        for i, (speech, teller, _) in enumerate(placed)
    )


def _is_noun(speech: Speech, before: str) -> bool:
    return speech.verb in SAYING_OR_NOUN and bool(_NO_SUBJECT.search(before) or _DETERMINED.search(before))


def _acts(text: str) -> list[Speech]:
    acts = list(speeches(text))
    for match in _ASSESSING.finditer(text):
        if any(a.start <= match.start() < a.end for a in acts):
            continue
        who = _ASIDE.split(text[: match.start()])[-1][-MAX_WHO_CHARS:]
        acts.append(speech_of(match[0].split()[-1].lower(), who, start=match.start(), end=match.end()))
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    acts = [a for a in acts if not _UNSAID.search(text[: a.start]) and not _OTHER_SENSE.match(text, a.start)]
    outside = [a for a in acts if not any(start <= a.start < end for start, end in quoted)]
    return sorted(outside or acts, key=lambda a: a.start)


def _whole_speaker(speech: Speech, text: str) -> tuple[Speech, int]:
    """Return ``speech`` with its speaker cut out of a sentence, or made whole, and where that one begins."""
    who = speech.who
    if speech.behind:
        at = text.find(who, speech.end)
        named = _APPOSITION.match(text, at + len(who)) if at >= 0 else None
        longer = who + named[0] if named else who
        whole = speech_of(speech.verb, longer, start=speech.start, end=speech.end, behind=True)
        return whole, speech.start
    pieces = who.rstrip(" ,").split(", ")
    if who.rstrip().endswith(",") and len(pieces) > 2 and len(who.split()) > MAX_VOICE_WORDS:
        who = ", ".join(pieces[-2:]) + ","
    at = text.rfind(who.split(", ")[0], 0, speech.start) if who else speech.start
    named = _NAMED_BEFORE.search(text[: max(at, 0)]) if not speech.names else None
    if named:  # "Ole Brandt, president of the region announced": the second comma is missing
        who, at = f"{named[0]}{who}", named.start()
    cut = speech_of(speech.verb, who, start=speech.start, end=speech.end)
    return (speech if who == speech.who else cut), (at if at >= 0 else speech.start)


def _claim(text: str, found: Sequence[Speech], begins: Sequence[int], i: int) -> str:
    """Return the claim of the ``i``-th speech: the text after its verb, else before its speaker."""
    speech = found[i]
    start = max((f.end for f in found[:i]), default=0)
    end = max(speech.end, min((at for at in begins[i + 1 :] if at >= speech.end), default=len(text)))
    behind, before = text[speech.end : end], text[start : max(start, begins[i])]
    if speech.verb == "according to":
        before = text[: begins[i]]
    if speech.behind:
        return f"{before} {behind.replace(speech.who, ' ', 1)}"
    ended = bool(re.match(r"\s*[;.]", behind))
    piece = _CONTRAST.split(before)[-1]
    trails = _QUOTE_ENDS.search(piece) or (_TRAILED.search(piece) and _WHEN_SAID.match(behind))
    if trails and len(content(piece)) >= MIN_CLAIM_TERMS:
        return f"{piece} {behind}"  # “…,” Ole Brandt said in a statement after the vote
    said = content(behind) - REPORTING_STEMS - _CALENDAR
    if (ended or len(said) < MIN_CLAIM_TERMS) and len(content(before)) >= MIN_CLAIM_TERMS:
        return before
    return behind


def owners(terms: frozenset[str], facts: Iterable[Facts]) -> list[Voice]:
    """Return the voices of ``facts`` whose claims have most of ``terms``; none if no claim has a third."""
    scored = []
    for one in facts:
        for voice in voices(one.text):
            claimed = content(voice.claim)
            share = sum(carried(t, claimed) for t in terms) / max(1, len(terms))
            scored.append((share, voice))
    best = max((share for share, _ in scored), default=0.0)
    if best < 1 / 3:
        return []
    return [voice for share, voice in scored if share >= best - 0.1]


def is_speaker(who: str, speech: Speech) -> bool:
    """Return whether ``who`` is the speaker of ``speech``: by name or by description."""
    wanted = speech_of("said", who)
    for mine in wanted.names:
        for theirs in speech.names:
            if same_name(mine, theirs) or _within(mine, theirs) or _within(theirs, mine):
                return not _other_of(theirs, who, speech.who)
    if len(who) >= MIN_VOICE_NAME_CHARS and _within(who, speech.who) and not _other_of(who, who, speech.who):
        return True
    mine_terms, theirs_terms = content(who), content(speech.who)
    if not mine_terms or (_persons(wanted) and _persons(speech)):
        return False
    shared = sum(any(may_mean_the_same(a, b) for b in theirs_terms) for a in mine_terms)
    return shared >= max(1, 0.6 * len(mine_terms))


def _persons(speech: Speech) -> bool:
    return any(len(name.split()) > 1 for name in speech.names)


def _within(short: str, long: str) -> bool:
    return f" {fold(short)} " in f" {fold(long)} "


def _other_of(name: str, who: str, theirs: str) -> bool:
    """Tell whether ``theirs`` is somebody else of ``name``: "Sand's lawyer" of Sand, one ministry of another."""
    owned = re.search(rf"{re.escape(name)}['’]s?\s(?P<rest>[^,]*)", theirs, re.IGNORECASE)
    if owned is None:
        return False
    rest = set(words(owned["rest"]))
    if rest & RELATIONS:
        return not set(words(who)) & RELATIONS
    mine = content(who) - content(name) if len(name.split()) == 1 else frozenset()
    held = content(owned["rest"])
    return bool(mine and held and not any(may_mean_the_same(a, b) for a in mine for b in held))


def subject_of(text: str) -> str:
    """Return the text before the first verb of deciding, hoping and the like, else an empty string."""
    found = []
    for match in re.finditer(r"[^\W\d_]+", text[:400]):
        if match[0] in PERFORMATIVE:
            return re.sub(r",\s(?:which|who)\b[^,]*,", "", text[: match.start()]).strip(" ,")
        found.append(match[0])
    return ""
