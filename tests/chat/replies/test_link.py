"""A pasted link in words: what it says, how it stands to what is known, and nothing that was not found out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.briefings.assemble import citations_of, sources_of
from bot.chat.replies.link import failed_links_message, link_card, link_message
from bot.inline import in_words
from bot.model.briefing import Statement, StoryBrief
from bot.model.conversation.link import LinkBrief
from bot.model.message import Action
from bot.model.news import Citation
from bot.model.story import Claim, Corroboration, Disagreement, Status, StorySupport
from bot.model.talk import Verb
from tests.servers.written import article

READ = datetime(2031, 3, 11, 7, 30, tzinfo=UTC)
PAGE_SIZE = article("The school of Tarn burned down. The Tarn Front counted 20 people dead.", outlet="Post")
KNOWN = article("Talks were suspended. The ministry counted 14 people dead.", outlet="Wire")


def cite(one, *numbers):
    return Citation(article_id=one.id, sentences=numbers)


STORY = StoryBrief(
    story_id="sto-1",
    headline=Statement(text="Fighting in the Tarn valley", citations=(cite(PAGE_SIZE, 1),)),
    bullets=(Statement(text="The school of Tarn burned down.", citations=(cite(PAGE_SIZE, 1),)),),
    corroboration=Corroboration(support=StorySupport.SINGLE, originators=("Post",)),
)
STATUS = Status(
    kind="negotiation",
    state="stalled",
    line="Talks were suspended",
    as_of=READ,
    since=READ,
    citation=cite(KNOWN, 1),
)
DIFFERS = Disagreement(
    issue="dead",
    claims=(
        Claim(by="the ministry", text="14 people dead", citation=cite(KNOWN, 2)),
        Claim(by="the Tarn Front", text="20 people dead", citation=cite(PAGE_SIZE, 2)),
    ),
)
CITED = [*citations_of([STORY]), *(claim.citation for claim in DIFFERS.claims), STATUS.citation]
BRIEF = LinkBrief(
    id="lnk-1",
    url="https://post.example/a",
    asked_at=READ,
    read_at=READ,
    outlet="Post",
    published_at=READ - timedelta(days=1),
    brief=STORY,
    sources=sources_of(CITED, {(a.id, a.revision): a for a in (PAGE_SIZE, KNOWN)}),
    timezone="Europe/Berlin",
)
PLACED = replace(
    BRIEF,
    story_id="sto-1",
    story_headline="War in Tarn",
    story_status=STATUS,
    adds=(Statement(text="The school burned.", citations=(cite(PAGE_SIZE, 1),)),),
    contradicts=(DIFFERS,),
    story_sent_at=READ - timedelta(hours=1),
)


def lines(brief, title="Compared with the archive"):
    """Return the lines of one part: label, lead, text, numbers of the sources."""
    return [
        (line.label, line.lead, in_words(line.text), tuple(c.source for c in line.cites))
        for part in link_message(brief).parts
        if part.title == title
        for line in part.lines
    ]


def test_a_page_is_told_with_when_it_was_written_in_the_readers_zone():
    message = link_message(BRIEF)
    assert message.title == "Link: Post"
    assert in_words(message.dateline) == "Monday 10 March 2031, 08:30 Europe/Berlin"
    assert message.dateline != in_words(message.dateline)  # the platform shows it in the zone of who reads it
    assert message.parts[0].stories[0].bullets[0].text == "The school of Tarn burned down."
    assert link_message(replace(BRIEF, published_at=None)).dateline == "undated"


def test_its_context_names_story_state_news_and_both_sides_each_with_its_source():
    assert lines(PLACED) == [
        ("Story", "", "War in Tarn", ()),
        ("Status", "stalled", "Talks were suspended", (2,)),
        ("Story last sent here", "", "Tue 11 March 07:30 Europe/Berlin", ()),
        ("New", "", "The school burned.", (1,)),
        ("Differs on dead", "the ministry", "14 people dead", (2,)),
        ("Differs on dead", "the Tarn Front", "20 people dead", (1,)),
    ]
    assert {(a.verb, a.subject) for a in link_message(PLACED).actions} >= {
        (Verb.STORY, "sto-1"),
        (Verb.FOLLOW, "sto-1"),
    }


def test_nothing_is_said_of_what_was_not_found():
    assert lines(BRIEF) == [("Story", "", "no stored story", ())]
    assert ("New", "", "nothing for this story", ()) in lines(replace(PLACED, adds=()))
    assert link_message(BRIEF).notice == ""


@pytest.mark.parametrize(
    ("later", "age"),
    [(timedelta(minutes=5), "5 min"), (timedelta(hours=1), "1 hour"), (timedelta(days=2, hours=5), "2 days")],
)
def test_what_was_read_before_says_how_old_it_is(later, age):
    notice = in_words(link_message(replace(BRIEF, stored=True, asked_at=READ + later)).notice)
    assert (
        notice == f"Read Tue 11 March 08:30 Europe/Berlin, {age} ago; type “link fresh URL” to read it again."
    )


def test_notices_stand_together_in_one_order():
    brief = replace(
        BRIEF, note="The page is behind a paywall.", reprint_of="Reuters", degraded="1 of 1: no answer"
    )
    assert link_message(brief).notice == (
        "The page is behind a paywall. A reprint: Reuters wrote it first. "
        "Degraded: quoted from the page, 1 of 1: no answer."
    )


def test_what_changed_on_a_page_is_told_both_ways():
    changed = replace(
        BRIEF,
        reread=True,
        page_changes=(Statement(text="It burned twice.", citations=(cite(PAGE_SIZE, 1),)),),
        page_dropped=("It burned once.",),
    )
    assert lines(changed, "Changed on the page") == [
        ("New", "", "It burned twice.", (1,)),
        ("Removed", "", "It burned once.", ()),
    ]
    same = replace(BRIEF, reread=True)
    assert lines(same, "Changed on the page") == [("", "", "nothing since it was last read", ())]


@pytest.mark.parametrize(
    ("url", "title"), [("https://post.example/a", "Link: post.example"), ("https://[", "Link: a link")]
)
def test_a_failure_names_the_host_and_the_reason_and_no_more(url, title):
    failed = LinkBrief(id="lnk-2", url=url, asked_at=READ, read_at=READ, failure="The page is empty.")
    message = link_message(failed)
    assert (message.title, message.notice) == (title, "The page is empty.")
    assert message.parts == message.sources == message.actions == ()


def test_links_that_fail_alike_are_one_line():
    failures = {
        "https://post.example/a": "It is gone.",
        "https://post.example/b": "It is gone.",
        "https://post.example/c": "It is closed.",
    }
    failed = [
        LinkBrief(id="lnk-2", url=url, asked_at=READ, read_at=READ, failure=why)
        for url, why in failures.items()
    ]
    message = failed_links_message(failed)
    assert message.notice == "3 of the links could not be read."
    assert [(line.lead, line.text) for line in message.parts[0].lines] == [
        ("2 × post.example", "It is gone."),
        ("post.example", "It is closed."),
    ]


@pytest.mark.parametrize(
    ("brief", "says"),
    [
        (
            PLACED,
            [
                "Differs on dead: 14 people dead (the ministry); 20 people dead (the Tarn Front)",
                "New: The school burned.",
            ],
        ),
        (replace(PLACED, contradicts=()), ["New: The school burned."]),
        (replace(PLACED, contradicts=(), adds=()), ["Nothing new: to the story “War in Tarn”"]),
        (BRIEF, ["New: no stored story matches it", ": The school of Tarn burned down."]),
    ],
)
def test_a_card_says_in_two_lines_what_is_new_and_has_the_rest_behind_a_button(brief, says):
    card = link_card(brief)
    assert card.title == "Fighting in the Tarn valley"
    assert in_words(card.dateline) == "Post (post.example) · Monday 10 March 2031, 08:30 Europe/Berlin"
    assert [f"{line.label}: {line.text}" for part in card.parts for line in part.lines] == says
    assert card.actions[0] == Action(verb=Verb.DETAILS, label="More", subject="lnk-1", style="primary")
    assert {cite.source for part in card.parts for line in part.lines for cite in line.cites} <= {
        source.number for source in card.sources
    }


def test_the_card_of_a_page_that_could_not_be_read_says_why():
    failed = LinkBrief(
        id="lnk-1", url="https://post.example/a", asked_at=READ, read_at=READ, failure="It is closed."
    )
    assert link_card(failed).notice == "It is closed."
