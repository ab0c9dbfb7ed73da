"""Cut an article into passages: one to three sentences that are found and read together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.model.news import Sentence

MAX_PASSAGE_SENTENCES = 3  # sentences of a passage
PARAGRAPH_END_CHARS = 280  # characters from which a passage ends with its paragraph
MAX_PASSAGE_CHARS = 700  # characters above which a passage takes no further sentence


def split_passages(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Yield ``sentences`` cut into passages, in order, each in exactly one; short paragraphs are joined."""
    passage: list[Sentence] = []
    length = 0
    for sentence in sentences:
        full = len(passage) == MAX_PASSAGE_SENTENCES or length + len(sentence.text) > MAX_PASSAGE_CHARS
        apart = passage and sentence.paragraph != passage[-1].paragraph and length >= PARAGRAPH_END_CHARS
        if passage and (full or apart):
            yield tuple(passage)
            passage, length = [], 0
        passage.append(sentence)
        length += len(sentence.text)
    if passage:
        yield tuple(passage)
