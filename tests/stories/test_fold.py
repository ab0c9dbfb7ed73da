"""The fold: the same updates give the same ledger, and no update speaks for more than it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from bot.model.briefing import Writer
from bot.model.ledger import line_id
from bot.model.update import AnnouncementOutcome, Phase, SettledAnnouncement
from bot.stories.fold import fold
from tests.support.running.rows import each_row
from tests.updates.made import (
    MONDAY,
    STORY,
    actor,
    announcement,
    cite,
    fact,
    figure,
    headline,
    status,
    update,
)

FIRST = update(
    "u1",
    headline=headline("Talks open"),
    status=status("Talks have opened"),
    facts=(fact("f1", "The union wants 8 percent."), fact("f2", "27 people were hurt.", sentence=2)),
    questions=("Who leads the talks?",),
)
SECOND = update(
    "u2",
    day=1,
    articles=("art-1",),
    headline=headline("Talks stall", "art-1"),
    status=status("Talks have stalled", day=1, article="art-1"),
    facts=(
        fact("f3", "The union asks for 8 percent.", article="art-1", restates="f1"),
        fact("f4", "29 people were hurt.", article="art-1", sentence=2, supersedes="f2"),
    ),
)
LATE = update(  # made last, of an article that is the oldest
    "u3",
    day=-3,
    made=2,
    articles=("art-2",),
    headline=headline("Talks announced", "art-2"),
    status=status("Talks are announced for Monday", day=-3, article="art-2"),
    phase=Phase.EXPECTED,
    facts=(fact("f5", "Talks begin on Monday.", article="art-2"),),
    questions=("When do they begin?",),
)


@pytest.mark.parametrize("order", list(permutations((FIRST, SECOND, LATE))))
def test_any_order_of_updates_gives_the_same_ledger(order):
    assert fold(STORY, order) == fold(STORY, (FIRST, SECOND, LATE))


def test_no_update_gives_an_empty_ledger():
    assert fold(STORY, ()).now is None
    assert fold(STORY, ()).articles == frozenset()


def test_rule_5_an_older_article_adds_facts_and_never_sets_headline_or_status_back():
    ledger = fold(STORY, (FIRST, SECOND, LATE))
    assert ledger.headline.text == "Talks stall"
    assert ledger.now.status.text == "Talks have stalled"
    assert [point.status.text for point in ledger.course] == [
        "Talks are announced for Monday",
        "Talks have opened",
        "Talks have stalled",
    ]
    assert "f5" in [known.fact.id for known in ledger.facts]


def test_the_ledger_of_any_moment_is_that_of_what_was_read_by_then():
    moment = FIRST.made_at + timedelta(minutes=1)
    assert fold(STORY, (FIRST, SECOND, LATE), at=moment) == fold(STORY, (FIRST,))
    assert fold(STORY, (FIRST,), at=MONDAY - timedelta(days=9)) == fold(STORY, ())


def test_a_fact_that_says_another_again_adds_a_source_to_it():
    ledger = fold(STORY, (FIRST, SECOND))
    known = next(known for known in ledger.facts if known.fact.id == "f1")
    assert [c.article_id for c in known.citations] == ["art-0", "art-1"]
    assert "f3" not in [known.fact.id for known in ledger.facts]


def test_a_fact_that_replaces_another_stands_in_its_place():
    ledger = fold(STORY, (FIRST, SECOND))
    assert [known.fact.id for known in ledger.current_facts] == ["f1", "f4"]
    old = next(known for known in ledger.facts if known.fact.id == "f2")
    assert old.superseded_by == "f4"


def test_what_says_an_unknown_fact_again_is_one_fact_however_often_it_is_said():
    # The first article is not read here: of those that say it again the first stands for it.
    again = update("u4", day=2, articles=("art-3",), facts=(fact("f6", article="art-3", restates="f1"),))
    newer = update("u5", day=3, articles=("art-4",), facts=(fact("f7", article="art-4", supersedes="f1"),))
    ledger = fold(STORY, (SECOND, again, newer))
    assert [known.fact.id for known in ledger.current_facts] == ["f4", "f7"]
    said = next(known for known in ledger.facts if known.fact.id == "f3")
    assert (len(said.citations), said.superseded_by) == (2, "f7")


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        (["attack"], "attack"),
        (["attack", "accident"], "accident"),
        (["attack", "accident", "attack"], "accident"),
        (["attack", "accident", "attack", "attack"], "attack"),
        (["attack", "other", "other", "other"], "attack"),
        (["other", "other", "accident", "accident"], "accident"),
        (["other"], "other"),
    ],
)
def test_rule_16_the_second_update_fixes_the_kind_until_two_in_a_row_agree_on_another(kinds, kind):
    updates = [update(f"u{i}", day=i, kind=named) for i, named in enumerate(kinds)]
    assert fold(STORY, updates).kind == kind


def test_articles_that_only_copy_say_nothing_of_kind_and_questions():
    copy = update("u2", day=1, articles=("art-1",), kind="other", written_by=Writer.EXTRACTS)
    again = update("u3", day=2, articles=("art-2",), kind="accident", questions=("Why?",))
    late = update("u4", day=3, articles=("art-3",), kind="other", written_by=Writer.EXTRACTS)
    ledger = fold(STORY, (update("u1", kind="attack"), copy, again, late))
    assert (ledger.kind, ledger.questions) == ("accident", ("Why?",))
    assert ("art-3", 1) in ledger.articles


def test_a_state_of_another_kind_than_the_storys_is_not_told():
    one = update("u1", kind="attack", state="claimed", status=status("It is claimed"))
    two = update("u2", day=1, kind="attack", state="claimed", status=status("It is claimed again", day=1))
    odd = update("u3", day=2, kind="negotiation", state="stalled", status=status("It stalls", day=2))
    ledger = fold(STORY, (one, two, odd))
    assert [point.state for point in ledger.course] == ["claimed", "claimed", ""]


def stood(*points):
    """Return updates by (day, phase, state), each with a status of its day."""
    return [
        update(
            f"u{day}",
            day=day,
            articles=(f"art-{day}",),
            phase=phase,
            state=state,
            status=status(f"Line {day}", day=day),
        )
        for day, phase, state in points
    ]


EXPECTED, UNDER_WAY, DECIDED = Phase.EXPECTED, Phase.UNDER_WAY, Phase.DECIDED


@each_row(
    ("points", "day"),
    [
        ([(0, EXPECTED, ""), (1, UNDER_WAY, ""), (2, UNDER_WAY, "")], 1),
        ([(0, UNDER_WAY, "talks"), (1, UNDER_WAY, ""), (2, UNDER_WAY, "talks")], 0),
        ([(0, UNDER_WAY, "talks"), (1, None, ""), (2, UNDER_WAY, "talks")], 0),
        ([(0, UNDER_WAY, ""), (1, UNDER_WAY, "stalled")], 1),
        ([(0, UNDER_WAY, "talks"), (1, UNDER_WAY, "stalled"), (2, UNDER_WAY, "talks")], 2),
        ([(0, UNDER_WAY, "talks"), (1, DECIDED, ""), (2, UNDER_WAY, "talks")], 2),
        ([(-83, UNDER_WAY, ""), (0, UNDER_WAY, ""), (3, UNDER_WAY, "")], 0),
        ([(-83, UNDER_WAY, "talks"), (0, UNDER_WAY, "talks")], -83),
    ],
)
def test_since_is_the_day_on_which_the_state_began_that_holds_now(points, day):
    assert fold(STORY, stood(*points)).since == MONDAY.date() + timedelta(days=day)


def test_rule_5_since_and_status_are_the_same_whenever_an_older_article_is_read():
    old, new = stood((0, EXPECTED, ""), (3, UNDER_WAY, ""))
    late = replace(old, made_at=new.made_at + timedelta(days=2))
    assert (
        fold(STORY, [late, new]).since == fold(STORY, [old, new]).since == MONDAY.date() + timedelta(days=3)
    )
    assert fold(STORY, [late, new]).now.status.text == "Line 3"


def test_rule_5_what_an_older_article_says_of_the_same_day_gives_way_to_the_newer_article():
    newer = update(
        "u1", day=1, made=1, articles=("art-1",), status=status("It stalled", day=0, article="art-1")
    )
    older = update("u2", day=0, made=2, status=status("It goes on", day=0))
    assert fold(STORY, [newer, older]).now.status.text == "It stalled"


def test_an_announcement_that_moved_has_its_new_day_and_one_that_happened_is_done():
    friday, sunday = date(2025, 3, 7), date(2025, 3, 9)
    told = update(
        "u1",
        announcements=(
            announcement("a1", "the vote", due=friday, when="on Friday"),
            announcement("a2", "the strike", due=friday),
        ),
    )
    moved = SettledAnnouncement(
        announcement="a1", outcome=AnnouncementOutcome.MOVED, due=sunday, citations=(cite("art-1"),)
    )
    done = SettledAnnouncement(
        announcement="a2", outcome=AnnouncementOutcome.HAPPENED, citations=(cite("art-1"),)
    )
    ledger = fold(STORY, (told, update("u2", day=4, articles=("art-1",), settled=(moved, done))))
    (left,) = ledger.unreported_announcements
    assert (left.id, left.due, left.when) == ("a1", sunday, "")
    assert fold(STORY, (told,)).unreported_announcements == told.announcements


def test_figures_are_values_over_time_and_the_newest_of_each_claimant_is_shown():
    one = update("u1", figures=(figure("27"), figure("30", claimant="the union"), figure("3", "ferries")))
    two = update("u2", day=1, figures=(figure("29", day=1),))
    ledger = fold(STORY, (two, one))
    assert [f.value for f in ledger.figures] == ["27", "30", "3", "29"]
    assert [f.value for f in ledger.newest_figures] == ["30", "3", "29"]


def test_an_actor_has_the_newest_position_and_keeps_role_and_names():
    one = update("u1", actors=(actor("Karin Moe", "leads", role="State mediator"), actor("Tove Lind")))
    two = update("u2", day=1, actors=(actor("Moe", "resigned", aliases=("Karin Moe",)),))
    *_, last = fold(STORY, (one, two)).actors
    assert (last.name, last.role, last.position) == ("Karin Moe", "State mediator", "resigned")


def test_two_facts_that_say_two_parts_of_a_headline_stay_two():
    said = line_id("59 dead, 527 hurt in Las Palomas")
    facts = (fact("f1", "59 people died.", restates=said), fact("f2", "527 were hurt.", restates=said))
    dead, hurt = fold(STORY, [update("u1", facts=facts)]).facts
    assert (dead.ids, hurt.ids) == (("f1", said), ("f2", said))
