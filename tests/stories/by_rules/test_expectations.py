from datetime import date, timedelta

import pytest

from bot.model.story import Outcome
from bot.stories.by_rules.expectations import find_expectations, with_outcome
from tests.servers.written import MONDAY, article


@pytest.mark.parametrize(
    ("text", "when", "due", "due_end"),
    [
        ("Talks resume Thursday in Riga.", "Thursday", date(2031, 3, 13), None),
        ("The union is due to meet the port on Wednesday.", "Wednesday", date(2031, 3, 12), None),
        ("A hearing is scheduled for 12 May.", "12 May", date(2031, 5, 12), None),
        ("Parliament will vote on the bill next week.", "next week", date(2031, 3, 17), date(2031, 3, 23)),
        (
            "The envoy was due to join the talks later this week.",
            "later this week",
            date(2031, 3, 11),
            date(2031, 3, 16),
        ),
        (
            "The delegations were due to resume the session later on Monday.",
            "Monday",
            date(2031, 3, 10),
            None,
        ),
    ],
)
def test_an_announcement_is_kept_with_its_day(text: str, when: str, due: date, due_end: date | None) -> None:
    (found,) = find_expectations([article(text)])
    assert (found.when, found.due, found.due_end) == (when, due, due_end)
    assert found.citation.sentences == (1,)


@pytest.mark.parametrize(
    "text",
    [
        "The envoy hopes talks will resume on Thursday.",
        "Talks could resume on Thursday.",
        "Will the talks resume on Thursday?",
        "The talks resumed on Thursday.",
        "The port was closed last week.",
    ],
)
def test_a_hope_a_question_or_the_past_is_no_announcement(text: str) -> None:
    assert find_expectations([article(text)]) == ()


def test_the_same_announcement_by_two_outlets_is_listed_once() -> None:
    one = article("Parliament will vote on the water bill on Thursday.")
    two = article("Parliament will vote on Thursday on the water bill.", outlet="Harbour Post")
    assert len(find_expectations([one, two])) == 1


def announced() -> object:
    return find_expectations([article("Parliament will vote on the water bill on Thursday.")])[0]


def outcome(report: str, *, today: date = date(2031, 3, 14)) -> Outcome:
    later = article(report, published=MONDAY + timedelta(days=4))
    return with_outcome(announced(), [later], today=today).outcome  # type: ignore[arg-type]


def test_a_later_report_settles_an_announcement_and_is_cited() -> None:
    later = article(
        "Weather first. Parliament voted on the water bill on Thursday.", published=MONDAY + timedelta(days=4)
    )
    settled = with_outcome(announced(), [later], today=date(2031, 3, 14))  # type: ignore[arg-type]
    assert settled.outcome is Outcome.HAPPENED
    assert settled.settled_by is not None
    assert settled.settled_by.article_id == later.id


def test_a_report_of_a_postponement_says_it_did_not_happen() -> None:
    assert (
        outcome("The vote in parliament on the water bill was postponed on Thursday.")
        is Outcome.DID_NOT_HAPPEN
    )


def test_silence_is_no_report_only_after_a_day_of_grace() -> None:
    assert outcome("The weather was mild.", today=date(2031, 3, 14)) is Outcome.OPEN
    assert outcome("The weather was mild.", today=date(2031, 3, 15)) is Outcome.NO_REPORT


def test_a_report_from_before_the_day_settles_nothing() -> None:
    early = article("Parliament voted on the water bill.", published=MONDAY + timedelta(days=1))
    assert with_outcome(announced(), [early], today=date(2031, 3, 13)).outcome is Outcome.OPEN  # type: ignore[arg-type]
