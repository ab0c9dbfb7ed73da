"""What of a story update is translated, and what of a reply is accepted. Pure.

update ──lines in another language──▶ numbered lines ──model──▶ reply ──check, line by line──▶ translation
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from bot.evidence.translation.check import translation_fault
from bot.evidence.translation.words import can_translate
from bot.language.cleaning.clean import one_line
from bot.language.question_language import line_language
from bot.language.words import fold
from bot.model.briefing import TranslatedLine
from bot.model.news import Article, Citation
from bot.model.update import LineKind, RefusedLine, StoryUpdate, UpdateTranslation

TRANSLATION_VERSION = 1  # of the reply's schema
MAX_TRANSLATED_LINES = 60  # of one update
_NO_WORDS = re.compile(r"[\d\s%$€£.,:–-]*")
_GROUPED = re.compile(r"\d[.,\u00a0\u202f ]\d")
_Line = tuple[str, LineKind, Sequence[Citation]]


class LineReply(BaseModel):
    """One translated line."""

    model_config = ConfigDict(extra="ignore")

    id: int
    text: str = Field(max_length=1000)


class TranslationReply(BaseModel):
    """The reply to ``prompts/translation.md``."""

    model_config = ConfigDict(extra="ignore")

    lines: list[LineReply] = Field(max_length=2 * MAX_TRANSLATED_LINES)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineToTranslate:
    """A line of an update in ``language``, which is not that of its readers."""

    text: str
    kind: LineKind
    language: str


def lines_to_translate(
    update: StoryUpdate, articles: Mapping[tuple[str, int], Article], *, target: str
) -> tuple[LineToTranslate, ...]:
    """Return the lines of ``update`` that readers of ``target`` see and that are in another language, each once.

    A line is in the language of the article it cites, headline and status in that of one of the ``articles``; none whose language is unknown
    or has no words for the check.
    """
    spoken = {article.language for key in update.articles if (article := articles.get(key))}
    if not any(can_translate(language, target) for language in spoken):
        return ()
    found: dict[str, LineToTranslate] = {}
    for text, kind, citations in _lines(update):
        cited = (articles.get((c.article_id, c.revision)) for c in citations)
        language = next((article.language for article in cited if article), "")
        if kind in {LineKind.HEADLINE, LineKind.STATUS} and (own := line_language(text)) in spoken:
            language = own
        if (
            text
            and can_translate(language, target)
            and (not _NO_WORDS.fullmatch(text) or _GROUPED.search(text))
        ):
            found.setdefault(text, LineToTranslate(text=text, kind=kind, language=language))
    return tuple(found.values())[:MAX_TRANSLATED_LINES]


def shown_lines(lines: Sequence[LineToTranslate]) -> str:
    """Return ``lines`` with their numbers, as the model is shown them."""
    return "\n".join(f"[{number}] {line.kind}: {line.text}" for number, line in enumerate(lines, 1))


def accepted(
    reply: TranslationReply,
    lines: Sequence[LineToTranslate],
    update: StoryUpdate,
    *,
    target: str,
    made_at: datetime,
    model: str,
    prompt_hash: str,
) -> UpdateTranslation:
    """Return the translation of ``lines`` as far as ``reply`` passes the check; of the others, why not."""
    texts = {one.id: one_line(one.text) for one in reply.lines}
    names = frozenset(
        fold(word) for actor in update.actors for word in actor.name.split() if word[0].isupper()
    )
    kept, refused = [], []
    for number, line in enumerate(lines, 1):
        text = texts.get(number, "")
        why = translation_fault(
            line.text, text, source=line.language, target=target, kind=line.kind, names=names
        )
        if why:
            refused.append(RefusedLine(original=line.text, reason=why))
        else:
            kept.append(TranslatedLine(original=line.text, text=text, language=line.language))
    return UpdateTranslation(
        update_id=update.id,
        language=target,
        scope=update.scope,
        made_at=made_at,
        model=model,
        prompt_hash=prompt_hash,
        lines=tuple(kept),
        refused=tuple(refused),
    )


def _lines(update: StoryUpdate) -> Iterator[_Line]:
    """Yield every line of ``update`` that readers may see, with what it cites."""
    if update.headline:
        yield update.headline.text, LineKind.HEADLINE, update.headline.citations
    if update.status:
        yield update.status.text, LineKind.STATUS, update.status.citations
        yield update.status.said_by, LineKind.LABEL, update.status.citations
    for fact in update.facts:
        yield fact.text, LineKind.FACT, fact.citations
        yield fact.claimant, LineKind.LABEL, fact.citations
    for actor in update.actors:
        yield actor.role, LineKind.LABEL, actor.citations
        yield actor.position, LineKind.FACT, actor.citations
    for figure in update.figures:
        for text in (figure.printed_value, figure.counts, figure.claimant):
            yield text, LineKind.LABEL, figure.citations
    for announced in update.announcements:
        yield announced.what, LineKind.FACT, announced.citations
        yield announced.when, LineKind.LABEL, announced.citations
        yield announced.announced_by, LineKind.LABEL, announced.citations
    for contradiction in update.contradictions:
        cited = contradiction.sides[0].citation
        yield contradiction.question, LineKind.FACT, [cited]
        for side in contradiction.sides:
            yield side.text, LineKind.FACT, [side.citation]
            yield side.by, LineKind.LABEL, [side.citation]
    for said in update.background:
        yield said.text, LineKind.FACT, said.citations
    # A question cites nothing: it is asked in the language of the story.
    asked_in = next((one.citations for one in (update.headline, *update.facts) if one), ())
    for question in update.questions:
        yield question, LineKind.FACT, asked_in
