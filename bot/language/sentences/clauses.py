"""Split a sentence into whole clauses in its own words. Pure, English.

A part is always one unbroken run of the sentence's words, so it can be found there again. What a cut would
change in meaning (a negation, a "but", a condition) is never cut away; who claims a thing only on request.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.language.dates.rules import WEEKDAYS
from bot.language.rules import any_phrase, load_rules
from bot.language.speech import ACCORDING, SAYING, SAYING_OR_NOUN, any_of
from bot.language.text_cache import text_cached

MAX_CUT_SENTENCE_CHARS = 2_000  # characters; longer ones are lists or damage, and are not cut
MAX_CUTS = 40  # places of one sort at which a cut is tried
MAX_COMMAS = 12  # commas from the end after which a speaker is searched

# Read when the module is: sentences are judged in the loop, where no file may be opened.
_RULES = load_rules("en", "clauses")
_WORDS = _RULES.words
_SAYING = any_of(SAYING | SAYING_OR_NOUN)
_OBJECT = (
    rf"(?:\s(?:the\s)?[A-Z][\w.’'&-]*(?:\s[A-Z][\w.’'&-]*){{0,3}}|\s(?:{any_phrase(_WORDS['said to'])}))"
)
_WHEN_SAID = rf"(?:\s(?:{any_of(_WORDS['when said'] | frozenset(WEEKDAYS))})\b[^,;]{{0,80}})?"
_BESIDE_SPEAKER = any_of(_WORDS["beside speaker"])
_ACCORDING_TO = any_phrase(ACCORDING)
_SPEAKER = r"(?P<speaker>[^,;:“”\"]{2,120}(?:,\s[^,;:“”\"]{2,80},)?)"
_TRAILING = (
    re.compile(
        rf",[”\"’']?\s{_SPEAKER}\s(?:(?:{_BESIDE_SPEAKER})\s){{0,2}}"
        rf"(?:{_SAYING})(?:{_OBJECT})?{_WHEN_SAID}[.]?$"
    ),
    re.compile(rf",?[”\"’']?\s(?:{_ACCORDING_TO})\s(?P<speaker>[^;:“”\"]{{2,120}}?)[.]?$"),
    re.compile(rf",[”\"’']?\s(?:{_SAYING})\s(?P<speaker>[^;:“”\"]{{2,120}}?)[.]?$"),
)
_LEADING = (
    re.compile(rf"^(?i:{_ACCORDING_TO})\s(?P<speaker>[^,;:“”\"]{{2,120}}),\s"),
    re.compile(
        rf"^{_SPEAKER}\s(?:(?:{_BESIDE_SPEAKER})\s){{0,2}}(?:{_SAYING})(?:{_OBJECT})?"
        r"(?:\s(?:on|in|at|late|early)\s[\w\s’']{2,40}?|\s(?:yesterday|today"
        rf"|{'|'.join(WEEKDAYS)}))?"
        rf"(?:\sthat\s|\s(?=(?:{any_of(_WORDS['claim opener'])}|[A-Z0-9])\b))"
    ),
)
_NO_SPEAKER = re.compile(
    rf"^(?:(?i:according|{any_of(SAYING)})\b|(?i:{any_of(_WORDS['no speaker'])})\b|[a-z]+ing\b)"
)
_BESIDE_THE_SPEAKER = _RULES.pattern("beside the speaker")

_AUXILIARIES = re.compile(rf"(?:\s(?:{any_of(_WORDS['beside speaker'] | _WORDS['behind speaker'])})){{1,4}}$")
_DATELINE = re.compile(
    r"^(?:(?:[A-Z][A-Z.’' -]{2,40})(?:,\s[A-Z][\w. ]{2,30})?\s?(?:\([^)]{2,30}\)\s?)?[—–‒−-]{1,2}\s"
    r"|[A-Z][A-Z.’' -]{2,40}(?:,\s[A-Z][\w. ]{2,30}){0,2}\s\([A-Za-z][\w ./-]{1,30}\)\s(?:[—–‒−-]{1,2}\s)?"
    r"|\([A-Z][A-Za-z ]{1,20}\)\s?(?:[—–‒−-]{1,2}\s)?|[A-ZÀ-Þ][\w ,./-]{2,40}\s\([A-Za-z]{2,10}(?:/[A-Za-z]{2,10})?\)\s?[—–‒−-]{1,2}\s"
    # "Osby (CNN Business) A storm".
    r"|[A-Z][a-z]+(?:\s[A-Z][a-z]+){0,2}\s\((?:AP|AFP|CNN|UPI|Reuters)(?:\s[A-Z][a-z]+)?\)\s(?=[A-Z]))"
)
_CONNECTIVE = _RULES.pattern("connective")
_LEAD_IN = _RULES.pattern("lead-in")
_MARKED_TAIL = _RULES.pattern("marked tail")
_OPEN_TAIL = _RULES.pattern("open tail")
_QUALIFIER = _RULES.pattern("keeps meaning")
_BAD_END = _RULES.pattern("no end")
_FINITE = _RULES.pattern("finite")
_PAST = _RULES.pattern("past")
_SUBORDINATOR = _RULES.pattern("subordinator")
_VERB_GROUP = re.compile(
    rf"(?:\b(?:{any_of(_WORDS['auxiliary'])})"
    rf"(?:\s(?:{any_of(_WORDS['within verb'])}|\w+ly))*\s)?(?:{_FINITE.pattern})"
)
_RESUMES = _RULES.pattern("resumes")
_PARTICIPLE = _RULES.pattern("participle")
_BARE_TIME = _RULES.pattern("bare time")
_WORD = re.compile(r"[^\s—–]+")
_PAIRS = (("“", "”"), ("(", ")"), ("[", "]"), ("«", "»"), ("„", "“"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed:
    """A sentence parted into what is claimed and who claims it, both as printed."""

    claim: str
    speaker: str


def word_count(text: str) -> int:
    """Count words as a reader does: dashes are none, "60-day" is one."""
    return len(_WORD.findall(text))


def lead_free(sentence: str) -> str:
    """Return ``sentence`` without a dateline or a connective that points back ("But", "Meanwhile,")."""
    text = sentence.strip().lstrip("—–- ")
    for pattern in (_DATELINE, _CONNECTIVE):
        match = pattern.match(text)
        if match and match.end() < len(text):
            text = text[match.end() :]
    return text


@text_cached(maxsize=10_000)  # asked of each sentence by every kind of fact
def attributed(sentence: str) -> Attributed | None:
    """Return claim and speaker where the sentence begins or ends by naming who says it, else None."""
    text = sentence.strip()
    if len(text) > MAX_CUT_SENTENCE_CHARS:
        return None
    for pattern in _TRAILING:
        for comma in _positions(text):
            match = pattern.match(text, comma)
            if match and _is_speaker(match["speaker"]) and finite(text[:comma]):
                closing = text[comma + 1 : comma + 2] if text[comma] == "," else text[comma : comma + 1]
                end = text[:comma] + (closing if closing in "”\"’'" else "")
                return Attributed(claim=end, speaker=_speaker(match["speaker"]))
    for pattern in _LEADING:
        match = pattern.match(text)
        if match and _is_speaker(match["speaker"]) and finite(text[match.end() :]):
            return Attributed(claim=text[match.end() :], speaker=_speaker(match["speaker"]))
    return None


def is_qualifying(text: str) -> bool:
    """Tell whether a sentence would say something else without ``text``: a hedge, a denial, a condition."""
    return bool(_QUALIFIER.search(text))


def parts(sentence: str) -> Iterator[str]:
    """Yield the clean parts of ``sentence``, the whole one first, then ever shorter ones; none loses a "the ministry said"."""
    text = lead_free(sentence)
    if len(text) > MAX_CUT_SENTENCE_CHARS:
        return
    found, bases = set[str](), [text]
    lead = _LEAD_IN.match(text)
    if lead and not is_qualifying(lead[0]):
        bases.append(text[lead.end() :])
    for base in bases:
        found.add(tidy(base))
        found.update(_shortened(base))
    whole = tidy(text)
    yield whole
    for part in sorted(found - {whole}, key=lambda p: (-len(p), p)):
        if (
            is_clause(part)
            and balanced(part)
            and not _BAD_END.search(part.rstrip(".”\"’'"))
            and not _BARE_TIME.search(part)
            and word_count(part) >= 4
        ):
            yield part


def _shortened(text: str) -> Iterator[str]:
    for pattern in (_MARKED_TAIL, _OPEN_TAIL):
        for match in islice(pattern.finditer(text), MAX_CUTS):
            kept, dropped = text[: match.start()], text[match.start() :]
            if is_qualifying(dropped) or not balanced(kept) or _RESUMES.match(dropped):
                continue
            if _loses_claimant(dropped):
                continue
            yield tidy(kept)


def _loses_claimant(dropped: str) -> bool:
    return any(pattern.search(dropped) for pattern in _TRAILING) or bool(
        re.search(rf"\b(?:{_ACCORDING_TO}|{_SAYING})\b", dropped)
    )


def _positions(text: str) -> Iterator[int]:
    """Yield where an attribution at the end can begin: a comma, or the blank before "according to"."""
    found = re.finditer(
        rf",|(?<![,”\"])\s(?=(?:{_ACCORDING_TO})\s)|(?<=\w)[”\"’'](?=\s(?:{_ACCORDING_TO})\s)", text
    )
    # The speaker is at the end, after at most one or two appositions.
    for match in deque(found, maxlen=MAX_COMMAS):
        yield match.start()


def _is_speaker(speaker: str) -> bool:
    name = _speaker(speaker)
    return bool(re.search(r"[A-Za-z]{2}", name)) and not _NO_SPEAKER.match(name)


def _speaker(printed: str) -> str:
    """Return the speaker without a relative clause: "the source, who asked not to be named"."""
    name = _BESIDE_THE_SPEAKER.split(printed.strip(" ,—–-"))[0]
    return _AUXILIARIES.sub("", name)


def is_clause(part: str) -> bool:
    """Tell whether ``part`` has a verb for its main clause beside those of its subordinate clauses."""
    if _PARTICIPLE.match(part):
        return False
    verbs = sum(1 for _ in _VERB_GROUP.finditer(part))
    return verbs > sum(1 for _ in _SUBORDINATOR.finditer(part))


def finite(text: str) -> bool:
    """Tell whether ``text`` seems to hold a finite verb, which every clause needs."""
    return bool(_FINITE.search(text))


def tells(text: str) -> bool:
    """Tell whether ``text`` seems to hold a finite verb, in a past tense that ``finite`` does not know too."""
    return finite(text) or bool(_PAST.search(text))


def balanced(text: str) -> bool:
    """Tell whether every quotation mark and bracket of ``text`` has its partner."""
    if text.count('"') % 2:
        return False
    return all(text.count(left) == text.count(right) for left, right in _PAIRS[:4]) or (
        "„" in text and text.count("„") == text.count("“")
    )


def tidy(part: str) -> str:
    """Return ``part`` with a capital first, without loose marks at its ends; marks inside quotes go too."""
    text = re.sub(r"\s+", " ", part).strip(" \t,;:—–-")
    if len(text) > 1 and text[-1] in '”"’' and text[-2] in ",;":
        text = text[:-2] + text[-1]
    for index, char in enumerate(text[:3]):
        if char.isalpha():
            return text[:index] + char.upper() + text[index + 1 :]
        if char not in "“\"'‘(":
            break
    return text
