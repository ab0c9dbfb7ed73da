"""What is announced lies ahead, on the day that is printed."""

from __future__ import annotations

from bot.evidence.faults.announced import wrong_day
from bot.evidence.reading.ground import ground_of
from bot.model.news import Citation
from tests.evidence.checking import article, check


def test_only_what_will_happen_is_announced():
    said = "The union will decide on a strike on Friday."
    assert check("The union decides on a strike", said, field="next").passed
    done = "The union decided on a strike on Friday."
    assert check("The union decides on a strike", done, field="next").reason == "not_announced"


def test_a_plan_that_is_denied_announces_nothing():
    said = "The union will not decide on a strike on Friday."
    assert not check("The union decides on a strike", said, field="next").passed


def test_what_was_said_weeks_ago_is_no_announcement():
    said = "Orsted plans to open a second bank in Lowe by the end of the year, Lena Falk said in late April."
    verdict = check("Orsted plans to open a second bank in Lowe", said, field="next")
    assert (verdict.reason, verdict.words) == ("old", ("in late April",))
    ago = "The bridge will open in May 2032, the ministry announced last year."
    assert check("The bridge opens in May 2032", ago, field="next").reason == "old"


def test_what_was_said_lately_or_is_only_due_on_an_old_sounding_day_is_announced():
    told = "Orsted plans to open a second bank in Lowe"
    lately = f"{told} by the end of the year, Lena Falk said on Monday."
    assert check(told, lately, field="next", claimant="Lena Falk").passed
    within_weeks = f"{told} by the end of the year, Lena Falk said in late June."
    assert check(told, within_weeks, field="next", claimant="Lena Falk").passed
    ahead = "The ministry said in a statement that the bridge will open in April."
    assert check("The bridge opens in April", ahead, field="next", claimant="the ministry").passed


def test_an_old_announcement_that_another_sentence_makes_anew_stands():
    said = "The bridge will open in May 2032, the ministry announced last year."
    anew = "The bridge will open in May 2032, the ministry said on Tuesday."
    assert check("The bridge opens in May 2032", said, anew, field="next", claimant="the ministry").passed


def when(printed: str, *said: str) -> tuple[str, ...]:
    told = article(*said)
    ground = ground_of(
        [Citation(article_id="a", sentences=tuple(range(1, len(said) + 1)))], articles={("a", 1): told}
    )
    return wrong_day(printed, ground)


def test_the_words_of_a_day_may_stand_apart_but_its_date_not():
    said = "Sundia will enjoy an early morning eclipse of the moon on July 31."
    assert when("early morning July 31", said) == ()
    assert when("late evening July 31", said) == ("late evening July 31",)
    assert when("early morning July 30", said) == ("early morning July 30",)
    assert when("July morning 31", said) == ("July morning 31",)
