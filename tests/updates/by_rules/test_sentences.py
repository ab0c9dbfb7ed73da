import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.news import Article
from bot.updates.by_rules.sentences import (
    MAX_BULLET_CHARS,
    MAX_LIVE_SENTENCES,
    MAX_TITLE_LEAD_CHARS,
    MAX_UNDATED_SENTENCES,
    MIN_LONG_ARTICLE_ODDS,
    choose,
    is_early,
    quotable_sentences,
    room_for,
    standing_alone,
)
from tests.servers.written import MONDAY, article
from tests.support.running.rows import each_row

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

PORT = "The port of Bergen said on Monday that it would pay for the freight that is lost."


def words(text: str) -> str:
    return " " + " ".join(re.findall(r"[^\W_]+", text.lower())) + " "


def alone(text: str) -> str:
    only = article(text)
    found = standing_alone(only, only.sentences[0])
    return found.text if found else ""


@each_row(
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
    found = choose([article(REPORT), article(PORT, outlet="Harbour Post")], limit=4, known=())
    assert len(found) >= 3
    assert found[0].sentence.number == 1
    assert len({(e.article.id, e.sentence.number) for e in found}) == len(found)


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
    title = "Reederei streicht neun Fahrten nach Bergen"
    assert len(choose([article(text, language="de", title=title)], limit=4, known=())) >= 2


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
    assert all(len(e.text) <= MAX_TITLE_LEAD_CHARS for e in found)
    assert len({e.text for e in found}) == len(found)
    for extract in found:
        assert words(extract.text) in words(written.sentence(extract.sentence.number).text)


def test_a_page_that_is_written_while_something_happens_is_not_quoted() -> None:
    entry = "{0}:34 pm ET May 25, 2031 Share this update The union is leading the talks in Bergen by far."
    live = "\n".join([*map(entry.format, (8, 9, 10)), "The union has won three of five points in the talks."])
    assert choose([article(live, title="Talks in Bergen: live")], limit=3, known=()) == []
    done = live.split("\n")[-1]
    assert [e.text for e in choose([article(done, title="Talks in Bergen")], limit=3, known=())] == [done]


FILLER = "\n".join(
    f"The {what} of the ferry company in Bergen belongs to the island council."
    for what in (
        "hull",
        "mast",
        "deck",
        "engine",
        "kitchen",
        "cabin",
        "bridge",
        "anchor",
        "rudder",
        "galley",
        "funnel",
        "stern",
        "keel",
        "hatch",
        "winch",
        "radar",
        "siren",
        "ramp",
        "crane",
        "lounge",
        "lantern",
    )
)
FERRY = "The ferry company cut nine sailings to Bergen on Monday after two ships failed inspection."


def told(*articles: Article, limit: int = 5) -> list[str]:
    return [e.text for e in choose(articles, limit=limit, known=())]


def long(*sentences: str, **given: str) -> Article:
    """Return an article of ``sentences``, with what is said of the ferry's parts behind the first four of them."""
    return article("\n".join([*sentences[:4], *FILLER.split("\n"), *sentences[4:]]), **given)


TITLE = "Ferry company cuts nine sailings to Bergen"
LATE = "The ferry company of Bergen cut sixty sailings to the islands, inspectors told the board{0}."

NEWS_BELOW = FILLER.split("\n")[:3]


def test_of_one_long_article_alone_fewer_and_surer_sentences_are_told() -> None:
    one, short = long(FERRY, title=TITLE), article(FERRY, title=TITLE)
    assert room_for([one], most=5, least=-0.85) == (MAX_LIVE_SENTENCES, MIN_LONG_ARTICLE_ODDS)
    for articles in ([short], [one, short]):
        assert room_for(articles, most=5, least=-0.85) == (5, -0.85)
    assert room_for([one], most=1, least=0.5) == (1, 0.5)


def test_a_long_article_that_names_no_day_of_its_own_is_no_report_and_told_in_one_sentence() -> None:
    timeless = long(FERRY.replace(" on Monday", ""), PORT.replace(" on Monday", ""), title=TITLE)
    assert len(told(long(FERRY, PORT, title=TITLE))) > len(told(timeless)) == MAX_UNDATED_SENTENCES
    goes_on = replace(timeless, title=f"{TITLE}: Recap")
    assert room_for([goes_on], most=5, least=-0.85)[0] == MAX_LIVE_SENTENCES
    unread = replace(timeless, language="sv")  # a language whose days are not known
    assert room_for([unread], most=5, least=-0.85)[0] == MAX_LIVE_SENTENCES


@pytest.mark.parametrize(
    ("day", "before", "expected"), [("", 0, True), ("", 3, False), (" on Sunday", 3, True)]
)
def test_of_one_long_article_a_sentence_is_early_or_names_a_day_of_the_news(
    day: str,
    before: int,
    expected: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    said = LATE.format(day)
    written = long(FERRY, *[PORT] * before, said, title=TITLE)
    (found,) = (e for e in quotable_sentences(written, alone=True) if e.text == said)
    assert is_early(found) == expected
    assert expected or said not in told(written)


def test_what_lies_long_back_is_not_told_of_one_article_alone() -> None:
    said = LATE.format(" in 2029")
    written = article("\n".join([FERRY, *NEWS_BELOW, said]), title=TITLE)
    for alone in (True, False):
        assert said not in [e.text for e in quotable_sentences(written, alone=alone)]
    only = article(said, title=TITLE)  # a lead, whatever it names
    assert said in [e.text for e in quotable_sentences(only, alone=True)]


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("In 2019, the port of Osby lost nine of its ferries in a storm.", False),
        ("In 2031, the port of Osby lost nine of its ferries in a storm.", True),
    ],
)
def test_a_sentence_that_begins_in_an_earlier_year_is_no_news(said: str, *, quoted: bool) -> None:
    written = article(f"{FERRY}\n{said}", title=TITLE)
    assert (said in [e.text for e in quotable_sentences(written, alone=False)]) == quoted


