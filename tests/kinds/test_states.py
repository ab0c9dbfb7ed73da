"""What a newsroom writes when a case or a war has come to a state carries the sentence of that state."""

from __future__ import annotations

import pytest

from bot.evidence.faults.states import state_holds
from bot.evidence.reading.ground import facts_of, ground_of
from bot.kinds import load_kinds
from bot.model.news import Citation
from tests.evidence.checking import article


def holds(kind: str, state: str, said: str) -> bool:
    found = load_kinds()[kind].state(state)
    assert found is not None
    told = article(said)
    ground = ground_of([Citation(article_id="a", sentences=(1,))], articles={("a", 1): told})
    return state_holds(facts_of(told, found.sentence), ground).passed


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
    ("kind", "state", "said"),
    [
        ("legal", "on trial", "The trial will begin on Monday."),
        ("legal", "verdict", "The jury has yet to reach a verdict."),
        ("legal", "sentenced", "He will be sentenced on 3 May."),
        ("legal", "appealed", "She will appeal against the verdict."),
        ("conflict", "truce", "Shells fell on the town and killed nine people."),
        ("conflict", "ended", "Heavy fighting was reported near the dam."),
        ("conflict", "captured", "The army withdrew its last troops from the valley."),
    ],
)
def test_a_state_that_is_ahead_or_another_is_not_carried(kind, state, said):
    assert not holds(kind, state, said)
