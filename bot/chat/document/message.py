"""Turn a briefing into a message: the one place where its lines get their labels, notices and counts.

    Briefing ──to_message──▶ Message ──▶ console | page | chat platforms

Everything that readers see beside the news itself is written here, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.chat.document.lines import DocumentLines, lines_with
from bot.chat.document.notices import correction_lines, coverage_line, made_at_local, notice
from bot.chat.document.once import once
from bot.chat.document.story_rows import cited_sources
from bot.language.locale.phrases import ENGLISH, Phrases, phrases
from bot.language.similarity import is_restated
from bot.model.briefing import Briefing, Section, StoryAnnouncement, StoryBrief, translated
from bot.model.message import Line, Message, Part, StoryBlock


def to_message(briefing: Briefing, *, late: str = "") -> Message:
    """Return ``briefing`` as lines, translated where it has a translation; times are in its own time zone; ``late`` is the first line."""
    briefing = translated(briefing)
    say, today = phrases(briefing.language), made_at_local(briefing).date()
    words = lines_with(briefing.sources, zone=ZoneInfo(briefing.timezone), today=today, say=say)
    stories = _stories(briefing, words)
    watched = (item for item in briefing.watch if not _is_announced_above(item, stories, today=today))
    parts = [
        stories,
        Part(title=say.watch, lines=tuple(map(words.watch, watched)), weight=2.2),
        Part(title=say.earlier, lines=tuple(words.outcome(item) for item in briefing.settled), weight=2.4),
        Part(
            title=say.unchanged.format(count=len(briefing.unchanged)),
            lines=tuple(words.unchanged(briefing)),
            weight=0.9,
        ),
        Part(
            title=say.choose(briefing.more_count, say.others).format(count=say.number(briefing.more_count)),
            lines=tuple(words.others(briefing)),
            inline=True,
        ),
    ]
    shown = tuple(part for part in parts if part.stories or part.lines)
    cited = _cited(shown)
    return Message(
        title=say.morning_briefing if briefing.title == ENGLISH.morning_briefing else briefing.title,
        dateline=f"{say.long_date(made_at_local(briefing))}, {made_at_local(briefing):%H:%M} {briefing.timezone}",
        notice=" ".join(
            sentence for sentence in (*correction_lines(briefing), late, notice(briefing)) if sentence
        ),
        parts=shown,
        coverage=coverage_line(
            briefing.coverage, briefing.checks, translations=briefing.translations, say=say
        ),
        # A source that no line of the document cites has no link.
        sources=tuple(source for source in briefing.sources if source.number in cited),
        language=briefing.language,
    )


def _cited(parts: Iterable[Part]) -> frozenset[int]:
    """Return the numbers of the sources that a line of ``parts`` cites."""
    lines = (cite.source for part in parts for line in part.lines for cite in line.cites)
    return frozenset((*lines, *(n for part in parts for story in part.stories for n in cited_sources(story))))


def _listed(briefing: Briefing, story_id: str, words: DocumentLines) -> list[Line]:
    """Return what is announced for today in a story, as the story would show it."""
    return [words.announcement(item.expectation) for item in briefing.watch if item.story_id == story_id]


def _is_announced_above(item: StoryAnnouncement, stories: Part, *, today: date) -> bool:
    """Tell whether a line of its story says what ``item`` announces, with the day."""
    in_stories = (story for story in stories.stories if story.story_id == item.story_id)
    lines = [line.text for story in in_stories for line in (*story.status, *story.bullets)]
    dated = [text for text in lines if re.search(rf"(?<!\d){today.day}(?!\d)", text)]
    return is_restated(item.expectation.what, dated)


def _earlier_label(block: StoryBlock, say: Phrases) -> str:
    """Return the label of the earlier status of ``block``."""
    return next((line.label for line in block.status if say.is_earlier(line.label)), say.was)


def _before_alone(block: StoryBlock, *, was: str, say: Phrases) -> StoryBlock:
    """Return ``block`` with an earlier status that none labelled "Now" follows as what was before: its headline says what is now."""
    if any(line.label == say.now for line in block.status):
        return block
    lines = (replace(line, label=say.before) if line.label == was else line for line in block.status)
    return replace(block, status=tuple(lines))


def _label(story: StoryBrief, say: Phrases, *, mixed: bool) -> str:
    """Return what stands before the headline of a story that returns, or of a new one among changed ones."""
    if story.last_sent_at:
        return say.returns
    return say.new if mixed and story.section is Section.NEW else ""


def _stories(briefing: Briefing, words: DocumentLines) -> Part:
    """Return the stories in order; new ones among changed ones are labelled.

    What is announced for today is below them and is not announced above.
    """
    say = words.say
    sections = {story.section for story in briefing.stories}
    mixed = len(sections) > 1
    blocks = (
        replace(_before_alone(block, was=was, say=say), label=_label(story, say, mixed=mixed))
        for story in briefing.stories
        for lines in [words.story(story)]
        for was in [_earlier_label(lines, say)]
        for block in [
            once(
                lines,
                was=was,
                stands=say.status,
                listed=_listed(briefing, story.story_id, words),
                roles=tuple(Line(lead=f"{one.name} ({one.role})", text="") for one in story.roles),
            )
        ]
    )
    title = say.changed_and_new if mixed else say.new if Section.NEW in sections else say.changed
    return Part(title=title, stories=tuple(blocks))
