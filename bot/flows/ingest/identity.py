"""Identity: which entry belongs to which article, and which site may change it.

    entries ──keys──▶ known? ──▶ nothing new │ another way to an article │ an edit │ a new article
    drafts ──whose text is it──▶ a revision by its own site │ another way to it │ a new article

An article belongs to the site its text is from. A feed of another site may list it, which is noted, and can change no
word of it; what it says itself is an article of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.feeds.address import canonical_url
from bot.feeds.entries import Listed, key_of_page, listed, says_the_same, shares_words
from bot.flows.ingest.reading import MIN_COMMENT_CHARS, ArticleDraft, entry_hash
from bot.flows.ingest.sites import origin_of, own_sites, title_of
from bot.language.outlets import Outlets
from bot.model.news import Article, Entry, Feed
from bot.model.scope import Scope
from bot.store import FeedListing, Key, KnownText, Store

MAX_SAME_ENTRY_GAP = timedelta(
    days=2
)  # between two entries of one feed that say the same word for word and are one

Pair = tuple[ArticleDraft, KnownText | None]
_Rank = tuple[bool, datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntries:
    """The entries of a feed to read, each with the article it may revise, and how many lead to known articles."""

    read: tuple[tuple[Listed, KnownText | None], ...] = ()
    folded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedDrafts:
    """Drafts to store, each with the article it may revise; ``noted`` are those that only lead to a stored one.

    ``replaced`` are articles of this run for which there is a better draft.
    """

    kept: tuple[Pair, ...]
    noted: tuple[FeedListing, ...]
    replaced: frozenset[str]


async def new_entries(
    entries: Sequence[Entry], *, feed: Feed, store: Store, now: datetime, title: str, outlets: Outlets
) -> NewEntries:
    """Return which of ``entries`` of the feed titled ``title`` are to be read.

    Entries that only lead to a stored article are recorded as listings. Entries that another feed brought in this run
    (``now``) are read all the same, so that the result does not depend on the order of feeds.
    """
    items = listed(entries, feed_id=feed.id)
    keys = [key for item in items for key in (*item.keys, *item.shared)]
    known = await store.articles.known(keys, feed.scope)
    gone = await store.articles.forgotten_keys([key for key in keys if key not in known], feed.scope)
    texts = await _texts(items, known, store=store)
    read: list[tuple[Listed, KnownText | None]] = []
    noted: list[FeedListing] = []
    folded = 0
    for entry in items:
        item, match, folds = _matched(entry, known, feed=feed, texts=texts)
        match_before, said = known.get(item.own), entry_hash(item.entry)
        if match and folds and match.fetched_at == now and match.feed_id != feed.id:
            read.append((item, None))
            continue
        folded += folds
        if match is None:
            if gone.isdisjoint((*item.keys, *item.shared)):
                read.append((item, None))
        elif match_before is match and (match_before.said or match_before.entry_hash) == said:
            continue
        elif folds or not (match.site in own_sites(feed) or match.feed_id in {feed.id, ""}):
            own = origin_of(item.entry, None, feed=feed, title=title_of(feed, title), known=outlets)
            name = own.outlet if own.site == match.site and own.site in own_sites(feed) else ""
            noted.append(_noted(match.article_id, item.keys, feed, said=said, outlet=name))
        else:
            read.append((item, match))
    await store.articles.add_listings(noted)
    return NewEntries(read=tuple(read), folded=folded)


async def resolve_drafts(pairs: Iterable[Pair], *, store: Store, now: datetime) -> ResolvedDrafts:
    """Return the drafts to store; those that lead to an article stored under the same address are recorded as listings.

    Of several drafts in one run (``now``), the one whose feed belongs to the site is used, then the earlier one.
    """
    by_scope: defaultdict[Scope, list[Pair]] = defaultdict(list)
    for draft, known in pairs:
        mine = known if known and may_revise(draft.article, known) else None
        by_scope[draft.article.scope].append((draft, mine))
    found = [await _resolve(some, scope=scope, store=store, now=now) for scope, some in by_scope.items()]
    return ResolvedDrafts(
        kept=tuple(pair for one in found for pair in one.kept),
        noted=tuple(noted for one in found for noted in one.noted),
        replaced=frozenset(article_id for one in found for article_id in one.replaced),
    )


async def _resolve(pairs: Sequence[Pair], *, scope: Scope, store: Store, now: datetime) -> ResolvedDrafts:
    addresses = {draft.address for draft, known in pairs if known is None} - {""}
    there = await store.articles.known([("link", address) for address in addresses], scope)
    feed_texts = await _feed_texts(pairs, scope=scope, store=store)
    ranks = await _ranks([text for text in there.values() if text.fetched_at == now], store=store)
    ids = {key: (text.article_id, text.published_at) for key, text in there.items()}
    kept: list[Pair] = []
    noted: list[FeedListing] = []
    replaced: set[str] = set()
    for draft, known in sorted(pairs, key=lambda pair: _rank(pair[0])):
        article, keys = draft.article, draft.keys
        same = "" if known else _existing_article(draft, ids) or _same_feed_text(draft, feed_texts)
        better = same == article.id and same in ranks and _rank(draft) < ranks[same]
        if same and not better:
            name = "" if draft.foreign else article.outlet
            noted.append(
                FeedListing(
                    article_id=same,
                    keys=keys,
                    feed_id=article.feed_id,
                    entry_hash=draft.entry_hash,
                    outlet=name,
                    scope=scope,
                )
            )
            continue
        replaced |= {same} if better else set()
        ranks.pop(article.id, None)
        kept.append((draft, known))
        feed_texts.setdefault(draft.about, article)
        own = (known.article_id if known else article.id, article.published_at)
        ids |= dict.fromkeys((*keys, *([("link", draft.link)] if draft.link else [])), own)
    return ResolvedDrafts(kept=tuple(kept), noted=tuple(noted), replaced=frozenset(replaced))


async def _feed_texts(pairs: Iterable[Pair], *, scope: Scope, store: Store) -> dict[str, Article]:
    """Return earlier texts of other sites' feeds about the pages of ``pairs``, by the page's address."""
    keys = {key_of_page(draft.about): draft.about for draft, known in pairs if draft.about and known is None}
    known = await store.articles.known(keys, scope)
    articles = {a.id: a for a in await store.articles.many({text.article_id for text in known.values()})}
    return {
        keys[key]: articles[text.article_id] for key, text in known.items() if text.article_id in articles
    }


def _same_feed_text(draft: ArticleDraft, feed_texts: Mapping[str, Article]) -> str:
    """Return the article of ``feed_texts`` that says of a page nobody could read what ``draft`` says of it, too.

    A feed's own words of some length are its own article, whatever page they are about.
    """
    article, before = draft.article, feed_texts.get(draft.about) if draft.about else None
    if before is None or before.feed_id == article.feed_id:
        return ""
    texts = [" ".join((a.title, *(s.text for s in a.sentences))) for a in (article, before)]
    short, long = sorted(texts, key=len)
    return before.id if len(texts[0]) < MIN_COMMENT_CHARS and shares_words(short, long) else ""


def _rank(draft: ArticleDraft) -> _Rank:
    return draft.foreign, draft.article.published_at, draft.article.feed_id


async def _ranks(texts: Sequence[KnownText], *, store: Store) -> dict[str, _Rank]:
    """Return the ranks of articles that came by a feed in this run, by id."""
    feeds = {feed.id: feed for feed in await store.feeds.all()} if texts else {}
    return {
        text.article_id: (text.site not in own_sites(feeds[text.feed_id]), text.published_at, text.feed_id)
        for text in texts
        if text.feed_id in feeds and text.revision == 1
    }


def _existing_article(draft: ArticleDraft, ids: Mapping[Key, tuple[str, datetime]]) -> str:
    """Return the article of ``ids`` that ``draft`` leads to: one address, one key, or the same words at one time."""
    address = ids.get(("link", draft.address)) or ids.get(draft.keys[0] if draft.keys else ("", ""))
    if address:
        return address[0]
    found = (ids[key] for key in draft.keys[1:] if key in ids)
    return next((one for one, at in found if abs(at - draft.article.published_at) <= MAX_SAME_ENTRY_GAP), "")


def may_revise(article: Article, known: KnownText) -> bool:
    """Return whether ``article`` may be the next revision of ``known``: its text must be from the same site."""
    return known.site in {article.site, ""}


def _matched(
    item: Listed, known: Mapping[Key, KnownText], *, feed: Feed, texts: Mapping[str, Article]
) -> tuple[Listed, KnownText | None, bool]:
    """Return ``item`` with what tells it from others, the article it is, and whether it only leads there."""
    own = known.get(item.own)
    if own:
        return item, None if _reused(item, own, texts) else own, False
    said = known.get(item.said) if item.said else None
    if said and _at_one_time(item.entry, said):
        return item, said, True
    there = next((known[key] for key in item.shared if key in known), None)
    if there is None or there.feed_id != feed.id:
        return item, there, there is not None
    if _another(item.entry, there, texts):
        # Two entries of one feed on one page: its address tells neither from the other.
        return replace(item, link=""), None, False
    return item, there, there.entry_hash == entry_hash(item.entry)


def _reused(item: Listed, own: KnownText, texts: Mapping[str, Article]) -> bool:
    """Tell whether the GUID of ``item`` belonged to another entry before: address, title and text all differ."""
    moved = item.own[0] == "guid" and item.link not in {"", canonical_url(own.url)}
    return moved and _another(item.entry, own, texts)


def _another(entry: Entry, known: KnownText, texts: Mapping[str, Article]) -> bool:
    """Return whether ``entry`` cannot be an edit of ``known``: neither title nor text is similar."""
    article = texts.get(known.article_id)
    if article is None or not entry.title or entry.title == article.title:
        return False
    return not says_the_same(entry, title=article.title, text="\n".join(s.text for s in article.sentences))


def _at_one_time(entry: Entry, known: KnownText) -> bool:
    at = entry.published or entry.updated
    return at is None or abs(at - known.published_at) <= MAX_SAME_ENTRY_GAP


async def _texts(
    items: Iterable[Listed], known: Mapping[Key, KnownText], *, store: Store
) -> dict[str, Article]:
    """Return the articles that an entry with another text may be an edit of, by id."""
    ids = {
        match.article_id
        for item in items
        for match in (known.get(key) for key in (item.own, *item.shared))
        if match and match.entry_hash != entry_hash(item.entry)
    }
    return {article.id: article for article in await store.articles.many(ids)}


def _noted(article_id: str, keys: tuple[Key, ...], feed: Feed, *, said: str, outlet: str) -> FeedListing:
    return FeedListing(
        article_id=article_id, keys=keys, feed_id=feed.id, entry_hash=said, outlet=outlet, scope=feed.scope
    )
