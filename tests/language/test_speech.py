"""A claim stays a claim, whichever verb it is said with; and a denial stays a denial."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.evidence.reading.speech import is_attributed, speeches
from bot.language.sentences.clauses import attributed, parts
from bot.language.sentences.self_contained import points_back
from bot.language.similarity import is_negated
from bot.language.speech import SAYING, SAYING_OR_NOUN, SAYING_PARTICIPLES, SPEAKING, VOICING
from bot.model.news import Article, Sentence
from bot.updates.by_rules.numbers.figures import counted_in, find_figures
from tests.support.running.rows import each_row

VERBS = (
    "said says told declared insisted argued admitted conceded asserted contended maintained warned alleged estimated "
    "stressed revealed claimed reported announced testified believes predicted tweeted posted acknowledged affirmed"
).split()
CLAIM = "the dam was blown up by rebels"


@each_row("verb", VERBS)
def test_a_claim_stays_a_claim_behind_every_verb_of_saying(verb):
    behind = attributed(f"{CLAIM.capitalize()}, the defence ministry {verb}.")
    before = attributed(f"The defence ministry {verb} that {CLAIM}.")
    assert [
        (found.claim.lower().rstrip("."), found.speaker.lower()) for found in (behind, before) if found
    ] == [(CLAIM, "the defence ministry")] * 2
    sentence = f"{CLAIM.capitalize()} after weeks of shelling, the defence ministry {verb}."
    assert [part for part in parts(sentence) if verb not in part] == []
    assert is_attributed(sentence) or verb in {"posted", "revealed"}
    assert speeches(sentence)


@pytest.mark.parametrize("verb", ["declared", "insisted", "asserted", "reported", "maintained"])
def test_a_number_belongs_to_who_says_it(verb):
    text = f"The health ministry {verb} that 41 people were killed in the strike."
    published = datetime(2031, 3, 9, tzinfo=UTC)
    article = Article(
        id="a",
        title="Strike",
        published_at=published,
        fetched_at=published,
        sentences=(Sentence(number=0, text=text),),
    )
    assert [figure.claimant for figure in find_figures([article], counted_in([article]))] == [
        "the health ministry"
    ]


@pytest.mark.parametrize("verb", ["declared", "insisted", "warned", "conceded"])
def test_who_spoke_as_he_is_named_elsewhere(verb):
    assert points_back(f"The talks will go on, he {verb}.")


@pytest.mark.parametrize(
    "sentence", ["It grew by a tenth, according to official estimates.", "It grew, said the annual report."]
)
def test_a_noun_is_not_taken_for_the_verb(sentence):
    found = attributed(sentence)
    assert found
    assert found.speaker in {"official estimates", "the annual report"}


@pytest.mark.parametrize(
    "denial", ["never approved", "refused", "rejected", "denied", "did not approve", "failed"]
)
def test_a_denial_is_told_from_its_contrary(denial):
    assert is_negated(f"The council {denial} the plan.")
    assert not is_negated("The council approved the plan.")


def test_no_form_of_a_verb_has_two_senses():
    senses = (SAYING, SAYING_OR_NOUN, SAYING_PARTICIPLES, SPEAKING, VOICING)
    assert sum(map(len, senses)) == len(frozenset().union(*senses))
