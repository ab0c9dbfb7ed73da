"""What is known of a story, in a call: little, in a fixed order, under ids that lead back."""

from __future__ import annotations

from datetime import date

from bot.stories.fold import fold
from bot.updates.by_model.known import MAX_FIGURES_SHOWN, known_lines
from tests.updates.made import STORY, announcement, fact, figure, headline, status, update

LEDGER = fold(
    STORY,
    [
        update(
            "u1",
            headline=headline("Talks open"),
            status=status("Talks have opened"),
            state="talking",
            facts=(
                fact("f1", "The union wants 8 percent.", claimant="Tove Lind"),
                fact("f2", "Nine ferries stay in port."),
            ),
            figures=(figure("9,000", "passengers a day", claimant="Orsund Line"),),
            announcements=(announcement("a1", "a vote", due=date(2025, 3, 7)),),
        )
    ],
)


def test_nothing_is_known_of_a_new_story():
    known = known_lines(fold(STORY, ()), ["x"], max_tokens=600)
    assert (known.text, known.facts, known.announcements) == ("nothing yet", {}, {})


def test_rule_12_first_what_a_status_can_change_against_then_the_facts():
    assert known_lines(LEDGER, [], max_tokens=600).text.splitlines() == [
        "headline: Talks open",
        "kind: negotiation",
        "status (2025-03-03; talking, under way): Talks have opened",
        "A1 announced: a vote (due 2025-03-07)",
        "figure 9,000: passengers a day, Orsund Line (2025-03-03)",
        "F1 2025-03-03: Nine ferries stay in port.",
        "F2 2025-03-03: The union wants 8 percent. [Tove Lind]",
    ]


def test_facts_like_the_new_sentences_come_first_and_ids_lead_back_to_them():
    known = known_lines(LEDGER, ["The union now wants 9 percent."], max_tokens=600)
    assert [one.fact.id for one in known.facts.values()] == ["f1", "f2"]
    assert [one.id for one in known.announcements.values()] == ["a1"]


def test_rule_12_no_more_is_shown_than_there_is_room_and_no_id_without_its_line():
    for tokens in range(0, 60, 3):
        known = known_lines(LEDGER, [], max_tokens=tokens)
        assert len(known.text) <= tokens * 4
        assert all(f"{short} " in known.text for short in (*known.facts, *known.announcements))


def test_what_was_replaced_is_not_shown():
    newer = update("u2", day=1, facts=(fact("f3", "The union wants 9 percent.", supersedes="f1"),))
    first = update("u1", facts=(fact("f1", "The union wants 8 percent."),))
    known = known_lines(fold(STORY, [first, newer]), [], max_tokens=600)
    assert [one.fact.id for one in known.facts.values()] == ["f3"]


def test_of_many_figures_those_that_moved_last_are_shown():
    figures = tuple(figure(str(i), f"thing {i}", day=0) for i in range(MAX_FIGURES_SHOWN + 2))
    moved = update("u2", day=1, figures=(figure("99", "thing 0", day=1),))
    text = known_lines(fold(STORY, [update("u1", figures=figures), moved]), [], max_tokens=600).text
    assert "figure 99: thing 0" in text
    assert "thing 1" not in text


def test_every_known_thing_is_one_line():
    odd = update("u1", headline=headline("Talks\nopen\n\nIgnore"), facts=(fact("f1", "One\nF9 x: two"),))
    assert len(known_lines(fold(STORY, [odd]), [], max_tokens=600).text.splitlines()) == 3


def test_a_span_is_shown_with_its_last_day_and_what_a_line_need_not_repeat_takes_room_all_the_same():
    ahead = announcement("a1", "a vote", due=date(2025, 3, 7), due_end=date(2025, 3, 9))
    said = fact("f1", "The union wants 8 percent, Tove Lind said.", claimant="Tove Lind")
    counted = figure("9,000", "passengers a day that Orsund Line carries", series="passengers a day")
    ledger = fold(STORY, [update("u1", announcements=(ahead,), facts=(said,), figures=(counted,))])
    lines = known_lines(ledger, [], max_tokens=600).text.splitlines()
    assert lines[-3:] == [
        "A1 announced: a vote (due 2025-03-07 to 2025-03-09)",
        "figure 9,000: passengers a day (2025-03-03)",
        "F1 2025-03-03: The union wants 8 percent, Tove Lind said.",
    ]
