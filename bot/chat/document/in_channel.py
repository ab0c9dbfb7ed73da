"""Choose what of a briefing is in the channel: as much as one reads in a minute, the most important first. Pure.

headline, status, what changed ──always──▶ channel          facts, who, what comes next, lists ──by weight, while words are left──▶ channel
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.chat.document.plain import plain_line
from bot.chat.document.rows import Row, bullet, labelled
from bot.chat.document.story_rows import headline_row, status_rows, who_row
from bot.language.locale.phrases import Phrases
from bot.language.similarity import BESIDE_SIMILARITY, is_restated, similarity
from bot.model.message import Line, Message, Part, StoryBlock

CHANNEL_WORDS = 300  # words in the channel: about a minute of reading
WORDS_PER_STORY = 40  # the least for each of many stories
MAX_CHANNEL_FACTS, MAX_CHANNEL_ACTORS, MAX_LIST_LINES = 3, 2, 3  # of one story, of one story, of one list

# Weights: a fact has its importance, 3 to 1; an unrated one counts as useful.
UNRATED_WEIGHT = 2.0
FIRST_LINE_BONUS = 0.5  # more for the first fact of a story, and the first line of a list
FACT_STEP = 0.4  # reduction for each fact before it in its story
STORY_STEP = 0.1  # less for each story before it
LIST_STEP = 0.2  # reduction for each line before it in its list
# Less where headline or status say it already: a key fact that they do not say comes before it.
REPEATED_WEIGHT = 1.0
# Similarity to headline or status from which a fact says the same, at greater length.
REPEATED_SIMILARITY = 0.42
WAS_WEIGHT, ANNOUNCED_WEIGHT, RETURNS_WEIGHT = 1.7, 1.5, 2.2
WHO_WEIGHT = 2.65  # who acts comes before a second key fact


class RowUse(StrEnum):
    """The use of a row that can be in the channel."""

    WAS = "was"
    FACT = "fact"
    WHO = "who"
    NEXT = "next"
    LISTED = "listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A row that can be in the channel, the ``number``-th of its use in its story, or line of its part."""

    use: RowUse
    place: int  # of the story among all, or of the part
    number: int = 0
    row: Row
    weight: float
    needed: bool = False  # never cut


def words_of(rows: Iterable[Row]) -> int:
    """Return the number of words in ``rows``, without the numbers of sources."""
    return sum(len(run.text.split()) for row in rows for run in row.runs if not run.whole)


def channel_words(message: Message) -> int:
    """Return how many words of ``message`` may be in the channel."""
    return max(CHANNEL_WORDS, WORDS_PER_STORY * sum(len(part.stories) for part in message.parts))


def in_channel(message: Message, words: Phrases, *, most: int) -> tuple[Piece, ...]:
    """Return the rows in the channel in addition to headlines and statuses, about ``most`` words, in reading order.

    Two things are never cut: the old status if the state does not show the change, and the first fact of a story
    whose status is not the news.
    """
    stories = [story for part in message.parts for story in part.stories]
    said = frozenset(line.text for part in message.parts for line in part.lines)
    pieces = [p for place, story in enumerate(stories) for p in _of_story(story, place, words, said=said)]
    pieces += [p for place, part in enumerate(message.parts) for p in _of_list(part, place)]
    left = most - sum(words_of(_always(story, words)) for story in stories) - _words_around(message)
    left -= sum(words_of([p.row]) for p in pieces if p.needed)
    chosen = list(_fitting(pieces, left=left))
    return tuple(found for p in chosen if (found := _unnamed(p, chosen, stories, words)))


def _words_around(message: Message) -> int:
    """Return how many words titles, lists in one line, and the last line take."""
    texts = [message.coverage, *(part.title for part in message.parts)]
    texts += [f"{line.lead} {line.text}" for part in message.parts if part.inline for line in part.lines]
    return sum(len(text.split()) for text in texts)


def _always(story: StoryBlock, words: Phrases) -> Iterator[Row]:
    yield headline_row(story)
    yield from (row for row, was in status_rows(story, words) if not was)


