"""A citation is named as its reader counts sentences."""

import pytest

from bot.model.news import citation_label, sentence_numbers


@pytest.mark.parametrize(
    ("numbers", "place"),
    [((3,), "sentence 3"), ((1, 4), "sentences 1, 4"), ((0,), "title"), ((0, 2), "sentence 2")],
)
def test_a_citation_leads_to_its_sentences_or_to_the_title_alone(numbers, place):
    assert citation_label(numbers) == place


def test_the_title_has_no_number_for_a_reader():
    assert sentence_numbers((0, 2, 5)) == "2, 5"
    assert sentence_numbers((0,)) == ""
