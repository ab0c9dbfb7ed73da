"""Withdraw what edited articles no longer say: from posts, in threads, and in what counts as sent.

edited articles ──briefings that cite them──▶ statements that no article carries any more ──correct──▶ posts, note, memory
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.blocking import run_blocking
from bot.briefings.amend import CitedLine, amend, cited_lines, forget, listed_lines
from bot.evidence.proposed import FieldKind
from bot.flows.updates.translations import kept_lines
from bot.language.locale.phrases import phrases
from bot.model.briefing import Briefing, StoryBrief, TranslatedLine, Writer
from bot.model.chat import State
from bot.model.news import Article
from bot.model.scope import Scope
from bot.model.update import StoryUpdate
from bot.store import Store
from bot.stories.still_carried import AvailableArticles, same_words
from bot.stories.view import public_ledger

# Age of a briefing up to which it is corrected; nobody reads an older post.
MAX_CORRECTED_AGE = timedelta(days=14)
_ON_ITS_WAY = frozenset({State.DUE, State.WRITTEN, State.POSTING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A statement that no article supports any more, its replacement ("" for none), and why."""

    line: CitedLine
    instead: str = ""
    reason: str


async def briefings_to_correct(*, store: Store, since: datetime, until: datetime) -> dict[str, datetime]:
    """Return the briefings (ids) that cite an article of which an edit after ``since``, up to ``until``, removed a sentence.

    Each has the time of the newest of those edits: the same edits give the same time.
    """
    revisions = await store.articles.revisions(await store.articles.edited_between(since, until))
    found: dict[str, datetime] = {}
    for article in await run_blocking(_shortened, revisions):
        for briefing_id in await store.briefings.citing(article.id, since=until - MAX_CORRECTED_AGE):
            found[briefing_id] = max(found.get(briefing_id, article.fetched_at), article.fetched_at)
    return found


def _shortened(revisions: Sequence[Article]) -> list[Article]:
    """Return the newest of ``revisions`` of each article that has not every sentence, or the title, of the earlier ones."""
    newest = AvailableArticles(revisions).newest
    left = {key: _said_in(article) for key, article in newest.items()}
    lost = {a.id for a in revisions if not _said_in(a) <= left[a.id]}
    return [newest[key] for key in sorted(lost)]


def _said_in(article: Article) -> frozenset[str]:
    return frozenset(same_words(text) for text in (article.title, *(s.text for s in article.sentences)))


async def is_on_its_way(briefing_id: str, *, store: Store) -> bool:
    """Return whether a briefing is being posted now; then it is corrected afterwards."""
    return any(d.state in _ON_ITS_WAY for d in await store.deliveries.of_briefing(briefing_id))


async def withdraw(briefing_id: str, *, store: Store, now: datetime) -> Briefing | None:
    """Amend a briefing by what its articles say now; return it as amended, None if nothing changed.

    A quoted line is withdrawn only if its article says that it was corrected: a live article
    loses sentences that were never wrong.
    """
    briefing = await store.briefings.get(briefing_id)
    by = await store.briefings.scope(briefing_id)
    if briefing is None or by is None:
        return None
    lines = [line for story in briefing.stories for line in cited_lines(story)]
    listed = list(listed_lines(briefing))
    cited = {c.article_id for line in (*lines, *listed) for c in line.field.citations}
    # Stories may have been merged or split since: what was read is where the articles are now.
    now_in = set((await store.stories.of_articles(sorted(cited))).values())
    updates = [u for known in (await store.updates.of(sorted(now_in), by=by)).values() for u in known]
    read = {key for update in updates for key, _ in update.articles}
    found = [a for a in await store.articles.revisions(sorted(cited | read)) if a.fetched_at <= now]
    available = AvailableArticles(a for a in found if a.id in cited)
    withdrawals: list[Withdrawal] = []
    for story in briefing.stories:
        withdrawals += await run_blocking(
            _withdrawals, story, available, updates, found, language=briefing.language
        )
    listed = [line for line in listed if any(c.article_id in read for c in line.field.citations)]
    gone = {(one.line.stated.story_id, one.line.stated.text) for one in withdrawals}
    for line in listed:
        if (line.stated.story_id, line.stated.text) not in gone and _has_fallen(line, available, ()):
            withdrawals.append(Withdrawal(line=line, reason=_reason(line, available, briefing.language)))
    if not withdrawals:
        return None
    amended = briefing
    for one in withdrawals:
        amended = amend(amended, one.line.stated, now=one.instead, reason=one.reason, at=now)
    amended = await _translated(amended, withdrawals, store=store, by=by)
    for story_id in dict.fromkeys(one.line.stated.story_id for one in withdrawals):
        lines = [one.line for one in withdrawals if one.line.stated.story_id == story_id]
        await store.briefings.amend(amended, story_id=story_id, repair=partial(forget, lines=lines))
    return amended


