"""What is asked again: only lines a briefing needs, with their sentences and what to do, and only what was asked counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence.proposed import FieldKind
from bot.evidence.update import check_fields
from bot.updates.by_model.propose import outcomes, proposed
from bot.updates.by_model.repair import (
    MAX_REPAIRED_STATEMENTS,
    UpdateRepairReply,
    corrections,
    fault_lines,
    repair_sentences,
    worth_repair,
)
from bot.updates.by_model.reply import read_update
from bot.updates.material import batches_of
from tests.flows.ferry import ARTICLES, KINDS, OFFERED, fact, reply

(BATCH,) = batches_of(ARTICLES)
AT_HAND = {(a.id, a.revision): a for a in ARTICLES}


def refused(**changes):
    read = read_update(reply(**changes))
    fields = proposed(read, BATCH, kinds=KINDS)
    checked = check_fields(fields, articles=AT_HAND, shown=BATCH.shown)
    return worth_repair(fields, checked, read), checked


def test_fields_that_say_nothing_are_not_proposed():
    read = read_update(reply(headline={"text": "", "cite": [1]}, actors=[], questions=[""]))
    kinds = {field.kind for field in proposed(read, BATCH, kinds=KINDS)}
    assert kinds == {FieldKind.STATUS, FieldKind.FACT}


def test_a_state_is_proposed_as_the_sentence_of_its_kind():
    read = read_update(reply(state={"name": "talking", "cite": [6]}))
    (state,) = [f for f in proposed(read, BATCH, kinds=KINDS) if f.kind is FieldKind.STATE]
    assert state.text == KINDS["negotiation"].state("talking").sentence
    for unknown in (
        reply(kind="space opera", state={"name": "talking", "cite": [6]}),
        reply(state={"name": "x"}),
    ):
        fields = proposed(read_update(unknown), BATCH, kinds=KINDS)
        assert FieldKind.STATE not in {f.kind for f in fields}


def test_a_status_that_is_too_long_loses_its_last_clause_and_no_call_is_made_for_it():
    first, second = (
        "Ferry crews of Orsund Line opened wage talks in Brekk on Monday",
        "the union of the crews wants 8 percent more pay than before",
    )
    read = read_update(reply(status={"text": f"{first}; {second}", "cite": [1, 2]}))
    (status,) = [f for f in proposed(read, BATCH, kinds=KINDS) if f.kind is FieldKind.STATUS]
    assert status.text == first


def test_only_known_announcements_have_an_outcome():
    told = [{"known": name, "outcome": "happened", "due": "", "cite": [1]} for name in ("A1", "A9")]
    (one,) = outcomes(read_update(reply(settled=told)), BATCH, announced={"A1": "a vote"})
    assert (one.text, one.value) == ("a vote", "happened")


def test_headline_status_and_key_facts_are_worth_a_call_and_nothing_else_is():
    asked, _ = refused(
        headline={"text": "Ferries are sold to Denmark", "cite": [1]},
        status={"text": "The ferries have been sold", "said_by": "", "day": "", "cite": [4]},
        facts=[fact("The union wants 18 percent.", 2, importance=3), fact("Orsund wants 18 percent.", 3)],
        actors=[{"name": "Zebulon", "role": "", "position": "Zebulon resigned.", "cite": [6]}],
    )
    assert [field.path for field in asked] == ["status", "headline", "facts[0]"]


def test_what_passes_is_not_asked_again():
    assert refused()[0] == ()


def test_no_more_is_asked_than_fits_one_call():
    facts = [fact(f"The union wants {n} percent more.", 2, importance=3) for n in range(20, 30)]
    assert len(refused(facts=facts)[0]) == MAX_REPAIRED_STATEMENTS


def test_a_refused_line_stands_with_its_sentences_and_what_to_do():
    asked, checked = refused(
        facts=[fact("The union wants 18 percent.", 2, importance=3, claimant="Tove Lind")]
    )
    first, advice = fault_lines(asked, checked, BATCH).split("\n")
    assert first == "facts[0]: The union wants 18 percent. (said_by: Tove Lind) [2]"
    assert advice.strip().endswith(".")
    shown = {one.number for one in repair_sentences(asked, checked, BATCH)}
    assert {1, 2, 3} <= shown


def test_only_what_was_asked_is_corrected_and_once():
    asked, _ = refused(facts=[fact("The union wants 18 percent.", 2, importance=3), OFFERED])
    again = [
        {"field": "facts[0]", "text": "The union wants 8 percent.", "said_by": "Tove Lind", "cite": [2]},
        {"field": "facts[0]", "text": "Twice.", "said_by": "", "cite": [2]},
        {"field": "facts[1]", "text": "Not asked.", "said_by": "", "cite": [3]},
        {"field": "status", "text": "", "said_by": "", "cite": []},
    ]
    (one,) = corrections(UpdateRepairReply.model_validate({"statements": again}), asked, BATCH)
    assert (one.path, one.text, one.who, one.kind) == (
        "facts[0]",
        "The union wants 8 percent.",
        "Tove Lind",
        FieldKind.FACT,
    )


@given(
    st.recursive(st.none() | st.integers() | st.text(), lambda i: st.lists(i) | st.dictionaries(st.text(), i))
)
def test_any_json_is_read_as_corrections_or_refused_by_a_value_error(data):
    try:
        UpdateRepairReply.model_validate({"statements": data})
    except ValueError:
        pytest.fail("a list of corrections is read leniently")


def test_a_headline_alone_is_worth_no_call():
    long = {"text": "Ferry crews and Orsund Line open talks on wages in Brekk on Monday at noon", "cite": [1]}
    assert refused(headline=long)[0] == ()


def test_of_a_line_that_is_only_too_long_nothing_is_shown_but_what_it_cites():
    long = {"text": "The wage talks of the ferry crews and Orsund Line opened in Brekk on Monday with all sides and their lawyers at one table", "said_by": "", "day": "", "cite": [1]}  # fmt: skip
    asked, checked = refused(status=long)
    assert [one.number for one in repair_sentences(asked, checked, BATCH)] == [1]
