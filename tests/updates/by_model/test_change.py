"""A change is told only where the model names one and code agrees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.kinds import shipped_kinds
from bot.model.update import ChangeKind, Importance, Phase
from bot.stories.fold import fold
from bot.updates.by_model.change import change_of
from tests.updates.made import STORY, announcement, cite, fact, figure, status, update

KINDS = shipped_kinds()
BEFORE = update(
    "u1", status=status("Talks have opened in Brekk"), state="talking", figures=(figure("27", series="hurt"),)
)


def change(
    named, text="The two sides sit together again", *, before=BEFORE, kind="negotiation", day=1, **given
):
    known = fold(STORY, [before] if before else [])
    values = {"phase": Phase.UNDER_WAY, "state": "talking", "facts": (), "counted": ()} | given
    values.setdefault("said_by", (cite(),))
    return change_of(named, status=status(text, day=day), kind=KINDS[kind], ledger=known, **values)


def test_a_phase_that_moved_is_a_change():
    assert change("phase", phase=Phase.DECIDED) is ChangeKind.PHASE


@pytest.mark.parametrize("named", ["phase: the deal is signed", "Phase, since it is over", "“phase”"])
def test_a_reason_may_say_more_than_its_name(named):
    assert change(named, phase=Phase.DECIDED) is ChangeKind.PHASE


@pytest.mark.parametrize("named", ["", "none", "no phase", "the phase moved"])
def test_what_begins_with_no_name_of_a_change_is_none(named):
    assert change(named, phase=Phase.DECIDED) is None


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (Phase.DECIDED, Phase.AFTERMATH),
        (Phase.DECIDED, Phase.OVER),
        (Phase.AFTERMATH, Phase.OVER),
        (Phase.UNDER_WAY, Phase.UNDER_WAY),
        (Phase.UNDER_WAY, None),
    ],
)
def test_what_follows_by_itself_is_none(was, now):
    before = update("u1", phase=was, status=status("A deal stands"))
    assert change("phase", before=before, phase=now, state="") is None


def test_a_state_that_moved_is_a_change():
    assert change("state", state="stalled") is ChangeKind.STATE


def test_a_state_that_no_story_goes_back_to_is_none():
    impossible = next(iter(KINDS["negotiation"].impossible))
    before = update("u1", state=impossible[0], status=status("It is so"))
    assert change("state", before=before, state=impossible[1]) is None


def test_another_kind_alone_is_no_change():
    other = next(name for name, kind in KINDS.items() if kind.states and name != "negotiation")
    assert change("state", kind=other, state=KINDS[other].states[0].name) is None


def test_a_leading_figure_that_moved_is_a_change():
    assert change("figure", counted=[figure("29", day=1, series="hurt")]) is ChangeKind.FIGURE
    assert change("figure", facts=[fact("f2", supersedes="f1")]) is ChangeKind.FIGURE


@pytest.mark.parametrize(
    "counted",
    [
        figure("27", day=1, series="hurt"),
        figure("29", day=-1, series="hurt"),
        figure("29", day=1, series="killed"),
        figure("29", day=1, series="hurt", claimant="the union"),
    ],
)
def test_the_same_value_an_older_one_and_another_count_or_claimant_are_none(counted):
    assert change("figure", counted=[counted]) is None


def test_an_act_that_replaces_the_old_status_is_a_change():
    assert change("act", "Lead negotiator Tove Lind resigned") is ChangeKind.ACT
    assert change("act", "Lead negotiator Tove Lind is hopeful") is None


def test_an_act_is_a_change_where_a_new_key_fact_of_a_later_day_carries_it():
    walked = "The crews stay at home"  # none of the acts that are known by their words
    key = fact("f2", importance=Importance.KEY, happened_on=date(2025, 3, 4))
    assert change("act", walked, facts=[key]) is ChangeKind.ACT
    assert change("none", walked, facts=[key]) is None
    for other in (
        replace(key, importance=Importance.USEFUL),
        replace(key, restates="f1"),
        replace(key, happened_on=date(2025, 3, 3)),
        replace(key, citations=(cite("art-0", 2),)),
    ):
        assert change("act", walked, facts=[other]) is None
    assert change("act", walked, facts=[key], day=0) is None


@pytest.mark.parametrize(
    "said", ["Tove Lind vows to stay", "The mediator is in Brekk", "The union says it will sail"]
)
def test_what_is_only_said_is_no_act(said):
    key = fact("f2", importance=Importance.KEY, happened_on=date(2025, 3, 4))
    assert change("act", said, facts=[key]) is None


@pytest.mark.parametrize("named", ["none", "", "everything"])
def test_what_the_model_does_not_name_is_none(named):
    assert change(named, phase=Phase.DECIDED) is None


def test_a_wrong_reason_is_put_right_where_there_is_a_change():
    assert change("figure", phase=Phase.DECIDED) is ChangeKind.PHASE


def test_the_first_status_the_same_words_and_an_earlier_day_are_none():
    assert change("phase", before=None, phase=Phase.DECIDED) is None
    assert change("phase", "Talks have opened in Brekk", phase=Phase.DECIDED) is None
    assert change("phase", day=-1, phase=Phase.DECIDED) is None
    nothing = fold(STORY, [BEFORE])
    assert (
        change_of(
            "phase",
            status=None,
            phase=Phase.DECIDED,
            state="",
            said_by=(),
            facts=(),
            counted=(),
            kind=KINDS["other"],
            ledger=nothing,
        )
        is None
    )


LATER = announcement("a1", "The mediator presents a paper", due=date(2025, 3, 20))


def test_what_was_ahead_and_is_done_is_told_though_the_words_are_the_same():
    ahead = update(
        "u1", phase=Phase.UNDER_WAY, status=status("Flight 446 left Auckland, will land in Honolulu")
    )
    landed = "Flight 446 left Auckland, landed in Honolulu"
    assert change("phase", landed, before=ahead, phase=Phase.DECIDED) is ChangeKind.PHASE
    again = "Flight 446 left Auckland and will land in Honolulu"
    assert change("phase", again, before=ahead, phase=Phase.DECIDED) is None


def test_a_phase_does_not_move_while_all_that_is_awaited_is_ahead():
    waits = {"phase": Phase.EXPECTED, "status": status("The mediator plans to present a paper")}
    told = "The mediator speaks of a paper"
    before = update("u1", announcements=(LATER,), **waits)
    assert change("phase", told, before=before, phase=Phase.DECIDED, state="") is None
    assert change("phase", told, before=before, phase=Phase.DECIDED, state="", day=17) is ChangeKind.PHASE
    assert (
        change("phase", told, before=update("u1", **waits), phase=Phase.DECIDED, state="") is ChangeKind.PHASE
    )


def test_a_state_that_is_not_the_reason_is_a_change_only_where_the_status_tells_of_it():
    assert change("figure", state="stalled") is ChangeKind.STATE
    assert change("figure", state="stalled", said_by=(cite("art-0", 7),)) is None
    assert change("state", state="stalled", said_by=(cite("art-0", 7),)) is ChangeKind.STATE


@pytest.mark.parametrize(
    ("claimant", "now", "is_one"),
    [
        ("officials", "the city's officials", True),
        ("", "the mayor", True),
        ("the police", "the mayor", False),
    ],
)
def test_a_number_that_the_status_has_may_be_another_claimants(claimant, now, is_one):
    before = update("u1", status=status("A fire hurt 27"), figures=(figure("27", claimant=claimant),))
    counted = [figure("29", day=1, claimant=now)]
    told = change("figure", "A fire hurt 29", before=before, counted=counted, state="")
    assert (told is ChangeKind.FIGURE) is is_one
    assert change("figure", "The city mourns", before=before, counted=counted, state="") is None


def test_an_arrival_for_talks_is_no_act():
    key = fact("f2", importance=Importance.KEY, happened_on=date(2025, 3, 4))
    assert change("act", "Tove Lind arrives in Brekk for talks with the company", facts=[key]) is None
    assert change("act", "Rescuers arrive at the wreck with pumps", facts=[key]) is ChangeKind.ACT


def test_the_next_result_of_a_series_replaces_none():
    won = update("u1", kind="contest", state="won", phase=Phase.DECIDED, status=status("Osby beat Tarn 2-1"))
    given = {"before": won, "kind": "contest", "phase": Phase.DECIDED}
    assert change("act", "Velmar beat Brekk 3-0", state="won", **given) is None
    assert change("act", "Velmar beat Brekk 3-0", state="", **given) is ChangeKind.ACT
    ahead = update(
        "u1", kind="contest", state="upcoming", phase=Phase.EXPECTED, status=status("Osby meet Tarn")
    )
    assert change("act", "Osby beat Tarn 2-1", state="won", **given | {"before": ahead}) is not None