HEADLINE = "Ferry company cuts nine sailings to Bergen on Monday"


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ("The ferry company cut the nine sailings to Bergen on Monday.", True),
        (f"{HEADLINE}, and no bus drives in their place.", True),
        ("The ferry company cut the nine sailings to Bergen on 10 March.", True),
        ("The ferry company cut the 40 sailings to Bergen on Monday.", False),
        ("The port of Bergen hired buses for the islanders on Monday.", False),
    ],
)
def test_what_the_headline_says_is_not_told_again_below_it(said: str, *, again: bool) -> None:
    found = choose([article(said, title=TITLE)], limit=5, known=(), used=(HEADLINE,))
    assert (found == []) == again


def test_a_page_that_asks_or_comments_adds_nothing_to_what_others_report() -> None:
    asks = (
        "During a strike, the ferries stay in port and the fare of a seat is paid back on Monday by the line."
    )
    report = article(FERRY, title=TITLE)
    undated = PORT.replace(" on Monday", "")
    for other in (
        article(undated, title="Will the port pay for the freight?"),
        article(f"Editor’s note: Ida Renn is a writer in Osby.\n{PORT}", title="Port pays for freight"),
        article(asks, title=TITLE),
    ):
        assert [e.text for e in choose([report, other], limit=5, known=())] == [FERRY]
    for other in (
        article(undated, title="Port pays for freight"),
        article(PORT, title="Will the port pay for the freight?"),  # of a day of the news
    ):
        assert len(choose([report, other], limit=5, known=())) == 2


def test_a_lead_that_says_what_the_title_says_may_be_longer() -> None:
    lead = (
        FERRY.removesuffix(".")
        + ", and the harbour office said "
        + "after a long and stormy winter " * 6
        + "it agreed."
    )
    assert MAX_BULLET_CHARS < len(lead) <= MAX_TITLE_LEAD_CHARS
    assert told(article(lead, title="Ferry company cuts nine sailings to Bergen")) == [lead]
    assert told(article(lead, title="Storm closes the school at Osby and its road")) == []
