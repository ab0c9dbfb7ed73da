"""The short form of a reply says what the long one says, also where a model left a part or a bar out."""

from __future__ import annotations

import pytest

from bot.llm.schema import fits
from bot.updates.by_model.reply import UpdateReply, read_update, update_schema, with_known_texts
from tests.updates.made import fact

SHORT = {
    "headline": "Ferry crews vote to strike | 1",
    "kind": "negotiation",
    "phase": "under way",
    "state": "talking | 1",
    "status": "Ferry crews of Orsund Line voted to strike | their union | 2025-03-04 | 1, 2",
    "change": "act",
    "facts": [
        "3 | Ferry crews voted on Tuesday 4 March to strike. | their union | 2025-03-04 | | 1,2",
        "2 | | | | =F1 | 3",
        "1 | 1,100 of 1,250 voted for it. | Tove Lind | 2025-03-04 | >F2 | 2",
    ],
    "actors": ["Arne Holt | Orsund Line spokesman | called the vote irresponsible | 3"],
    "figures": ["1,100 of 1,250 | votes for the strike | Tove Lind | 2025-03-04 | | 2"],
    "announcements": ["Karin Moe meets both sides | on Thursday | 2025-03-06 | | her office | 4"],
    "settled": ["A1 | moved | 2025-03-09 | 4", "A2 | did not happen | | 5", "A3 | open"],
    "contradictions": [
        "How many voted? | Tove Lind | 1,100 voted | 2 | Arne Holt | Fewer than 900 voted | 3,4"
    ],
    "background": ["Talks opened on Monday 3 March. | 6"],
    "questions": ["Will ferries sail on Friday?"],
    "elsewhere": [9],
    "roundups": ["B"],
}


def read(**changes):
    return read_update(SHORT | changes)


def test_every_part_of_the_short_form_is_read():
    found = read()
    assert fits(SHORT, update_schema())
    assert (found.headline.text, found.headline.cite) == ("Ferry crews vote to strike", [1])
    assert (found.state.name, found.state.cite) == ("talking", [1])
    assert (found.status.said_by, found.status.day, found.status.cite) == (
        "their union",
        "2025-03-04",
        [1, 2],
    )
    assert [(one.importance, one.relation, one.known, one.cite) for one in found.facts] == [
        (3, "new", "", [1, 2]),
        (2, "restates", "F1", [3]),
        (1, "supersedes", "F2", [2]),
    ]
    (actor,) = found.actors
    assert (actor.role, actor.position, actor.nature) == (
        "Orsund Line spokesman",
        "called the vote irresponsible",
        None,
    )
    (figure,) = found.figures
    assert (figure.value, figure.counts, figure.series) == (
        "1,100 of 1,250",
        "votes for the strike",
        "votes for the strike",
    )
    (ahead,) = found.announcements
    assert (ahead.when, ahead.due, ahead.by) == ("on Thursday", "2025-03-06", "her office")
    assert [(one.known, one.outcome, one.due) for one in found.settled] == [
        ("A1", "moved", "2025-03-09"),
        ("A2", "did not happen", ""),
    ]
    (asked,) = found.contradictions
    assert [(side.by, side.text, side.cite) for side in asked.sides] == [
        ("Tove Lind", "1,100 voted", [2]),
        ("Arne Holt", "Fewer than 900 voted", [3, 4]),
    ]
    assert (found.background[0].cite, found.questions, found.elsewhere, found.roundups) == (
        [6],
        ["Will ferries sail on Friday?"],
        [9],
        ["B"],
    )


@pytest.mark.parametrize(
    ("written", "by", "day", "known", "cite"),
    [
        ("Crews voted. | 4", "", "", "", [4]),
        ("2 | Crews voted. | Tove Lind | 4", "Tove Lind", "", "", [4]),
        ("2 | Crews voted. | 2025-03-04 | 4", "", "2025-03-04", "", [4]),
        ("2 | Crews voted. | Tove Lind | =F3 | 4-6", "Tove Lind", "", "F3", [4, 5, 6]),
        ("2 | Crews voted. | | | F3 | [4, 5]", "", "", "F3", [4, 5]),
        ("2 | Crews voted. [4]", "", "", "", [4]),
        ("2 | Crews voted. | Tove Lind | 2025-03-04 |", "Tove Lind", "2025-03-04", "", []),
    ],
)
def test_a_fact_with_parts_or_bars_left_out_is_read_by_the_shape_of_its_parts(written, by, day, known, cite):
    (one,) = read(facts=[written]).facts
    assert (one.text, one.claimant, one.day, one.known, one.cite) == ("Crews voted.", by, day, known, cite)


@pytest.mark.parametrize("name", ["facts", "actors", "figures", "announcements", "settled", "background"])
@pytest.mark.parametrize("odd", ["", "|", "| | | | | | | | |", "no parts at all", "9" * 5000, "a|" * 3000])
def test_an_odd_string_costs_only_itself(name, odd):
    found = read(**{name: [odd, *SHORT[name]]})
    plain = read()
    for other in UpdateReply.model_fields.keys() - {name}:
        assert getattr(found, other) == getattr(plain, other)


def test_a_fact_that_only_names_a_known_one_gets_its_words():
    known = {"F1": fact("f1", "The union wants 8 percent.", claimant="Tove Lind")}
    found = with_known_texts(read(), known)
    assert (found.facts[1].text, found.facts[1].claimant) == ("The union wants 8 percent.", "Tove Lind")
    assert with_known_texts(read(), {}).facts[1].text == ""
