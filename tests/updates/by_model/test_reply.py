"""What a model answers: whatever it is, it is read or refused, and one bad entry costs only itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm.schema import fits
from bot.updates.by_model.reply import (
    MAX_ITEMS,
    MAX_REPLY_FACTS,
    MAX_REPLY_FIELD_CHARS,
    MAX_REPLY_NAME_CHARS,
    MAX_SENTENCES_PER_FIELD,
    UpdateReply,
    read_update,
    update_schema,
)
from tests.flows.ferry import WANTED, fact, reply
from tests.support.running.rows import each_row
from tests.updates.by_model.test_short_form import SHORT

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=800),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=12), inner, max_size=6),
    max_leaves=40,
)
FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(UpdateReply.model_fields, JSON))
ENTRIES = st.dictionaries(
    st.sampled_from(["text", "cite", "name", "value", "what", "known", "outcome", "relation", "importance", "sides", "by"]),
    JSON,
    max_size=6,
)  # fmt: skip
LISTS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(UpdateReply.model_fields, st.lists(ENTRIES, max_size=30))
)


@pytest.mark.slow
@given(JSON | FIELDS | LISTS)
def test_any_json_is_a_bounded_reply_or_a_value_error(data):
    try:
        found = read_update(data)
    except ValueError:
        return
    assert len(found.facts) <= MAX_REPLY_FACTS
    assert all(
        len(one.text) <= MAX_REPLY_FIELD_CHARS and len(one.cite) <= MAX_SENTENCES_PER_FIELD
        for one in found.facts
    )
    assert all(one.importance in (1, 2, 3) for one in found.facts)
    assert {type(one.importance) for one in found.facts} <= {int}
    for many in (found.actors, found.figures, found.announcements, found.settled, found.contradictions):
        assert len(many) <= MAX_ITEMS
    assert max(len(found.kind), len(found.phase), len(found.change)) <= MAX_REPLY_NAME_CHARS
    assert max(len(found.background), len(found.questions)) <= 2
    assert all(type(number) is int for number in found.elsewhere)


def test_a_sound_reply_is_read_whole():
    found = read_update(reply())
    assert [one.text for one in found.facts] == [one["text"] for one in reply()["facts"]]
    assert found.status.day == "2025-03-03"
    assert found.actors[0].role == "State mediator"


@pytest.mark.parametrize("bad", [None, 7, "text", [], {}, {"text": 3}, {"text": ["x"], "cite": [1]}])
def test_one_bad_entry_costs_only_itself(bad):
    found = read_update(reply(facts=[bad, WANTED]))
    assert [one.text for one in found.facts] == [WANTED["text"]]


@each_row("name", UpdateReply.model_fields)
def test_one_bad_field_costs_only_itself(name):
    found = read_update(reply(**{name: {"odd": object}}))
    plain = read_update(reply())
    for other in UpdateReply.model_fields.keys() - {name}:
        assert getattr(found, other) == getattr(plain, other)


def test_what_is_too_much_is_cut_and_what_is_too_long_is_no_text():
    many = [fact(f"Fact number {i}.", *range(1, 30)) for i in range(40)]
    found = read_update(reply(facts=many, headline={"text": "x" * 5000, "cite": [1]}))
    assert (len(found.facts), len(found.facts[0].cite)) == (MAX_REPLY_FACTS, MAX_SENTENCES_PER_FIELD)
    assert found.headline.text == ""


def test_a_number_in_quotes_cites_nothing_and_a_truth_value_is_no_number():
    (one,) = read_update(reply(facts=[fact("x", importance=True) | {"cite": ["1", True, 2.0, 3]}])).facts
    assert one.cite == [3]
    assert type(one.importance) is int


def test_labels_that_do_not_exist_are_the_weakest_there_are():
    (one,) = read_update(reply(facts=[fact("x", 1, importance=99, relation="destroys")])).facts
    assert (one.importance, one.relation) == (1, "new")


@pytest.mark.parametrize(
    "data", [None, [], "text", 3, {}, {"answer": "hello"}, {"facts": None, "headline": 3}]
)
def test_what_has_nothing_of_it_is_refused_in_words(data):
    with pytest.raises(ValueError, match=r"answer"):
        read_update(data)


def test_the_schema_that_is_asked_for_is_the_one_that_is_read():
    assert fits(SHORT, update_schema())
    assert not fits(SHORT | {"facts": "none"}, update_schema())
    assert set(update_schema()["properties"]) == set(UpdateReply.model_fields)
