"""Split a text into numbered sentences, to which citations point permanently.

Each line is a paragraph. Inside one, a sentence ends at a terminator (. ! ? … and those of other scripts),
its closing quotes and brackets included, unless what stands around says otherwise: an abbreviation, an
initial, a decimal, or a quotation that its own sentence goes on after. One pass, linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.language.cleaning.invisible import unjoined
from bot.language.sentences.borders import (
    CERTAIN_MARKS,
    CLOSERS,
    UNCERTAIN_MARKS,
    Knowledge,
    SentenceMark,
    is_border,
    knowledge_of,
)
from bot.model.news import Sentence

MAX_SPLIT_SENTENCES = 1500
MAX_SENTENCE_CHARS = 1000  # characters; a longer sentence is cut at a clause, or where it must be
AROUND_STOP_CHARS = 48  # characters looked at on either side of a full stop

END = re.compile(
    rf"[{re.escape(UNCERTAIN_MARKS + CERTAIN_MARKS)}]+"
    # Closers, those of French behind a blank; then the marks of footnotes.
    rf"(?:[{re.escape(CLOSERS)}]|[“‘«‹](?=[\s.,;:!?”’»›)]|$)| [»›](?=[\s.,;:!?]|$))*(?:\[\d{{1,3}}\])*"
)
_CORE = re.compile(f"[{re.escape(UNCERTAIN_MARKS + CERTAIN_MARKS)}]+")


def has_more_marks(text: str, most: int) -> bool:
    """Tell whether ``text`` has more marks than ``most`` that may end a sentence: splitting takes time for each."""
    # Several may stand together, so those that do are only counted where there are many.
    return sum(map(text.count, UNCERTAIN_MARKS + CERTAIN_MARKS)) > most and len(END.findall(text)) > most


def split_sentences(text: str, *, language: str = "") -> tuple[Sentence, ...]:
    """Return the sentences of ``text`` in order, numbered from 1; lines are paragraphs, numbered from 0.

    White space inside a sentence is folded to single blanks; nothing else is changed or lost, up to
    ``MAX_SPLIT_SENTENCES``. ``language`` (ISO 639-1) is a hint: in German an ordinal ("am 7. Juli") ends nothing.
    """
    found: list[Sentence] = []
    paragraph, known = 0, knowledge_of(language)
    for line in text.splitlines():
        folded = " ".join(line.split())
        if not folded:
            continue
        for sentence in _split_line(folded, known=known):
            for piece in _bounded(sentence):
                if len(found) == MAX_SPLIT_SENTENCES:
                    return tuple(found)
                found.append(Sentence(number=len(found) + 1, text=piece, paragraph=paragraph))
        paragraph += 1
    return tuple(found)


def same_text(one: Iterable[Sentence], other: Iterable[Sentence]) -> bool:
    """Tell whether two texts are the same however they are split; blanks, and what nobody sees, do not count."""
    return squeezed(one) == squeezed(other)


def squeezed(sentences: Iterable[Sentence]) -> str:
    """Return the text of ``sentences`` without blanks and without what nobody sees, for comparing."""
    return "".join("".join(unjoined(sentence.text).split()) for sentence in sentences)


def _split_line(line: str, *, known: Knowledge) -> Iterator[str]:
    start = 0
    for match in END.finditer(line):
        end = match.end()
        if end < len(line) and is_border(mark_at(line, match, start=start), known=known):
            if sentence := line[start:end].strip():
                yield sentence
            start = end
    if rest := line[start:].strip():
        yield rest


def mark_at(line: str, match: re.Match[str], *, start: int) -> SentenceMark:
    """Return what stands near ``match``, and no more: a text of nothing but marks would be read again at each."""
    begun, mark = max(start, match.start() - AROUND_STOP_CHARS), match.group()
    while begun < match.start() and line[begun] == " ":
        begun += 1
    core = _CORE.match(mark) if len(mark) > 1 else None
    length = core.end() if core else 1
    return SentenceMark(
        before=line[begun : match.start()],
        first=match.start() - start <= AROUND_STOP_CHARS,
        line=start == 0 and match.start() <= AROUND_STOP_CHARS,
        core=mark[:length][-AROUND_STOP_CHARS:],
        closers=mark[length:][:AROUND_STOP_CHARS],
        after=line[match.end() : match.end() + AROUND_STOP_CHARS],
    )


def _bounded(sentence: str) -> Iterator[str]:
    """Yield ``sentence`` in pieces of at most ``MAX_SENTENCE_CHARS``, cut at a clause mark where one is near."""
    start = 0
    while len(sentence) - start > MAX_SENTENCE_CHARS:
        window = sentence[start : start + MAX_SENTENCE_CHARS]
        cut = max(window.rfind(mark, MAX_SENTENCE_CHARS // 2) for mark in ("; ", ", ", " – ", " — ", ": "))
        if cut < 0:
            cut = window.rfind(" ", MAX_SENTENCE_CHARS // 2)
        cut = cut + 1 if cut >= 0 else MAX_SENTENCE_CHARS
        if piece := window[:cut].strip():
            yield piece
        start += cut
    if rest := sentence[start:].strip():
        yield rest
