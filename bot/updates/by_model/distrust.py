"""What one site, or an article about many events, may not do to a story by a label. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.model.ledger import may_replace, series_key
from bot.model.news import Citation
from bot.model.record import Checked
from bot.model.update import Phase, UpdateFigure
from bot.updates.by_model.reading import Reading
from bot.updates.by_model.reply import UpdateReply
from bot.updates.material import cited


def may_end(reading: Reading) -> bool:
    """Tell whether the batch may say that the story is over: one site alone ends none that goes on."""
    before = reading.ledger.now
    known_over = before is not None and before.phase is Phase.OVER
    return known_over or len({article.owner for article in reading.batch.articles}) > 1


def without_roundups(
    kept: Mapping[str, Checked], reply: UpdateReply, reading: Reading
) -> Mapping[str, Checked]:
    """Return the fields that may lead the story: headline and status of no article that tells of many events."""
    many = roundups(reply, reading)

    def leads(one: Checked) -> bool:
        return not all(citation.article_id in many for citation in one.verdict.citations)

    return {path: one for path, one in kept.items() if leads(one)} if many else kept


def may_lead(reply: UpdateReply, reading: Reading) -> bool:
    """Tell whether an article of the batch may say where the story stands."""
    return len(roundups(reply, reading)) < len(reading.batch.articles)


def roundups(reply: UpdateReply, reading: Reading) -> frozenset[str]:
    """Return the articles (ids) that tell of many events, as the model says."""
    return frozenset(a.id for letter, a in reading.batch.letters.items() if letter in reply.roundups)


def is_trusted(figure: UpdateFigure, reading: Reading) -> bool:
    """Tell whether ``figure`` may move a series: no value of it is known, or the two-sites rule allows it."""
    known = [one for one in reading.ledger.newest_figures if series_key(one) == series_key(figure)]
    ours = sites_of(figure.citations, reading)
    return not known or any(may_replace(ours, sites_of(one.citations, reading)) for one in known)


def elsewhere(reply: UpdateReply, reading: Reading) -> tuple[Citation, ...]:
    """Return the sentences that are about another event, as the model says and code agrees: never most of the batch."""
    apart = [
        one.number
        for one in reading.batch.sentences
        if one.number in reply.elsewhere
        and (one.article.id, one.article.revision, one.sentence) in reading.apart
    ]
    return cited(apart, reading.batch) if len(apart) * 2 < len(reading.batch.sentences) else ()


def sites_of(citations: Iterable[Citation], reading: Reading) -> frozenset[str]:
    """Return the sites of the cited articles, of whatever revision: an edited article has the site it had."""
    given = tuple(citations)
    ids = {c.article_id for c in given}
    at_hand = {article.owner for article in reading.articles.values() if article.id in ids}
    return frozenset(at_hand) | reading.ledger.sites_of(given)
