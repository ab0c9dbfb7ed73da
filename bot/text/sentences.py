"""Split a text into numbered sentences that citations can point to for ever.

Each line is a paragraph. Inside one, a sentence ends at a terminator (. ! ? … and those of other scripts),
its closing quotes and brackets included, unless what stands around says otherwise: an abbreviation, an
initial, a decimal, or a quotation that its own sentence goes on after. One pass, linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model.news import Sentence

MAX_SENTENCES = 1500
MAX_LENGTH = 1000  # characters; a longer sentence is cut at a clause, or where it must be
AROUND = 48  # characters looked at on either side of a full stop

_HARD = "。！？؟۔।॥｡！？"  # scripts whose full stop is never an abbreviation mark
_SOFT = ".!?…"
_CLOSERS = "\"'”’»›)]}」』）】〉》"
_OPENERS = "\"'“‘«‹([{「『（【¿¡„‚"
_END = re.compile(rf"[{re.escape(_SOFT + _HARD)}]+[{re.escape(_CLOSERS)}]*")

# Words after which a full stop ends no sentence when a name or number follows.
_TITLES = frozenset(
    "mr mrs ms mx dr prof sr jr st mt ft rev fr hon gen col lt sgt maj capt cpl cmdr adm gov sen rep pres amb insp "
    "supt det messrs mme mlle hr fr frau dott sig sra srta dña vs v no nos nr vol pp p art sec fig ch para approx "
    "est ca cf eg ie al dept univ assn bros inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec mon tue "
    "tues wed thu thur thurs fri sat sun bzw ca evtl ggf inkl max min mio mrd sog tel usw vgl z.b d.h u.a abs bd "
    "env éd réf av boul núm pág aprox depto ed u.s.c".split()
)
_DOTTED_ORDINALS = frozenset({"de", "da", "nb", "no", "nn", "fi", "cs", "sk", "hu", "et"})
# Abbreviations that also end sentences: the next word's case decides.
_EITHER = frozenset(
    "a.m p.m u.s u.k u.n e.u d.c u.s.a ph.d b.a m.a etc e.g i.e inc ltd co corp jr sr usw".split()
)
_SPEECH = frozenset(
    "said says say told tells added adds asked asks wrote writes replied warned warns insisted argued announced "
    "stated declared claimed tweeted posted explained noted according he she they it which who".split()
)


def split_sentences(text: str, *, language: str = "") -> tuple[Sentence, ...]:
    """Return the sentences of ``text`` in order, numbered from 1; lines are paragraphs, numbered from 0.

    White space inside a sentence is folded to single blanks; nothing else is changed or lost, up to
    ``MAX_SENTENCES``. ``language`` (ISO 639-1) is a hint: in German an ordinal ("am 7. Juli") ends nothing.
    """
    found: list[Sentence] = []
    paragraph = 0
    for line in text.splitlines():
        folded = " ".join(line.split())
        if not folded:
            continue
        for sentence in _split_line(folded, language=language):
            for piece in _bounded(sentence):
                if len(found) == MAX_SENTENCES:
                    return tuple(found)
                found.append(Sentence(number=len(found) + 1, text=piece, paragraph=paragraph))
        paragraph += 1
    return tuple(found)


def _split_line(line: str, *, language: str) -> Iterator[str]:
    start = 0
    for match in _END.finditer(line):
        end = match.end()
        if end < len(line) and _ends(line, match, start=start, language=language):
            if sentence := line[start:end].strip():
                yield sentence
            start = end
    if rest := line[start:].strip():
        yield rest


def _ends(line: str, match: re.Match[str], *, start: int, language: str) -> bool:
    mark, end = match.group(), match.end()
    if any(character in _HARD for character in mark):
        return True
    if line[end] != " ":
        # "…he said.[3] Then" has no blank; "3.5", "example.com" and "U.S.-led" are no ends.
        return False
    # No more than what is near: a text of nothing but full stops would be read again at each of them.
    after = line[end + 1 : end + 1 + AROUND]
    following = after.lstrip(_OPENERS)[:1]
    if not following:
        return True
    core = mark.rstrip(_CLOSERS)
    if following.islower() and core != ".":
        return False  # “Why now?” she asked; a trailing-off … that goes on
    next_word = re.match(r"[\w’'-]*", after.lstrip(_OPENERS))
    word_after = next_word.group().lower() if next_word else ""
    if len(mark) > len(core) and (following.islower() or (word_after in _SPEECH and following.islower())):
        return False
    if following.islower():
        return False
    if core == ".":
        before = line[max(start, match.start() - AROUND) : match.start()]
        return _full_stop(before, word_after, following, language=language)
    return True


def _full_stop(before: str, word_after: str, following: str, *, language: str) -> bool:
    """Tell whether a single full stop behind ``before`` ends its sentence; the next word is capitalised or a digit."""
    last = before.rsplit(None, 1)[-1] if before.split() else ""
    last = last.lstrip(_OPENERS).lower()
    if last in _EITHER:
        # "at 6 p.m. The talks": a new sentence starts with a word that seldom follows inside one.
        return word_after in _STARTERS or (last in {"a.m", "p.m", "etc", "usw"} and not following.isdigit())
    if last in _TITLES:
        return False
    if len(last) == 1 and last.isalpha():
        return (word_after in _STARTERS and last != "i") or last == "i"  # "George W. Bush"; "…and I. Then"
    if re.fullmatch(r"(?:[a-z]\.)+[a-z]", last):
        return word_after in _STARTERS
    # "am 7. Juli"
    return not (language in _DOTTED_ORDINALS and re.fullmatch(r"\d{1,2}", last))


_STARTERS = frozenset(
    "the a an this that these those it he she they we you i in on at by for from with after before but and so yet if "
    "when while as however meanwhile officials police there his her their its our both some many most all no not "
    "what who why how one two three last earlier later under since until although though now then here".split()
)


def _bounded(sentence: str) -> Iterator[str]:
    """Yield ``sentence`` in pieces of at most ``MAX_LENGTH``, cut at a clause mark where one is near."""
    start = 0
    while len(sentence) - start > MAX_LENGTH:
        window = sentence[start : start + MAX_LENGTH]
        cut = max(window.rfind(mark, MAX_LENGTH // 2) for mark in ("; ", ", ", " – ", " — ", ": "))
        if cut < 0:
            cut = window.rfind(" ", MAX_LENGTH // 2)
        cut = cut + 1 if cut >= 0 else MAX_LENGTH
        if piece := window[:cut].strip():
            yield piece
        start += cut
    if rest := sentence[start:].strip():
        yield rest
