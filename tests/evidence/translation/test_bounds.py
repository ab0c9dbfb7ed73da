"""Numbers keep their bounds, their units and their order."""

from __future__ import annotations

from bot.evidence.translation.bounds import bound_differs, order_differs
from tests.support.running.rows import each_row


@each_row(
    ("original", "target", "text", "differs"),
    [
        ("at least 14 people", "de", "mindestens 14 Menschen", False),
        ("at least 14 people", "de", "höchstens 14 Menschen", True),
        ("at least 14 people", "de", "14 Menschen", False),
        ("at least 14 dead, more than 60 hurt", "de", "mindestens 60 Verletzte, mehr als 14 Tote", True),
        ("more than an estimated 60 houses", "es", "más de unas 60 casas", False),
        ("more than an estimated 60 houses", "es", "menos de unas 60 casas", True),
        ("up to 250 millimetres", "fr", "jusqu'à 250 millimètres", False),
        ("less than 20 litres", "tr", "en az 20 litre", True),
        ("more than 20 litres", "tr", "20'den fazla litre", False),
        ("no more than 20 litres", "de", "höchstens 20 Liter", False),
        ("from 62 to 64", "de", "von 62 auf 64", False),
        ("rose to 64", "de", "stieg von 64", True),
        ("after four months", "es", "tras cuatro semanas", True),
        ("after four months", "es", "tras cuatro meses", False),
        ("after four more months", "fr", "après quatre autres mois", False),
        ("after four months", "fr", "après quatre ans", True),
        ("12 km deep", "es", "12 metros de profundidad", True),
        ("12 km in 2 hours", "es", "12 km en 2 horas", False),
        ("at least 14 people", "de", "höchstens 41 Menschen", False),
        ("at least 14 of the people in the old houses of the town", "de", "mindestens 14", False),
    ],
)
def test_rule_15_a_number_keeps_its_bound_and_unit(original, target, text, differs):
    assert bound_differs(original, text, source="en", target=target) is differs
    assert bound_differs(text, original, source=target, target="en") is differs


@each_row(
    ("original", "target", "text", "differs"),
    [
        ("by 112 votes to 87", "fr", "par 112 voix contre 87", False),
        ("by 112 votes to 87", "fr", "par 87 voix contre 112", True),
        ("11 of 17", "de", "11 der 17", False),
        ("11 of 17", "de", "17 der 11", True),
        ("11 of 17", "de", "von 17 und 11", False),
        ("from 62 to 64", "de", "von 64 auf 62", True),
        ("to 2.4 and from 2.9", "de", "von 2,9 auf 2,4", False),
        ("11 of 17", "tr", "17 ve 11", False),
        ("112 votes, 87 to go", "fr", "87 voix contre 112", False),
        ("5 against 5", "fr", "5 contre 5", False),
        ("3 rockets killed 5", "fr", "5 tués et 3 fusées", False),
        ("112 to 87", "fr", "87 voix de plus que prévu hier soir contre 112", False),
    ],
)
def test_rule_15_numbers_that_belong_together_keep_their_order(original, target, text, differs):
    assert order_differs(original, text, source="en", target=target) is differs
    assert order_differs(text, original, source=target, target="en") is differs
