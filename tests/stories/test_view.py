"""The public form of a ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.model.story import Authority, Outcome
from bot.model.update import AnnouncementOutcome, Phase, SettledAnnouncement
from bot.stories.fold import fold
from bot.stories.view import public_ledger, view_of
from tests.flows.ferry import ARTICLES
from tests.support.running.rows import each_row
from tests.updates.made import STORY, actor, announcement, cite, fact, figure, headline, status, update

AT_HAND = {(a.id, a.revision): a for a in ARTICLES}


def test_rule_3_where_the_newest_headline_and_status_may_not_be_told_those_before_are():
    one = update("u1", headline=headline("Talks open"), status=status("Talks have opened"))
    two = update(
        "u2",
        day=1,
        articles=("art-1",),
        headline=headline("Talks go on", "art-1"),
        status=status("Talks go on", day=1, article="art-1"),
    )
    ledger, public = public_ledger(STORY, [one, two], ARTICLES[:1])
    assert ledger.headline.text == "Talks open"
    assert public.status.line == "Talks have opened"


def test_the_public_form_says_since_when_who_and_by_which_article():
    points = [
        update("u1", status=status("Talks have opened"), state="talks"),
        update("u2", day=1, state="talks", status=status("Talks go on, says Lind", day=1, said_by="Lind")),
    ]
    ledger = fold(STORY, points)
    public = view_of(ledger, AT_HAND)
    assert public.kind == "negotiation"
    assert (public.status.state, public.status.phase) == ("talks", Phase.UNDER_WAY.value)
    assert public.status.authority is Authority.PARTY
    assert public.statuses[0].authority is Authority.PRESS
    assert public.status.as_of == ARTICLES[0].published_at


def test_what_is_not_at_hand_is_dated_by_the_day_it_is_about():
    public = view_of(fold(STORY, [update("u1", status=status("Talks have opened"))]), {})
    assert public.status.as_of == datetime(2025, 3, 3, 12, tzinfo=UTC)


def test_actors_figures_and_announcements_keep_their_words_and_sources():
    told = update(
        "u1",
        actors=(actor("Karin Moe", "leads", role="State mediator"), actor("Tove Lind", "asks")),
        figures=(figure("9,000", "passengers a day", unit="people", claimant="Orsund Line"),),
        announcements=(announcement("a1", "a vote", due=date(2025, 3, 7), when="on Friday"),),
    )
    done = SettledAnnouncement(
        announcement="a1", outcome=AnnouncementOutcome.DID_NOT_HAPPEN, citations=(cite("art-1"),)
    )
    public = view_of(fold(STORY, [told, update("u2", day=5, articles=("art-1",), settled=(done,))]), AT_HAND)
    assert [a.name for a in public.actors] == ["Karin Moe", "Tove Lind"]
    assert public.actors[0].role_citation == cite("art-0")
    assert (public.figures[0].value, public.figures[0].claimant) == ("9,000 people", "Orsund Line")
    (expected,) = public.expectations
    assert (expected.outcome, expected.settled_by) == (Outcome.DID_NOT_HAPPEN, cite("art-1"))


@each_row(
    ("text", "sentence", "value", "claimant"),
    [
        ("Orsund Line carries 9,000 passengers a day.", 2, "9,000", "Orsund Line"),
        ("Orsund Line carries 9,000 passengers a day.", 2, "8,000", ""),
        ("Orsund Line carries 9,000 passengers a day.", 3, "9,000", ""),
        ("Orsund Line carries many passengers.", 2, "many", ""),
    ],
)
def test_a_number_is_claimed_by_whoever_claims_the_fact_of_the_same_sentence(text, sentence, value, claimant):
    claimed = fact("f1", text, sentence=2, claimant="Orsund Line")
    counted = replace(
        figure(value, "passengers a day"), citations=(replace(cite("art-0"), sentences=(sentence,)),)
    )
    public = view_of(fold(STORY, [update("u1", facts=(claimed,), figures=(counted,))]), AT_HAND)
    assert [one.claimant for one in public.figures] == [claimant]
