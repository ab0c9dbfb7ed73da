"""What a newsroom writes when a story has come to a state carries that state, and hardly ever another of its kind."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.evidence.faults.states import state_holds
from bot.evidence.reading.ground import facts_of, ground_of
from bot.kinds import shipped_kinds
from bot.model.news import Citation
from bot.model.record import Verdict
from bot.model.story import OTHER_KIND
from tests.evidence.checking import article
from tests.support.running.rows import each_row

MOST_CARRIED_ELSEWHERE = 0.05  # of all pairs of a sentence and another state of its kind
NEWS = tomllib.loads((Path(__file__).parent / "states.toml").read_text("utf-8"))
SAID = [
    (kind, state, said) for kind, states in NEWS.items() for state, told in states.items() for said in told
]


def verdict(kind: str, state: str, said: str) -> Verdict:
    found = shipped_kinds()[kind].state(state)
    assert found is not None
    told = article(said)
    ground = ground_of([Citation(article_id="a", sentences=(1,))], articles={("a", 1): told})
    return state_holds(facts_of(told, found.sentence), ground, carried_by=found.carried_by)


def holds(kind: str, state: str, said: str) -> bool:
    return verdict(kind, state, said).passed


def test_news_of_every_state_of_every_kind_is_tried():
    kinds = {name: {one.name for one in kind.states} for name, kind in shipped_kinds().items()}
    assert {name: set(states) for name, states in NEWS.items()} == {
        name: states for name, states in kinds.items() if name != OTHER_KIND
    }
    assert all(NEWS[kind][state] for kind in NEWS for state in NEWS[kind])


@pytest.mark.parametrize("kind", NEWS)
def test_what_a_newsroom_writes_carries_its_state_and_leaves_a_neighbour(kind):
    for state, told in NEWS[kind].items():
        for said in told:
            assert holds(kind, state, said), (state, said)
            others = [other for other in NEWS[kind] if other != state]
            assert not all(holds(kind, other, said) for other in others), (state, said)


@pytest.mark.slow
def test_hardly_any_sentence_carries_another_state_of_its_kind():
    pairs = [(kind, other, said) for kind, state, said in SAID for other in NEWS[kind] if other != state]
    carried = [pair for pair in pairs if holds(*pair)]
    assert len(carried) <= MOST_CARRIED_ELSEWHERE * len(pairs), carried


def test_a_phrase_that_carries_a_state_leaves_nothing_to_a_second_look():
    sure = [verdict(*one) for one in SAID]
    assert sum(one.flagged for one in sure) <= MOST_CARRIED_ELSEWHERE * len(sure)


@each_row(
    ("kind", "state", "said"),
    [
        ("legal", "charged or sued", "Prosecutors charged the mayor with bribery on Monday."),
        ("legal", "charged or sued", "The widow sued the clinic for damages."),
        ("legal", "on trial", "The trial of the former minister opened on Monday."),
        ("legal", "verdict", "A jury found the former minister guilty of bribery."),
        ("legal", "verdict", "The court ruled that the firm must pay."),
        ("legal", "sentenced", "She was sentenced to eight years in prison."),
        ("legal", "appealed", "Her lawyers filed an appeal on Friday."),
        ("legal", "dropped or settled", "The two sides settled the case for 40 million."),
        ("legal", "dropped or settled", "Prosecutors dropped the charges."),
        ("conflict", "threatened", "The president threatened to send troops across the border."),
        ("conflict", "fighting", "Troops and rebels fought for the bridge on Tuesday."),
        ("conflict", "fighting", "Government forces attacked rebel positions."),
        ("conflict", "captured", "Rebels captured the town of Vesk on Wednesday."),
        ("conflict", "captured", "The army said it had retaken the airport."),
        ("conflict", "truce", "A ceasefire took effect at noon."),
        ("conflict", "ended", "The rebels surrendered and the fighting ended."),
    ],
)
def test_a_state_is_carried_by_what_a_newsroom_writes_of_it(kind, state, said):
    assert holds(kind, state, said)


@each_row(
    ("kind", "state", "said"),
    [
        ("legal", "on trial", "The trial will begin on Monday."),
        ("legal", "verdict", "The jury has yet to reach a verdict."),
        ("legal", "sentenced", "He will be sentenced on 3 May."),
        ("legal", "appealed", "She will appeal against the verdict."),
        ("conflict", "truce", "Shells fell on the town and killed nine people."),
        ("conflict", "ended", "Heavy fighting was reported near the dam."),
        ("conflict", "captured", "The army withdrew its last troops from the valley."),
        ("attack", "ended", "Police have not arrested anybody."),
        ("attack", "ended", "No one was arrested."),
        ("attack", "ended", "The hunt for the gunman goes on after he fled from a hospital."),
        ("accident", "happened", "Nobody was killed or injured."),
        ("contest", "won", "Ardale could clinch the title on Sunday."),
        ("contest", "won", "If Ardale beat Vesk they take the cup."),
        ("launch", "launched", "The rocket will be launched in June."),
        ("launch", "launched", "The phone has yet to be unveiled."),
        ("company", "put right", "The bank hopes that service will be restored by Friday."),
        ("inquiry", "reported", "The panel has not yet published its report."),
        ("protest", "under way", "The union called off the blockade, and the strike ended."),
    ],
)
def test_a_state_that_is_ahead_or_another_is_not_carried(kind, state, said):
    assert not holds(kind, state, said)
