"""Name the followed stories of which nothing new came."""

from __future__ import annotations

from bot.blocking import run_blocking
from bot.briefings.known import headline_of, readable_part, unchanged_line
from bot.faults import Faults
from bot.flows.briefing.context import StoryContext
from bot.flows.briefing.gather import BriefingInput
from bot.flows.briefing.write import WRITING_STORY
from bot.kinds.carried import is_label
from bot.model.briefing import SentStory, Unchanged
from bot.model.update import Phase
from bot.updates.by_rules.headline import headline_from

# Of one in which the main thing has happened, "unchanged" says nothing: a death or a reopening cannot change.
_OPEN = (Phase.EXPECTED.value, Phase.UNDER_WAY.value)


async def silent_stories(inputs: BriefingInput, *, faults: Faults) -> list[Unchanged]:
    """Return the followed stories of which no article came."""
    rest = [
        await faults.guard(run_blocking(_silent, inputs.followed[d.story.id], d), doing=WRITING_STORY)
        for d in inputs.still
        if _is_listed(inputs, inputs.followed[d.story.id])
    ]
    return [one for one in rest if isinstance(one, Unchanged)]


def _is_listed(inputs: BriefingInput, sent: SentStory) -> bool:
    """Tell whether a story without news is still listed: one the channel follows, or one that goes on and was in the briefing before this.

    It is listed once: of 41 lines that listed stories for a week, readers found 22 of no use, and of ten listed once nine, of which no state was known. Nothing is listed of which it is not known where it stands, or of which an announced day has passed without a report.
    """
    if sent.story_id in inputs.chosen:
        return True
    passed = any(e.due and (e.due_end or e.due) < inputs.today for e in sent.expectations)
    if sent.status is None or passed:
        return False
    # A phase without a state is that of a speech or of rain, which nobody expects to go on.
    status = sent.status
    open_state = status.phase in _OPEN and bool(status.state) and is_label(status.kind, status.state)
    goes_on = open_state or any(e.due for e in sent.expectations)
    return goes_on and sent.sent_at >= inputs.since


def _silent(sent: SentStory, context: StoryContext) -> Unchanged | None:
    if has_unread_article(sent, context):
        return None
    shown = readable_part(sent, {a.id for a in context.articles})
    headline = headline_of(shown) or headline_from(context.articles)
    return unchanged_line(shown, context.ledger.status, otherwise=headline)


def has_unread_article(sent: SentStory, context: StoryContext) -> bool:
    """Return whether an article came after the story was last sent and no model read it: it may have news."""
    read = {key for update in context.updates for key in update.articles}
    return any(a.fetched_at > sent.sent_at and (a.id, a.revision) not in read for a in context.articles)
