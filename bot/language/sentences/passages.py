"""Cut an article into passages: runs of one to three sentences that are found and read together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.model.news import Sentence

MAX_PASSAGE_SENTENCES = 3  # sentences of a run
PARAGRAPH_END_CHARS = 280  # characters from which a run ends with its paragraph
MAX_PASSAGE_CHARS = 700  # characters above which a run takes no further sentence


def runs(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Yield ``sentences`` in runs, in order, each in exactly one; short paragraphs are joined."""
    run: list[Sentence] = []
    length = 0
    for sentence in sentences:
        full = len(run) == MAX_PASSAGE_SENTENCES or length + len(sentence.text) > MAX_PASSAGE_CHARS
        apart = run and sentence.paragraph != run[-1].paragraph and length >= PARAGRAPH_END_CHARS
        if run and (full or apart):
            yield tuple(run)
            run, length = [], 0
        run.append(sentence)
        length += len(sentence.text)
    if run:
        yield tuple(run)
