"""What is denied stays denied, and what is asserted asserted."""

from __future__ import annotations

from tests.evidence.checking import check


def test_what_a_sentence_lacks_is_what_stands_beside_that_word():
    said = "Absent pay and coal, the crews held a prolonged strike."
    assert check("The crews held a prolonged strike without pay.", said).passed
    assert check("The crews worked on without a strike.", said).reason == "negation"


def test_a_second_denial_does_not_hide_that_the_first_is_told_as_done():
    said = "The court did not approve the plan; it did not fine the crews."
    assert check("The court did not approve the plan and did not fine the crews.", said).passed
    assert check("The court approved the plan and did not fine the crews.", said).reason == "negation"


def test_when_something_was_said_is_not_who_says_it():
    said = "“Ministers have no role in strikes,” Kestrel executive Ole Brandt, a former mayor, said in May, defending the rule for ports."
    assert check("Ole Brandt defended the rule for ports in May.", said).passed
    assert check("Ministers have no role in strikes.", said).reason == "claimant"


def test_a_denial_ends_where_a_second_verb_begins():
    said = "The court did not approve the plan and has fined the crews."
    assert check("The court fined the crews.", said).passed
    assert check("The court approved the plan and fined the crews.", said).reason == "negation"


def test_a_short_statement_asserts_the_beginning_of_what_is_denied():
    said = "The mayor did not release a statement on the strike plan."
    assert check("The mayor released a statement.", said).reason == "negation"
    assert check("The mayor released no statement.", said).passed
