"""Questions that are answered differently stay open with their sides until one side changes."""

from __future__ import annotations

from itertools import permutations

from bot.model.story import Claim
from bot.model.update import Contradiction
from bot.stories.fold import fold
from tests.updates.made import STORY, cite, fact, update

ASKED = "How many people were hurt?"
POLICE, CLINIC = "Police said 27 people were hurt.", "The hospital counted 31 people who were hurt."


def side(by, text, *, article="art-0"):
    return Claim(by=by, text=text, citation=cite(article))


def differs(question, *sides):
    return Contradiction(question=question, sides=sides)


FIRST = update("u1", contradictions=(differs(ASKED, side("police", POLICE), side("the hospital", CLINIC)),))


def sides(*updates):
    """Return the open questions with what each side says, the same in whatever order the updates come."""
    folded = [fold(STORY, order).contradictions for order in permutations((FIRST, *updates))]
    assert all(one == folded[0] for one in folded)
    return [(one.question, {claim.by: claim.text for claim in one.sides}) for one in folded[0]]


def later(*found, day=1, **fields):
    return update(f"u{day + 1}", day=day, articles=(f"art-{day}",), contradictions=found, **fields)


def test_it_stays_open_while_nobody_says_anything_else():
    between = [update(f"u{n}", day=n, facts=(fact(f"f{n}", "The road is closed."),)) for n in (1, 2)]
    assert sides(*between) == [(ASKED, {"police": POLICE, "the hospital": CLINIC})]


def test_the_same_sides_under_another_question_are_one_with_the_newest_wording():
    again = differs(
        "What is the number of the injured?",
        side("Police", "Police said that 27 people were hurt."),
        side("the hospital", CLINIC),
    )
    assert sides(later(again)) == [
        (
            "What is the number of the injured?",
            {"Police": "Police said that 27 people were hurt.", "the hospital": CLINIC},
        )
    ]


def test_a_speaker_who_says_something_else_has_the_new_answer_and_the_other_keeps_its_own():
    now = "Police said 29 people were hurt."
    anew = differs("How many are hurt?", side("police", now), side("the hospital", CLINIC))
    assert sides(later(anew)) == [("How many are hurt?", {"police": now, "the hospital": CLINIC})]


def test_one_side_and_a_third_speaker_join_what_is_asked_in_the_same_words():
    mayor = side("the mayor", "The mayor spoke of 40 people who were hurt.")
    found = sides(later(differs(ASKED, side("police", POLICE), mayor)))
    assert [set(said) for _, said in found] == [{"police", "the hospital", "the mayor"}]


def test_another_question_of_the_same_speakers_is_another_one():
    cars = differs(
        "How many cars burned?",
        side("police", "Police said nine cars burned."),
        side("the hospital", "The hospital saw four cars that burned."),
    )
    assert len(sides(later(cars))) == 2


def test_it_is_closed_once_its_sides_agree():
    agreed = "Police said 31 people were hurt."
    now = differs(ASKED, side("police", agreed), side("the mayor", "The mayor said 40 people were hurt."))
    found = sides(later(now))
    assert len(found) == 1
    done = later(facts=(fact("f2", agreed, article="art-1", claimant="police"),))
    assert sides(done) == []


def test_a_fact_by_one_side_that_counts_the_same_anew_is_its_new_answer():
    now = "Police said 28 people were hurt."
    found = sides(later(facts=(fact("f2", now, article="art-1", claimant="police"),)))
    assert found == [(ASKED, {"police": now, "the hospital": CLINIC})]


def test_one_that_an_editor_closed_opens_again_only_with_another_answer():
    closed = update("closed", day=1, articles=(), closed=FIRST.contradictions)
    assert sides(closed) == []
    assert sides(closed, later(*FIRST.contradictions, day=2)) == []
    now = "Police said 29 people were hurt."
    anew = differs(ASKED, side("police", now), side("the hospital", CLINIC))
    assert sides(closed, later(anew, day=2)) == [(ASKED, {"police": now, "the hospital": CLINIC})]


def test_an_older_article_that_comes_late_does_not_take_a_side_back():
    early = update(
        "u9",
        day=-1,
        made=5,
        articles=("art-9",),
        contradictions=(
            differs(ASKED, side("police", "Police said 12 people were hurt."), side("the hospital", CLINIC)),
        ),
    )
    assert sides(early) == [(ASKED, {"police": POLICE, "the hospital": CLINIC})]


def test_what_is_closed_opens_again_where_sources_differ_again():
    done = later(facts=(fact("f2", "Police said 31 people were hurt.", article="art-1", claimant="police"),))
    again = later(
        differs(ASKED, side("police", POLICE), side("the hospital", CLINIC)),
        day=2,
    )
    assert len(sides(done, again)) == 1


def test_a_newer_fact_that_speaks_of_yesterday_is_read_like_any_other():
    now = "Police said yesterday that 28 people were hurt on Monday last week."
    found = sides(later(facts=(fact("f2", now, article="art-1", claimant="police"),)))
    assert set(found[0][1]) == {"police", "the hospital"}
