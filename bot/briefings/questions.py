"""Word questions that readers of a briefing may have: what comes next, what somebody said, how many. Pure.

Each is about one story of the briefing. Which of them are offered is decided where they are tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.evidence.reading.speech import speeches
from bot.evidence.reading.voices import is_speaker
from bot.language.locale.phrases import LANGUAGES, Phrases, phrases
from bot.language.question_language import is_readable, question_language
from bot.language.rules import languages_with
from bot.model.briefing import Briefing, OfferedQuestion, Statement, StoryBrief

MAX_QUESTION_STORIES = 5  # stories, the first, about which questions are worded
MAX_QUESTION_ACTORS = 2  # actors of one story, the first, of whom it is asked what they said
MAX_OFFERED_QUESTION_CHARS = 75  # characters of a button's label on Slack; Discord shows 80
MAX_COUNTED_WORDS = 4  # words of what a figure counts that a question names
NEXT, STANDS = "What happens next?", "Where does it stand?"  # as they are asked of one story
_COUNT = re.compile(r"\d[\d,. ]*$")
_COUNTED = re.compile(
    r"(?:people|[^\W\d_]{2,}s)\b[^\d,;:.()]*$"
)  # things that are counted, not a sum of money


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleQuestion:
    """A question that may be offered; ``speaker`` is whose words are asked for, if it asks for words."""

    offered: OfferedQuestion
    speaker: str = ""

    def is_met_by(self, statements: Sequence[Statement]) -> bool:
        """Return whether ``statements`` begin with what is asked for."""
        if not statements:
            return False
        return not self.speaker or any(is_speaker(self.speaker, one) for one in speeches(statements[0].text))


def possible_questions(briefing: Briefing) -> tuple[PossibleQuestion, ...]:
    """Return questions about the stories of ``briefing``, the likeliest to be offered first.

    There are none in a language without rules for questions, nor about a story whose headline is in one.
    """
    if briefing.language not in LANGUAGES or briefing.language not in languages_with("intents"):
        return ()
    say = phrases(briefing.language)
    stories = [one for one in briefing.stories if is_readable(one.headline.text)]
    ours = [list(_about(one, say, first=place)) for place, one in enumerate(stories[:MAX_QUESTION_STORIES])]
    named = [
        [_of_story(say.ask_stands, one.story_id, one.headline.text, asks=STANDS)]
        for one in briefing.more
        if is_readable(one.headline.text)
    ]
    # One of each story, then a second one of each: three about one story would hide the others.
    turns = zip_longest(*ours, *named[:1])
    asked = [question for turn in turns for question in turn if question]
    return tuple({one.offered.text: one for one in asked}.values())


def _about(story: StoryBrief, say: Phrases, *, first: int) -> Iterator[PossibleQuestion]:
    """Yield questions about ``story``; which kind comes ``first`` differs from story to story."""
    kinds = (_next, _said, _how_many)
    for place in range(len(kinds)):
        yield from kinds[(first + place) % len(kinds)](story, say)


def _next(story: StoryBrief, say: Phrases) -> Iterator[PossibleQuestion]:
    yield _of_story(say.ask_next, story.story_id, story.headline.text, asks=NEXT)


def _said(story: StoryBrief, say: Phrases) -> Iterator[PossibleQuestion]:
    # Who speaks in a sentence is read in English alone.
    if question_language(story.headline.text) != "en":
        return
    for actor in story.actors[:MAX_QUESTION_ACTORS]:
        text = say.ask_said.format(name=actor.name)
        if len(text) <= MAX_OFFERED_QUESTION_CHARS:
            yield PossibleQuestion(offered=_in_words(text, story), speaker=actor.name)


def _how_many(story: StoryBrief, say: Phrases) -> Iterator[PossibleQuestion]:
    # The counted thing is in the language of the news: in a question of another language it would be a foreign word.
    if question_language(story.headline.text) != say.locale.partition("_")[0]:
        return
    for figure in story.figures:
        counted = figure.counts.strip()
        text = say.ask_how_many.format(counts=counted)
        short = len(text) <= MAX_OFFERED_QUESTION_CHARS and len(counted.split()) <= MAX_COUNTED_WORDS
        if short and _COUNT.fullmatch(figure.value.strip()) and _COUNTED.match(counted):
            yield PossibleQuestion(offered=_in_words(text, story))


def _in_words(text: str, story: StoryBrief) -> OfferedQuestion:
    return OfferedQuestion(story_id=story.story_id, text=text, asks=text)


def _of_story(template: str, story_id: str, headline: str, *, asks: str) -> PossibleQuestion:
    """Return a question whose text names a story, by as much of its ``headline`` as a button can show."""
    room = MAX_OFFERED_QUESTION_CHARS - len(template.format(story=""))
    name = headline.rstrip(" .?!")
    if len(name) > room:
        name = name[: room - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
    offered = OfferedQuestion(story_id=story_id, text=template.format(story=name), asks=asks)
    return PossibleQuestion(offered=offered)
