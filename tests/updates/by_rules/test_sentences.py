import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.news import Article
from bot.updates.by_rules.sentences import MAX_BULLET_CHARS, choose, standing_alone
from tests.servers.written import MONDAY, article

REPORT = (
    "The ferry company cut its winter timetable to Bergen on Monday after two ships failed inspection.\n"
    "Nine sailings a week will be dropped until April, the harbour office said.\n"
    "He added that no one had been warned.\n"
    "Who will pay for the lost freight?\n"
    "Sign up for our newsletter.\n"
    "Inspectors found rust in the hull of the larger ship, according to their report.\n"
    "Island farmers send most of their milk across the fjord by night boat.\n"
    "Photo: a ferry in the rain."
)


def words(text: str) -> str:
    return " " + " ".join(re.findall(r"[^\W_]+", text.lower())) + " "


def alone(text: str) -> str:
    only = article(text)
    found = standing_alone(only, only.sentences[0])
    return found.text if found else ""


@pytest.mark.parametrize(
    "text",
    [
        "He added that no one had been warned of the change.",
        "They said the ship would not sail again this year.",
        "The official said the ship would not sail again.",
        "“The ship is unsafe and must never sail again,” he said.",
        "Who will pay for the lost freight of the islands?",
        "Click here to read more about the ferries of Norway.",
        "I have never seen so much rust in one hull before.",
        "Photo: a ferry lies in the rain at Bergen harbour.",
        "By Anna Berg and Ole Dahl in Bergen harbour on Monday.",
        "Rust everywhere.",
        "The ferry “Nordlys was taken out of service on Monday night.",
    ],
)
def test_what_cannot_stand_alone_is_no_bullet(text: str) -> None:
    assert alone(text) == ""


def test_a_quotation_is_kept_verbatim_with_its_speaker() -> None:
    text = "“The ship is unsafe and must never sail again,” inspector Anna Berg told the harbour board."
    assert alone(text) == text


def test_what_somebody_says_of_himself_is_no_bullet() -> None:
    assert (
        alone("“I will miss the harbour and all who work in it,” inspector Anna Berg told the board.") == ""
    )
    assert (
        alone("Inspector Anna Berg told the board that “I will miss the harbour and all who work in it”.")
        != ""
    )


def test_a_long_sentence_is_told_whole_or_not_at_all() -> None:
    long = (
        "The harbour office said nine sailings a week would be dropped, after a winter in which two ships had "
        "been out of service for " + "more and more " * 7 + "weeks."
    )
    assert 200 < len(long) <= MAX_BULLET_CHARS
    assert alone(long) == long
    assert alone(long.replace("weeks", "weeks" + " of wind and rain and frost" * 2)) == ""


def test_bullets_are_early_central_and_never_repeat() -> None:
    found = choose([article(REPORT)], limit=4, known=())
    assert len(found) >= 3
    assert found[0].sentence.number == 1
    assert len({e.sentence.number for e in found}) == len(found)


def test_what_was_told_is_not_told_again() -> None:
    lead = article(REPORT).sentences[0].text
    assert lead not in [e.text for e in choose([article(REPORT)], limit=4, known=[lead])]


def test_of_what_is_left_new_words_come_before_known_ones() -> None:
    first, second = article(REPORT).sentences[:2]
    known = [
        first.text,
        "The harbour office said in April that the timetable would be cut by nine sailings a week.",
    ]
    found = choose([article(REPORT)], limit=1, known=known)
    assert second.text not in [e.text for e in found]
    assert [e.text for e in choose([article(REPORT)], limit=1, known=[first.text])] == [second.text]


def test_two_outlets_that_say_the_same_give_one_bullet() -> None:
    again = article(
        "The ferry company on Monday cut its winter timetable to Bergen after two ships failed inspection.",
        outlet="Harbour Post",
    )
    found = choose([article(REPORT), again], limit=4, known=())
    assert sum("timetable" in e.text for e in found) == 1


def test_another_language_gives_bullets_too() -> None:
    text = "Die Reederei strich am Montag neun Fahrten nach Bergen.\nZwei Schiffe haben die Prüfung der Behörde nicht bestanden.\nDie Bauern der Insel fürchten um ihre Milch."
    assert (
        len(choose([article(text, language="de", title="Reederei streicht Fahrten")], limit=4, known=())) >= 2
    )


pieces = st.sampled_from(
    [
        "the harbour office said", "after two ships failed inspection", "nine sailings were dropped", "“no one was warned”", "Anna Berg", "on Monday",
        "but it did not pay", "who was there", "— an old ship —", "(see below)", "according to the report", "while farmers waited in Bergen", ",", ";", "which closed",
    ]
)  # fmt: skip


@given(st.lists(st.lists(pieces, min_size=3, max_size=30).map(" ".join), min_size=1, max_size=8))
def test_every_bullet_is_a_short_unbroken_part_of_its_sentence(sentences: list[str]) -> None:
    written: Article = article(
        "\n".join(s[:1].upper() + s[1:] + "." for s in sentences), published=MONDAY + timedelta(hours=1)
    )
    found = choose([written], limit=4, known=())
    assert all(len(e.text) <= MAX_BULLET_CHARS for e in found)
    assert len({e.text for e in found}) == len(found)
    for extract in found:
        assert words(extract.text) in words(written.sentence(extract.sentence.number).text)


def test_a_page_that_is_written_while_something_happens_is_not_quoted() -> None:
    entry = "{0}:34 pm ET May 25, 2031 Share this update The union is leading the talks in Bergen by far."
    live = "\n".join([*map(entry.format, (8, 9, 10)), "The union has won three of five points in the talks."])
    assert choose([article(live, title="Talks in Bergen: live")], limit=3, known=()) == []
    done = live.split("\n")[-1]
    assert [e.text for e in choose([article(done, title="Talks in Bergen")], limit=3, known=())] == [done]