def _fitting(pieces: Sequence[Piece], *, left: int) -> Iterator[Piece]:
    """Yield the needed ones of ``pieces``, and the most important others that fit, in order.

    Where one of a use does not fit, none after it of its story or list is shown: a detail must not replace a key fact.
    """
    chosen = {id(p) for p in pieces if p.needed}
    closed: set[tuple[RowUse, int]] = set()
    for piece in sorted(pieces, key=lambda p: -p.weight):
        if piece.needed or (piece.use, piece.place) in closed:
            continue
        needs = words_of([piece.row])
        if needs > left:
            closed.add((piece.use, piece.place))
            continue
        chosen.add(id(piece))
        left -= needs
    yield from (p for p in pieces if id(p) in chosen)


def _of_story(story: StoryBlock, place: int, words: Phrases, *, said: Container[str]) -> Iterator[Piece]:
    """Yield the rows of a story that can be in the channel, in reading order."""
    behind = STORY_STEP * place
    printed = [
        plain_line(line.text) for line in (story.headline, *story.status) if not words.is_earlier(line.label)
    ]
    for row, was in status_rows(story, words):
        if was:
            # Next to "stalled → agreed" the earlier line adds nothing.
            yield Piece(
                use=RowUse.WAS, place=place, row=row, weight=WAS_WEIGHT - behind, needed="→" not in story.chip
            )
    for number, line in enumerate(story.bullets[:MAX_CHANNEL_FACTS]):
        weight = RETURNS_WEIGHT if line.label else (line.importance or UNRATED_WEIGHT) - FACT_STEP * number
        again = any(similarity(line.text, text) >= REPEATED_SIMILARITY for text in printed)
        weight += FIRST_LINE_BONUS * (number == 0) - REPEATED_WEIGHT * again
        first = number == 0 and (story.known or not story.status) and not story.changed
        yield Piece(
            use=RowUse.FACT,
            place=place,
            number=number,
            row=bullet(line),
            weight=weight - behind,
            needed=first,
        )
    printed += [line.text for line in story.bullets[:1]]
    actors = [actor for actor in story.actors if not _named(actor, printed)][:MAX_CHANNEL_ACTORS]
    if actors:
        yield Piece(use=RowUse.WHO, place=place, row=who_row(actors, words), weight=WHO_WEIGHT - behind)
    coming = [
        line
        for line in story.next[:1]
        if line.text not in said and not is_restated(line.text, printed, least=BESIDE_SIMILARITY)
    ]
    for line in coming:
        yield Piece(
            use=RowUse.NEXT, place=place, row=labelled(words.next, line), weight=ANNOUNCED_WEIGHT - behind
        )


def _unnamed(
    piece: Piece, shown: Sequence[Piece], stories: Sequence[StoryBlock], words: Phrases
) -> Piece | None:
    """Return ``piece``; a line of who without those whom the facts ``shown`` name, None where nobody is left."""
    if piece.use is not RowUse.WHO:
        return piece
    story = stories[piece.place]
    facts = [story.bullets[p.number].text for p in shown if (p.use, p.place) == (RowUse.FACT, piece.place)]
    printed = [
        story.headline.text,
        *(line.text for line in story.status if not words.is_earlier(line.label)),
        *facts,
    ]
    actors = [actor for actor in story.actors if not _named(actor, printed)][:MAX_CHANNEL_ACTORS]
    return replace(piece, row=who_row(actors, words)) if actors else None


def _named(actor: Line, printed: Iterable[str]) -> bool:
    """Tell whether the lines ``printed`` name ``actor``: "Farida Nazar (water minister)" in "Nazar, the water minister, said"."""
    name, _, role = actor.lead.partition(" (")
    text = " ".join(printed).casefold()
    words = role.casefold().strip("()").split()
    return bool(name.strip()) and name.split()[-1].casefold() in text and all(w in text for w in words)


def _of_list(part: Part, place: int) -> Iterator[Piece]:
    """Yield the lines of a list that can be in the channel; a single further one is shown, since counting it is no shorter."""
    if part.inline:
        return
    most = len(part.lines) if len(part.lines) <= MAX_LIST_LINES + 1 else MAX_LIST_LINES
    for number, line in enumerate(part.lines[:most]):
        weight = part.weight + FIRST_LINE_BONUS * (number == 0) - LIST_STEP * number
        yield Piece(use=RowUse.LISTED, place=place, number=number, row=bullet(line), weight=weight)
