from datetime import UTC, datetime, timedelta

import pytest

from bot.language.sentences.clauses import word_count
from bot.model.story import STATES, Authority, StoryKind
from bot.stories.by_rules.status import MAX_LINE_WORDS, current_status, find_statuses
from tests.servers.written import MONDAY, article

NEGOTIATION = StoryKind.NEGOTIATION


def state_of(text: str, kind: StoryKind) -> str:
    statuses = find_statuses([article(text)], kind=kind)
    return statuses[0].state if statuses else ""


@pytest.mark.parametrize(
    ("kind", "text", "state"),
    [
        (NEGOTIATION, "The fourth round of talks ended in Riga on Monday without agreement.", "stalled"),
        (NEGOTIATION, "The two sides failed to reach a deal on Monday.", "stalled"),
        (NEGOTIATION, "The union and the port signed a pay agreement on Monday.", "agreed"),
        (NEGOTIATION, "The pilots walked out of the talks on Monday.", "collapsed"),
        (NEGOTIATION, "Negotiations resumed in Riga on Monday.", "under way"),
        (NEGOTIATION, "The truce took effect at dawn on Monday.", "in force"),
        (StoryKind.CONFLICT, "Rebels shelled the northern town on Monday.", "fighting"),
        (StoryKind.CONFLICT, "The army massed tanks along the border on Monday.", "build-up"),
        (StoryKind.LEGISLATION, "The Senate passed the water bill on Monday.", "passed one chamber"),
        (StoryKind.LEGISLATION, "The governor signed the water bill into law on Monday.", "in force"),
        (StoryKind.LEGISLATION, "Deputies voted down the measure on Monday.", "rejected"),
        (StoryKind.LEGAL, "The trial of the banker opened in Ghent on Monday.", "on trial"),
        (StoryKind.LEGAL, "The banker was found guilty on Monday.", "decided"),
        (StoryKind.LEGAL, "The banker filed an appeal on Monday.", "appealed"),
        (StoryKind.DISASTER, "Rescuers searched the rubble on Monday.", "rescue"),
        (StoryKind.DISASTER, "The hurricane made landfall near Porto on Monday.", "unfolding"),
        (StoryKind.DEAL, "Nordbank raised its offer for Sudbank on Monday.", "announced"),
        (StoryKind.DEAL, "Nordbank agreed to buy Sudbank on Monday.", "announced"),
        (StoryKind.DEAL, "Nordbank abandoned its bid for Sudbank on Monday.", "abandoned"),
        (StoryKind.ELECTION, "Polling stations opened across the island on Monday.", "voting"),
        (StoryKind.ELECTION, "Islanders went to the polls on Monday.", "voting"),
        (StoryKind.ELECTION, "The mayor conceded on Monday.", "decided"),
    ],
)
def test_a_plain_sentence_gives_the_state_of_its_kind(kind: StoryKind, text: str, state: str) -> None:
    assert state in STATES[kind]
    assert state_of(text, kind) == state


@pytest.mark.parametrize(
    "text",
    [
        "The envoy hopes an agreement will be signed this week.",
        "The parties could reach a deal by Friday.",
        "Ministers urged the union to accept the agreement.",
        "If the port signs the agreement, work will resume.",
        "The union has not signed the agreement.",
        "The envoy said there was a good chance of an agreement.",
    ],
)
def test_a_hope_a_plan_or_a_denial_is_no_agreement(text: str) -> None:
    assert state_of(text, NEGOTIATION) not in {"agreed", "in force"}


def test_agreeing_to_meet_is_no_agreement() -> None:
    assert state_of("Both sides agreed to resume talks on Monday.", NEGOTIATION) == "under way"


@pytest.mark.parametrize(
    "text",
    [
        "Three previous truces have broken down and mediators have repeatedly failed.",
        "An earlier ceasefire collapsed in 2029.",
        "The last agreement was signed on 3 January 2030.",
    ],
)
def test_background_does_not_become_the_status(text: str) -> None:
    assert state_of(text, NEGOTIATION) == ""


