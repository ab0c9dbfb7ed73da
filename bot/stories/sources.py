"""The independent sources of a story: owners of domains and feeds, never names that a page gives itself. Pure.

articles ──by text──▶ texts ──who wrote it first──▶ an agency that is credited │ the owner of the domain
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from bot.language.outlets import outlets
from bot.language.owners import owner_at
from bot.language.similarity import similarity
from bot.model.news import Article
from bot.model.story import Corroboration, StorySupport

FIRST_SENTENCES = 8  # of an article, in which it says its news
SAME_NEWS_SIMILARITY = 0.3  # from which a sentence tells the news of another article's title
CREDIT_PREFIX = "credit:"  # before the name of an agency as the author of a text


def independent_sources(articles: Sequence[Article]) -> tuple[str, ...]:
    """Return the names of a story's independent sources, in the order of their first article.

    Copies of one text count once, for their author: the agency that they credit, else the owner
    of the domain (or the feed) of the earliest. A credit is only the page's own statement: it can merge two
    sources, but an agency counts in addition to its printers only if it has a domain of its own here. All pages of one domain are
    one source, even under different names. A feed's comment on another site's page is no source beside that
    site.
    """
    texts = _by_text(articles)
    written = {group: _written_by(copies[0]) for group, copies in texts.items()}
    printed: defaultdict[str, list[Article]] = defaultdict(list)
    for group, copies in texts.items():
        printed[written[group]] += copies
    taken = {who for who in printed if not who.startswith(CREDIT_PREFIX)}
    for who in sorted(taken):
        if all(owner_at(a.url) in taken - {who} for a in printed[who]):
            taken.discard(who)
    counted = set(taken)
    agencies = sorted(
        (who for who in printed if who.startswith(CREDIT_PREFIX)),
        key=lambda who: (len({a.owner for a in printed[who]}), who),
    )
    for who in agencies:
        free = [owner for a in printed[who] if (owner := a.owner) not in taken]
        if free:
            taken.add(free[0])
            counted.add(who)
    order = dict.fromkeys(who for who in written.values() if who in counted)
    return tuple(_named(who, printed[who]) for who in order)


def telling(text: str, articles: Sequence[Article], *, cited: Collection[str] = ()) -> tuple[Article, ...]:
    """Return those of ``articles`` that tell what ``text`` says, in their title or first sentences; the ``cited`` ones (by id) do."""
    return tuple(
        a
        for a in articles
        if a.id in cited
        or any(
            similarity(text, said) >= SAME_NEWS_SIMILARITY
            for said in (a.title, *(s.text for s in a.sentences[:FIRST_SENTENCES]))
        )
    )


def corroborate(articles: Sequence[Article], *, claimants: Collection[str] = ()) -> Corroboration:
    """Return the corroboration of a story: owners of domains, with copies of one text counted once.

    ``claimants`` has the claimant of each statement, empty for what an outlet reports itself. If the only
    source says nothing but the claims of one claimant, the story is one party's claim. Claimants of single lines are shown
    on the lines. Quoting an official body does not make an outlet official.
    """
    originators = independent_sources(articles)
    said_by = {claimant.casefold() for claimant in claimants}
    if len(originators) > 1:
        support = StorySupport.CONFIRMED
    elif len(said_by) == 1 and "" not in said_by:
        support = StorySupport.ONE_PARTY
    else:
        support = StorySupport.SINGLE
    return Corroboration(
        support=support,
        originators=originators,
        reprints=len(articles) - len({a.text_group or a.id for a in articles}),
    )


def _by_text(articles: Sequence[Article]) -> dict[str, list[Article]]:
    texts: dict[str, list[Article]] = {}
    for article in sorted(articles, key=lambda a: a.sort_key):
        texts.setdefault(article.text_group or article.id, []).append(article)
    return texts


def _written_by(article: Article) -> str:
    agency = article.originator if article.originator in set(outlets().agencies.values()) else ""
    return f"{CREDIT_PREFIX}{agency}" if agency else article.owner


def _named(who: str, copies: Sequence[Article]) -> str:
    """Return the name of a source; of an agency that one printer alone credits, the printer's before it."""
    first = copies[0]
    if not who.startswith(CREDIT_PREFIX):
        return next((a.outlet for a in copies if a.owner == who), "") or who
    agency = who.removeprefix(CREDIT_PREFIX)
    vouched = first.outlet == agency or len({a.owner for a in copies}) > 1
    return agency if vouched else f"{first.outlet}/{agency}"
