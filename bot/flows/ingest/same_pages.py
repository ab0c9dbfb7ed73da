"""Find pages with the same text at several addresses of one site under different titles: they are no articles.

drafts of a portion ──text of the page──▶ also at another address? ──▶ the feed's own text │ left as it is

A live blog is one article, whatever addresses a feed gives for its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.faults import Fault, Faults
from bot.feeds.judge.roundup import content
from bot.flows.ingest.identity import Pair
from bot.flows.ingest.reading import READING_ENTRY, ArticleDraft
from bot.model.news import Article, PageKind
from bot.model.scope import Scope, audience
from bot.store import Store

MIN_SAME_TITLE_SHARE = 0.5  # share of a title's words
SAME_TEXT = "The site gives the same text at other addresses, too."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Under what title and address a text was met."""

    title: str
    link: str


async def without_same(pairs: Sequence[Pair], *, store: Store, faults: Faults) -> list[Pair]:
    """Return ``pairs``; those with a page that has the same text as others of its site get the feed's own text.

    Articles that were stored with such a text are marked, so that their entries are read again.
    """
    seen: defaultdict[str, list[_Seen]] = defaultdict(list)
    for draft, _ in pairs:
        if draft.page_print:
            seen[draft.page_print].append(_Seen(title=draft.article.title, link=draft.address))
    stored = await _stored(pairs, store=store)
    for (page_print, _), article in stored.items():
        seen[page_print].append(_Seen(title=article.title, link=article.url))
    found, again = [], set()
    for draft, known in pairs:
        before = stored.get((draft.page_print, audience(draft.article.scope)))
        if _is_elsewhere(draft, seen[draft.page_print]):
            again |= {before.id} if before and before.page_kind is PageKind.ARTICLE else set()
            draft = await _from_feed(draft, faults=faults)  # noqa: PLW2901 - replaced by the feed's own text
        found.append((draft, known))
    if again:
        await store.articles.reread_at_next_poll(sorted(again))
    return await _live(found, store=store)


async def _stored(pairs: Iterable[Pair], *, store: Store) -> dict[tuple[str, Scope], Article]:
    """Return the articles that were kept with the text of one of ``pairs``, by print and scope."""
    by_scope: defaultdict[Scope, set[str]] = defaultdict(set)
    for draft, _ in pairs:
        if draft.page_print:
            by_scope[audience(draft.article.scope)].add(draft.page_print)
    found: dict[tuple[str, Scope], Article] = {}
    for scope, prints in by_scope.items():
        known = await store.articles.known([("hash", one) for one in sorted(prints)], scope)
        articles = {a.id: a for a in await store.articles.many(k.article_id for k in known.values())}
        found |= {
            (value, scope): articles[text.article_id]
            for (_, value), text in known.items()
            if text.article_id in articles
        }
    return found


def _is_elsewhere(draft: ArticleDraft, seen: Iterable[_Seen]) -> bool:
    """Tell whether the text of the page stands under another title at another address, and is not about this one."""
    article = draft.article
    others = [one for one in seen if one.link not in {draft.address, article.url}]
    if not draft.without_page or not others:
        return False
    own = content(article.title, language=article.language)
    said = content(" ".join(s.text for s in article.sentences), language=article.language)
    if len(own & said) >= max(1, MIN_SAME_TITLE_SHARE * len(own)):
        return False
    return any(
        len(own & content(one.title, language=article.language)) < max(1, MIN_SAME_TITLE_SHARE * len(own))
        for one in others
    )


async def _from_feed(draft: ArticleDraft, *, faults: Faults) -> ArticleDraft:
    """Return ``draft`` with only the feed's text; unchanged if that is impossible."""
    assert draft.without_page  # noqa: S101 - asked by the caller
    made = await faults.guard(draft.without_page(), doing=READING_ENTRY)
    if made is None or isinstance(made, Fault):
        return draft
    article = replace(made.article, page_kind=PageKind.NOT_FOUND, text_note=SAME_TEXT)
    return replace(made, article=article, page_print=draft.page_print)


async def _live(pairs: Sequence[Pair], *, store: Store) -> list[Pair]:
    """Return ``pairs``, each part of a live blog beside the article that its page is known as."""
    found = []
    for draft, known in pairs:
        if known is None and draft.article.page_kind is PageKind.LIVE_BLOG and draft.link:
            key = ("link", draft.link)
            known = (await store.articles.known([key], audience(draft.article.scope))).get(key)  # noqa: PLW2901
        found.append((draft, known))
    return found
