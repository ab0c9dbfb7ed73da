"""Cut an article into passages: runs of one to three sentences that are found and read together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.model.news import Sentence

MOST = 3  # sentences of a run
ENOUGH = 280  # characters from which a run ends with its paragraph
LONGEST = 700  # characters above which a run takes no further sentence


def runs(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Yield ``sentences`` in runs, in order, each in exactly one; short paragraphs are joined."""
    run: list[Sentence] = []
    length = 0
    for sentence in sentences:
        full = len(run) == MOST or length + len(sentence.text) > LONGEST
        apart = run and sentence.paragraph != run[-1].paragraph and length >= ENOUGH
        if run and (full or apart):
            yield tuple(run)
            run, length = [], 0
        run.append(sentence)
        length += len(sentence.text)
    if run:
        yield tuple(run)
