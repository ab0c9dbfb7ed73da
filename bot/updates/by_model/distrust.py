"""Limits of what one site, or an article about many events, may do to a story by a label. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.evidence.numbered import NumberedSentence
from bot.language.similarity import figures
from bot.language.words import content_terms, words
from bot.model.ledger import may_replace
from bot.model.news import Citation
from bot.model.record import Checked
from bot.model.update import Phase, UpdateFigure
from bot.updates.by_model.reading import Reading
from bot.updates.by_model.reply import UpdateReply
from bot.updates.material import Batch, cited


def may_end(reading: Reading) -> bool:
    """Return whether the batch may end the story: one site alone ends none that is still going on."""
    before = reading.ledger.now
    known_over = before is not None and before.phase is Phase.OVER
    return known_over or len({article.owner for article in reading.batch.articles}) > 1


def without_roundups(
    kept: Mapping[str, Checked], reply: UpdateReply, reading: Reading
) -> Mapping[str, Checked]:
    """Return the fields that may set headline and status: none of an article about many events."""
    many = roundups(reply, reading)

    def leads(one: Checked) -> bool:
        return not all(citation.article_id in many for citation in one.verdict.citations)

    return {path: one for path, one in kept.items() if leads(one)} if many else kept


def may_lead(reply: UpdateReply, reading: Reading) -> bool:
    """Return whether an article of the batch may set the status."""
    return len(roundups(reply, reading)) < len(reading.batch.articles)


def roundups(reply: UpdateReply, reading: Reading) -> frozenset[str]:
    """Return the articles (ids) about many events, as the model says."""
    return frozenset(a.id for letter, a in reading.batch.letters.items() if letter in reply.roundups)


def is_trusted(figure: UpdateFigure, reading: Reading) -> bool:
    """Tell whether ``figure`` may move a series: no value of it is known, or the two-sites rule allows it."""
    known = [
        one
        for one in reading.ledger.newest_figures
        if is_same_count(figure, one, claimant_may_differ=True) and one.value != figure.value
    ]
    ours = _sites_telling(figure, reading)
    return not known or any(may_replace(ours, _sites_telling(one, reading)) for one in known)


def _sites_telling(figure: UpdateFigure, reading: Reading) -> frozenset[str]:
    """Return the sites that tell ``figure``: those it cites, and those with a sentence that has its number and most of what it counts."""
    value, counted = figures(figure.value), frozenset(content_terms(figure.counts))
    telling_sites = {
        article.owner
        for article in reading.articles.values()
        if value and any(_tells(one.text, value, counted) for one in article.sentences)
    }
    return sites_of(figure.citations, reading) | telling_sites


def _tells(text: str, value: frozenset[tuple[str, str]], counted: frozenset[str]) -> bool:
    return value <= figures(text) and 2 * len(counted & {*content_terms(text)}) >= len(counted)


def is_same_count(figure: UpdateFigure, other: UpdateFigure, *, claimant_may_differ: bool) -> bool:
    """Tell whether two figures count the same thing by the same claimant, or by one who may be: "officials", or nobody named."""
    if (figure.series or figure.counts) != (other.series or other.counts):
        return False
    ours, theirs = (frozenset(words(one.claimant)) for one in (figure, other))
    return ours == theirs or (claimant_may_differ and (ours <= theirs or theirs <= ours))


def elsewhere(reply: UpdateReply, reading: Reading) -> tuple[Citation, ...]:
    """Return the sentences that are about another event, as the model says and code agrees.

    Apart from articles that are so as a whole, they are never most of the batch.
    """
    gone = left(reply, reading)
    agreed = [one for one in reading.batch.sentences if _is_apart(one, reply, reading)]
    others = [one for one in reading.batch.sentences if one.article.id not in gone]
    few = 2 * sum(one.article.id not in gone for one in agreed) < len(others)
    return cited([one.number for one in agreed if few or one.article.id in gone], reading.batch)


def left(reply: UpdateReply, reading: Reading) -> tuple[str, ...]:
    """Return the articles (ids) of which every sentence is about another event, as the model says and code agrees.

    Articles about many events are excluded: they would give a story wrong names.
    """
    many = roundups(reply, reading)
    return tuple(key for key in all_elsewhere(reply, reading.batch) if key in reading.far and key not in many)


def all_elsewhere(reply: UpdateReply, batch: Batch) -> tuple[str, ...]:
    """Return the articles (ids) of which the model says that every sentence is about another event."""
    stays = {one.article.id for one in batch.sentences if one.number not in reply.elsewhere}
    shown = dict.fromkeys(one.article.id for one in batch.sentences)
    return tuple(key for key in shown if key not in stays)


def _is_apart(one: NumberedSentence, reply: UpdateReply, reading: Reading) -> bool:
    place = (one.article.id, one.article.revision, one.sentence)
    return one.number in reply.elsewhere and place in reading.apart


def sites_of(citations: Iterable[Citation], reading: Reading) -> frozenset[str]:
    """Return the sites of the cited articles, of whatever revision: an edited article has the site it had."""
    given = tuple(citations)
    ids = {c.article_id for c in given}
    at_hand = {article.owner for article in reading.articles.values() if article.id in ids}
    return frozenset(at_hand) | reading.ledger.sites_of(given)