def test_the_latest_event_of_an_article_wins_with_its_speaker_and_sentence() -> None:
    text = (
        "The port and the union are in dispute over night work.\n"
        "A first round of talks began on Saturday in Riga, with a mediator in the room.\n"
        "The second round was held on Monday and ended with “no progress,” a union official close to the talks told Nordic Wire.\n"
        "Two previous rounds have broken down."
    )
    (status,) = find_statuses([article(text)], kind=NEGOTIATION)
    assert status.state == "stalled"
    assert status.line == "The second round was held on Monday and ended with “no progress”"
    assert status.said_by == "a union official close to the talks"
    assert status.authority is Authority.PARTY
    assert status.citation.sentences == (3,)


def test_since_is_the_day_the_sentence_names_in_the_articles_own_calendar() -> None:
    (status,) = find_statuses(
        [article("Negotiations resumed in Riga on Saturday.", utc_offset=120)], kind=NEGOTIATION
    )
    assert status.since == datetime(2031, 3, 7, 22, 0, tzinfo=UTC)
    assert status.as_of == MONDAY


def test_a_late_article_that_looks_back_does_not_change_the_status() -> None:
    news = article("The union and the port signed a pay agreement on Monday.")
    late = article("Negotiations began on Saturday in Riga.", published=MONDAY + timedelta(hours=5))
    current = current_status(find_statuses([news, late], kind=NEGOTIATION))
    assert current is not None
    assert current.state == "agreed"


def test_a_newer_event_changes_the_status_whatever_order_articles_come_in() -> None:
    first = article("Negotiations resumed in Riga on Monday.")
    second = article("The pilots walked out of the talks on Tuesday.", published=MONDAY + timedelta(days=1))
    for order in ([first, second], [second, first]):
        assert [s.state for s in find_statuses(order, kind=NEGOTIATION)] == ["under way", "collapsed"]


def test_a_line_has_at_most_fourteen_words_and_is_cut_at_a_clause() -> None:
    text = "The Senate passed the water bill on Monday in Oslo, ending a dispute that had kept towns and farmers apart for more than six long years."
    (status,) = find_statuses([article(text)], kind=StoryKind.LEGISLATION)
    assert word_count(status.line) <= MAX_LINE_WORDS
    assert status.line == "The Senate passed the water bill on Monday in Oslo"


def test_a_story_of_no_kind_is_developing_on_the_line_its_title_speaks_of() -> None:
    text = "Anna Berg writes about culture.\nThe city museum showed nine rare stamps on Monday, which had lain in an attic."
    (status,) = find_statuses([article(text, title="Museum shows nine rare stamps")], kind=StoryKind.OTHER)
    assert (status.state, status.line) == ("developing", "The city museum showed nine rare stamps on Monday")


def test_what_is_not_said_is_left_out() -> None:
    assert find_statuses([article("The weather was mild.")], kind=NEGOTIATION) == ()
    assert find_statuses([article("Who signed the agreement on Monday?")], kind=NEGOTIATION) == ()
    assert current_status(()) is None


@pytest.mark.parametrize(
    ("speaker", "kind", "authority"),
    [
        ("the finance ministry", StoryKind.OTHER, Authority.OFFICIAL),
        ("the finance ministry", NEGOTIATION, Authority.PARTY),
        ("the UN mediator", NEGOTIATION, Authority.OFFICIAL),
        ("her lawyer", StoryKind.LEGAL, Authority.PARTY),
        ("two people familiar with the offer", StoryKind.DEAL, Authority.PARTY),
        ("local media", StoryKind.OTHER, Authority.PRESS),
    ],
)
def test_who_speaks_decides_the_authority(speaker: str, kind: StoryKind, authority: Authority) -> None:
    verb = {
        StoryKind.LEGAL: "The banker was found guilty on Monday",
        StoryKind.DEAL: "Nordbank raised its offer for Sudbank on Monday",
    }
    claim = verb.get(kind, "Negotiations resumed in Riga on Monday")
    (status,) = find_statuses(
        [article(f"{claim}, according to {speaker}.", title="Negotiations resumed")], kind=kind
    )
    assert (status.said_by, status.authority) == (speaker, authority)