async def _translated(
    briefing: Briefing, withdrawals: Sequence[Withdrawal], *, store: Store, by: Scope
) -> Briefing:
    """Return ``briefing`` with the kept translations of what came in the place of something else."""
    found: list[TranslatedLine] = []
    for one in withdrawals:
        if one.instead:
            kept = await kept_lines(one.line.stated.story_id, language=briefing.language, store=store, by=by)
            found += [line for line in kept if line.original == one.instead]
    known = {line.original for line in briefing.translations}
    new = {line.original: line for line in found if line.original not in known}
    return replace(briefing, translations=(*briefing.translations, *new.values()))


def _withdrawals(
    story: StoryBrief,
    available: AvailableArticles,
    updates: Sequence[StoryUpdate],
    articles: Sequence[Article],
    *,
    language: str,
) -> list[Withdrawal]:
    """Return what of ``story`` holds no more; a headline gives way to the ledger's, or to a line that still stands.

    ``articles`` are all that the ``updates`` read; the channel may know no more of them than what ``available`` holds.
    """
    lines = list(cited_lines(story))
    everywhere = [c.article_id for line in lines for c in line.field.citations]
    fallen = [line for line in lines if _has_fallen(line, available, everywhere)]
    if story.writer is not Writer.MODEL:
        fallen = [line for line in fallen if _gone_from(line, available).correction]
    if not fallen:
        return []
    # A fact that an article of another channel says again is as true as it was.
    facts = public_ledger(story.story_id, updates, articles)[0].facts
    standing = {fact_id for known in facts for fact_id in known.ids}
    fallen = [line for line in fallen if standing.isdisjoint(line.sent_ids)]
    found = []
    # The headline last: a story whose headline is dropped goes with it.
    for line in (
        *(one for one in fallen if one is not lines[0]),
        *(one for one in fallen if one is lines[0]),
    ):
        instead = ""
        if line is lines[0]:
            left = [
                one.stated.text for one in lines if one not in fallen and one.field.kind is FieldKind.FACT
            ]
            ours = [u for u in updates if {key for key, _ in u.articles} & set(everywhere)]
            headline = public_ledger(story.story_id, ours, available.articles)[0].headline
            instead = headline.text if headline and left else next(iter(left), "")
        found.append(Withdrawal(line=line, instead=instead, reason=_reason(line, available, language)))
    return found


def _has_fallen(line: CitedLine, available: AvailableArticles, everywhere: Sequence[str]) -> bool:
    """Return whether ``line`` cited a sentence that was removed, and no article supports it now."""
    stand = [available.now(c) for c in line.field.citations]
    known = all(c.article_id in available.newest for c in line.field.citations)
    if not known or None not in stand or available.carrying(line.field.citations, line.field):
        return False
    return not available.carried_anywhere(line.field, everywhere)


def _gone_from(line: CitedLine, available: AvailableArticles) -> Article:
    """Return the first article of which a sentence that the fallen ``line`` rested on was edited away."""
    return next(available.newest[c.article_id] for c in line.field.citations if available.now(c) is None)


def _reason(line: CitedLine, available: AvailableArticles, language: str) -> str:
    article, say = _gone_from(line, available), phrases(language)
    return (say.rectified if article.correction else say.edited).format(outlet=article.outlet)
