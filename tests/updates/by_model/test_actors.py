"""Who acts in an update: whom the check kept, and who has a part in it."""

from __future__ import annotations

import pytest

from bot.stories.fold import fold
from tests.flows.ferry import article
from tests.updates.by_model.test_assemble import SPEAKERS, updated
from tests.updates.made import STORY, actor, update
from tests.updates.readings import reading_of

OVER = "said the talks in Brekk were over"


def spoken(*more, names=SPEAKERS, ledger=None):
    """Return the names of the actors of a reply in which each of ``names`` says the same, beside sentences of ``more``."""
    told = article("a", " ".join([*(f"{who} {OVER}." for who in names), *more]))
    actors = [f"{who} | | {OVER} | {n}" for n, who in enumerate(names, 1)]
    return [one.name for one in updated(reading_of(told, ledger=ledger), actors=actors).actors]


def test_who_was_known_as_an_actor_acts_also_where_others_come_first():
    known = fold(STORY, [update("u1", actors=(actor("Siri Dahl"),))])
    assert spoken(ledger=known) == [*SPEAKERS[:3], "Siri Dahl"]
    assert spoken() == list(SPEAKERS[:3])


@pytest.mark.parametrize(
    ("role", "acts"),
    [("harbour master", True), ("former harbour master", False), ("analyst", False), ("consultant at Tarn", False), ("", False)],
)  # fmt: skip
def test_who_comes_late_acts_where_a_role_and_several_sentences_say_so(role, acts):
    said = [f"{who} {OVER}." for who in SPEAKERS[:3]]
    late = f"Siri Dahl, {role}, {OVER}." if role else f"Siri Dahl {OVER}."
    often = "Siri Dahl closed the port. Crews cheered Siri Dahl in Brekk."
    for text, named in ((f"{' '.join(said)} {late} {often}", acts), (f"{' '.join(said)} {late}", False)):
        actors = [f"{who} | | {OVER} | {n}" for n, who in enumerate(SPEAKERS[:3], 1)]
        actors.append(f"Siri Dahl | {role} | {OVER} | 4")
        found = updated(reading_of(article("a", text)), actors=actors).actors
        assert ("Siri Dahl" in [one.name for one in found]) is named


@pytest.mark.parametrize(
    "position",
    ["declined to comment", "did not respond to a request for comment", "was praised by the mayor"],
)
def test_who_says_nothing_or_is_only_spoken_of_is_no_actor(position):
    told = article("a", f"Tove Lind {position}. Arne Holt {OVER}.")
    said = [f"Tove Lind | | {position} | 1", f"Arne Holt | | {OVER} | 2"]
    assert [one.name for one in updated(reading_of(told), actors=said).actors] == ["Arne Holt"]


def test_a_speaker_without_a_name_is_one_where_the_role_says_of_what():
    told = article(
        "a", f"A company spokesman {OVER}. A company spokesman of Orsund Line {OVER}. Police {OVER}."
    )
    said = [
        f"company spokesman | | {OVER} | 1",
        f"company spokesman | Orsund Line | {OVER} | 2",
        f"Police | | {OVER} | 3",
    ]
    found = updated(reading_of(told), actors=said).actors
    assert [(one.name, one.role) for one in found] == [("company spokesman", "Orsund Line"), ("Police", "")]


def test_a_bodys_spokesman_is_told_as_the_body():
    told = article("a", f"An Orsund spokesman {OVER}. A spokesman for Orsund Line {OVER}.")
    (one,) = updated(reading_of(told), actors=[f"Orsund spokesman | Orsund Line | {OVER} | 1,2"]).actors
    assert (one.name, one.role) == ("Orsund Line", "")
    (one,) = updated(reading_of(told), actors=[f"Orsund spokesman | | {OVER} | 1"]).actors
    assert one.name == "Orsund spokesman"


def test_a_first_name_that_only_another_article_prints_is_told_and_a_wrong_one_is_not():
    told = article("a", f"President Lind {OVER}.")
    said = [f"Tove Lind | | {OVER} | 1"]
    for other, named in (
        ("Tove Lind came to Brekk.", ["Tove Lind"]),
        ("Tove came to Brekk.", ["Lind"]),
        ("The crews came to Brekk.", []),
    ):
        reading = reading_of(told, others=(article("b", other),))
        assert [one.name for one in updated(reading, actors=said).actors] == named
    assert updated(reading_of(article("a", f"Siri Lind {OVER}.")), actors=said).actors == ()
