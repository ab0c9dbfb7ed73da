"""Cuts a sentence into clean parts: whole clauses in the sentence's own words, never mid-phrase. Pure, English.

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
from bot.language.rules import load_rules
from bot.language.speech import SAYING, SAYING_OR_NOUN, any_of
from bot.language.text_cache import text_cached

MAX_SENTENCE_CHARS = 2_000  # characters; longer ones are lists or damage, and are not cut
MAX_CUTS = 40  # places of one sort where a sentence is tried to be cut
MAX_COMMAS = 12  # from the end, behind which a speaker is looked for

_SAYING = any_of(SAYING | SAYING_OR_NOUN)
_OBJECT = r"(?:\s(?:the\s)?[A-Z][\w.’'&-]*(?:\s[A-Z][\w.’'&-]*){0,3}|\s(?:reporters|journalists|the\sagency|lawmakers))"
_WHEN_SAID = (
    r"(?:\s(?:on|in|at|during|via|by|through|after|before|to|late|early|earlier|later|yesterday|today"
    rf"|{'|'.join(WEEKDAYS)})\b[^,;]{{0,80}})?"
)
_SPEAKER = r"(?P<speaker>[^,;:“”\"]{2,120}(?:,\s[^,;:“”\"]{2,80},)?)"
_TRAILING = (
    re.compile(
        rf",[”\"’']?\s{_SPEAKER}\s(?:(?:has|had|have|also|earlier|later|previously)\s){{0,2}}"
        rf"(?:{_SAYING})(?:{_OBJECT})?{_WHEN_SAID}[.]?$"
    ),
    re.compile(r",?[”\"’']?\s(?:according\sto|as\sreported\sby)\s(?P<speaker>[^;:“”\"]{2,120}?)[.]?$"),
    re.compile(rf",[”\"’']?\s(?:{_SAYING})\s(?P<speaker>[^;:“”\"]{{2,120}}?)[.]?$"),
)
_LEADING = (
    re.compile(r"^According\sto\s(?P<speaker>[^,;:“”\"]{2,120}),\s"),
    re.compile(
        rf"^{_SPEAKER}\s(?:(?:has|had|have|also|earlier|later|previously)\s){{0,2}}(?:{_SAYING})(?:{_OBJECT})?"
        r"(?:\s(?:on|in|at|late|early)\s[\w\s’']{2,40}?|\s(?:yesterday|today"
        rf"|{'|'.join(WEEKDAYS)}))?"
        r"(?:\sthat\s|\s(?=(?:the|a|an|no|talks|negotiations|it|they|he|she|[A-Z0-9])\b))"
    ),
)
_NO_SPEAKER = re.compile(
    rf"^(?:(?i:according|{any_of(SAYING)})\b|(?i:who|which|whose|that|and|but|while|as|after|before|when|where|or|if|because|having|being)\b|[a-z]+ing\b)"
)

_AUXILIARIES = re.compile(r"(?:\s(?:has|had|have|also|earlier|later|previously|already|then)){1,4}$")
_DATELINE = re.compile(
    r"^(?:(?:[A-Z][A-Z.’' -]{2,40})(?:,\s[A-Z][\w. ]{2,30})?\s?(?:\([^)]{2,30}\)\s?)?[—–-]{1,2}\s"
    r"|[A-Z][A-Z.’' -]{2,40}(?:,\s[A-Z][\w. ]{2,30}){0,2}\s\([A-Za-z][\w ./-]{1,30}\)\s(?:[—–-]{1,2}\s)?"
    r"|\([A-Z][A-Za-z ]{1,20}\)\s?(?:[—–-]{1,2}\s)?|[A-ZÀ-Þ][\w ,./-]{2,40}\s\([A-Za-z]{2,10}(?:/[A-Za-z]{2,10})?\)\s?[—–-]{1,2}\s)"
)
_CONNECTIVE = re.compile(
    r"^(?:(?:But|And|Yet|So|Also|Now|Still)\s(?=\S)|(?:Meanwhile|However|Moreover|Separately|Also|In\saddition|Additionally"
    r"|Furthermore|Indeed|In\sfact|Of\scourse|At\sthe\ssame\stime|Elsewhere|For\snow|Nevertheless|Then|Still|And|But|Now),\s)"
)
_LEAD_IN = re.compile(
    r"^(?:After|Following|As|While|When|Amid|Despite|During|Before|Since|With|Speaking|Earlier|On|In|At|Late|Early"
    r"|Hours|Days|Weeks|Just|Less|More)\b[^,;“”\"]{3,160},\s"
)
# Where a tail may begin that can be left off: with a mark before it, or in the open sentence.
_MARKED_TAIL = re.compile(
    r"(?:,\s(?=(?:who|whom|which|whose|where|when|while|as|after|before|following|amid|with|including|during|despite"
    r"|because|since|in\swhich|at\swhich|prompting|according|\w+ing|an?|the|and|in\sa|in\san|in\swhat|just|hours|days"
    r"|weeks|months|years|days|part\sof|one\sof|even|especially|bringing|adding|on|at)\b)"
    r"|;\s|\s[—–]\s|\s-\s|\s\()"
)
_OPEN_TAIL = re.compile(
    r"\s(?=(?:after|following|amid|while|because|when|where|although|ahead\sof|in\sa\sbid|in\san\seffort|in\sorder"
    r"|despite|as\s(?:the|a|an|it|they|he|she|[A-Z]\w+|\w+s|part)|before|(?:hours|days)\s(?:after|before)|during)\b)"
)
_KEEPS_MEANING = re.compile(
    rf"\b(?:{any_of(frozenset[str]().union(*load_rules('en', 'modality').words.values()))})\b|n[’']t\b",
    re.IGNORECASE,
)
_BAD_END = re.compile(
    r"\b(?:the|an?|of|to|in|on|at|for|with|by|from|and|or|but|as|that|which|who|than|into|its|their|his|her|is|are|was"
    r"|were|be|been|has|have|had|will|would|not|no|said|says|told|including|between|about|over|mr|mrs|ms|dr|gen|sen|gov"
    r"|rep|lt|col|st|both|either|after|before|such|so|just|only|even|shortly|soon|immediately|(?:some|many|few)"
    r"|least|most|per|via|onto|amid|whose|where|when|while)$",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could|may|might|must|shall|should|began|begun|came|went"
    r"|made|took|gave|told|said|says|saw|left|won|lost|broke|fell|rose|struck|hit|shot|fought|sent|wrote|found|got|led"
    r"|spoke|ran|met|held|kept|set|put|cut|let|sold|bought|built|brought|thought|taught|caught|paid|sank|drove|grew|knew"
    r"|threw|flew|drew|stood|understood|swept|burst|spread|shut|quit|beat|rode|hung|won|sought|dealt|felt|wins?|hosts?"
    r"|holds?|meets?|begins?|resumes?|starts?|opens?|plans?|faces?|remains?|continues?|says?|wants?|takes?|makes?|gives?"
    r"|goes|shows?|calls?|seeks?|warns?|agrees?|rejects?|signs?|ends?|hopes?|expects?|votes?|kills?|hits?|becomes?|became"
    r"|includes?|means?|comes?|stands?|lies|leads?|rises?|falls?|needs?|allows?|offers?|gets?|brings?|runs?|sees?|keeps?)\b"
    r"|(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bof )(?<!- )\b[A-Za-z]{2,}(?:ed)\b(?!\s(?:by|in\s(?:19|20)))|[’'](?:s|re|ll|ve|d)\s\w+(?:ing|ed)\b",
)
# Past tenses that ``_FINITE`` does not hold.
_PAST = re.compile(
    r"\b(?:wore|tore|swore|woke|chose|froze|stole|sang|swam|drank|blew|fled|fed|hid|spent|lent|slept|wept|dug|swung|clung|shook"
    r"|overtook|withdrew|forgave|forbade|overcame|underwent|arose|laid)\b"
)
# A subordinate clause needs a verb of its own, beside that of the main clause.
_SUBORDINATOR = re.compile(
    r",\s(?:who|which|whose|where|when|whom)\b|\s(?:who|which|since|because|although|while|when|whose|if|once)\s"
    r"|^(?:After|As|While|When|Since|Although|Though|If|Because|Once|Before)\s(?=[^,]*$)"
)
_VERB_GROUP = re.compile(
    rf"(?:\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|been|be|did|does|do)"
    rf"(?:\s(?:not|been|be|being|\w+ly|also|recently|already))*\s)?(?:{_FINITE.pattern})"
)
# "at least 84 people, including ten children, were killed": the verb comes only after the insertion.
_RESUMES = re.compile(
    r"^(?:,|\s[—–-]|\s\()\s?[^,—–)]{2,160}(?:,|\s[—–-]|\))\s(?:is|are|was|were|has|have|had|will|would|can|could|may|might|did"
    r"|said|says|told|also|later|\w+ed)\b"
)
_PARTICIPLE = re.compile(
    r"^(?:Already\s|First\s)?[A-Z][a-z]+ed\s(?:in|on|at|by|via|from|for|with|to)\b(?![^,]*,)"
)
_BARE_TIME = re.compile(r"(?<!\d)(?<!\d\s)\b(?:seconds|minutes|hours|days|weeks|months|years)$")
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
    if len(text) > MAX_SENTENCE_CHARS:
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


def keeps_meaning(text: str) -> bool:
    """Tell whether a sentence would say something else without ``text``: a hedge, a denial, a condition."""
    return bool(_KEEPS_MEANING.search(text))


def parts(sentence: str) -> Iterator[str]:
    """Yield the clean parts of ``sentence``, the whole one first, then ever shorter ones; none loses a "the ministry said"."""
    text = lead_free(sentence)
    if len(text) > MAX_SENTENCE_CHARS:
        return
    found, bases = set[str](), [text]
    lead = _LEAD_IN.match(text)
    if lead and not keeps_meaning(lead[0]):
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
            if keeps_meaning(dropped) or not balanced(kept) or _RESUMES.match(dropped):
                continue
            if _loses_claimant(dropped):
                continue
            yield tidy(kept)


def _loses_claimant(dropped: str) -> bool:
    return any(pattern.search(dropped) for pattern in _TRAILING) or bool(
        re.search(rf"\b(?:according\sto|(?:{_SAYING}))\b", dropped)
    )


def _positions(text: str) -> Iterator[int]:
    """Yield where an attribution at the end can begin: a comma, or the blank before "according to"."""
    found = re.finditer(
        r",|(?<![,”\"])\s(?=according\sto\s|as\sreported\sby\s)|(?<=\w)[”\"’'](?=\saccording\sto\s)", text
    )
    # Who says it stands at the end, after at most an apposition or two.
    for match in deque(found, maxlen=MAX_COMMAS):
        yield match.start()


def _is_speaker(speaker: str) -> bool:
    name = _speaker(speaker)
    return bool(re.search(r"[A-Za-z]{2}", name)) and not _NO_SPEAKER.match(name)


def _speaker(printed: str) -> str:
    """Return the speaker without what is said of him beside: "the source, who asked not to be named"."""
    name = re.split(r",\s(?:who|which|whose|where|but|and|while|as)\b", printed.strip(" ,—–-"))[0]
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
