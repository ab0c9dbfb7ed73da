"""How well a story is attested: by whom its texts are, never by whom they quote."""

from __future__ import annotations

import pytest

from bot.model.story import StorySupport
from bot.stories.sources import corroborate, telling
from tests.flows.ferry import article

SAID = "The bridge of Ovre is safe, the police said on Monday. The mayor's party wants it closed."


@pytest.mark.parametrize(
    ("claimants", "support"),
    [
        ((), StorySupport.SINGLE),
        (("", "police"), StorySupport.SINGLE),  # one line of the story is a claim, the story is not
        (("police", "the mayor's party"), StorySupport.SINGLE),
        (("the mayor's party", "The mayor's party"), StorySupport.ONE_PARTY),
        (("",), StorySupport.SINGLE),
    ],
)
def test_one_source_has_one_partys_claim_only_where_it_tells_nothing_else(claimants, support):
    assert corroborate([article("post", SAID)], claimants=claimants).support is support


def test_what_several_tell_independently_is_not_one_partys_claim():
    both = [article("post", SAID), article("courier", "Police in Ovre called the bridge safe on Monday.")]
    assert corroborate(both, claimants=("police", "police")).support is StorySupport.CONFIRMED


def test_an_official_speaker_makes_no_outlet_official():
    quoted = article("post", "The ministry said on Monday that the bridge of Ovre is safe.")
    assert corroborate([quoted]).support is StorySupport.SINGLE


def test_only_who_tells_what_is_shown_is_a_source_of_it():
    shown = "Police in Ovre call the bridge safe"
    post = article("post", SAID)
    courier = article("courier", "On Monday the police of Ovre called the bridge safe. It was built of iron.")
    other = article("herald", "The mayor of Ovre cut a ribbon at the new school. Children sang for an hour.")
    assert telling(shown, [post, courier, other]) == (post, courier)
    assert telling(shown, [other], cited={other.id}) == (other,)
