"""What a fact may be to a known one: a label is a proposal, accepted only where the two agree in what they speak of. Pure."""

from __future__ import annotations

from bot.language.similarity import figures, is_restated
from bot.language.words import content_terms
from bot.model.update import Fact
from bot.updates.days import Articles, newest_day

SAME_THING_SHARE = 0.34  # of the fewer content words from which two facts speak of the same thing
RESTATED_SHARE = 0.5  # of its content words that a fact must have in common with what it says again


def restated(fact: Fact, known: Fact) -> bool:
    """Tell whether ``fact`` says ``known`` again: it has no figure of its own, and most of its words."""
    if figures(fact.text) - figures(known.text):
        return False
    ours = set(content_terms(fact.text))
    return is_restated(fact.text, [known.text]) or (
        bool(ours) and len(ours & set(content_terms(known.text))) >= RESTATED_SHARE * len(ours)
    )


def superseded(fact: Fact, known: Fact, *, articles: Articles) -> bool:
    """Tell whether ``fact`` may replace ``known``: the same thing, by the same claimant, told on no earlier day."""
    if fact.claimant and known.claimant and fact.claimant.casefold() != known.claimant.casefold():
        return False
    ours, theirs = set(content_terms(fact.text)), set(content_terms(known.text))
    if len(ours & theirs) < SAME_THING_SHARE * min(len(ours), len(theirs)):
        return False
    keys = [(c.article_id, c.revision) for c in known.citations]
    if any(key not in articles for key in keys):
        return True
    return newest_day(fact.citations, articles) >= newest_day(known.citations, articles)
