"""Names carry over: as they are, with an ending, or as the other language calls a country, a city or a body."""

from __future__ import annotations

from bot.evidence.translation.names import added_name, lost_name
from tests.support.running.rows import each_row


@each_row(
    ("source", "original", "target", "text", "name"),
    [
        ("en", "It was Tove Lind who spoke.", "tr", "Konuşan Tove Lind'di.", ""),
        ("en", "It was Tove Lind who spoke.", "es", "Quien habló fue Tove Moe.", "Lind"),
        ("es", "Viajó a Londres.", "en", "She went to London.", ""),
        ("es", "Viajó a Londres.", "en", "She went to Paris.", "Londres"),
        ("en", "They left Germany.", "de", "Sie verließen Deutschland.", ""),
        ("en", "They left Piraeus.", "es", "Salieron del Pireo.", ""),
        ("es", "La ONU lo confirmó.", "en", "The UN confirmed it.", ""),
        ("es", "La ONU lo confirmó.", "en", "It confirmed it.", ""),
        ("es", "Salieron de El Pireo.", "en", "They left Piraeus.", ""),
        ("de", "Die Chefin Helen Brandt kam.", "en", "The head, Helen Brandt, came.", ""),
        ("de", "Die Chefin Helen Brandt kam.", "en", "The head, Ruth Moe, came.", "Brandt"),
        ("de", "Nach drei Wochen Streik", "en", "After three weeks of strike", ""),
        ("en", "It ends on Monday in May.", "fr", "Cela finit lundi en mai.", ""),
        ("fr", "C'est l'avis d'Anna Keller.", "en", "This is the view of Anna Keller.", ""),
    ],
)
def test_rule_15_a_name_that_is_lost_is_found(source, original, target, text, name):
    assert lost_name(original, text, source=source, target=target) == name


@each_row(
    ("source", "original", "target", "text", "name"),
    [
        ("es", "El alcalde habló.", "en", "The mayor, Ron Vance, spoke.", "Ron"),
        ("es", "El alcalde habló.", "en", "The mayor spoke.", ""),
        ("es", "El ministro alemán habló.", "en", "The German minister spoke.", ""),
        ("es", "El alcalde habló el lunes.", "en", "The mayor spoke on Monday.", ""),
        ("es", "La ONU lo confirmó.", "en", "NATO confirmed it.", "NATO"),
    ],
)
def test_rule_15_a_name_that_is_added_is_found(source, original, target, text, name):
    assert added_name(original, text, source=source, target=target) == name


def test_rule_15_a_known_name_stands_as_it_is_at_the_beginning_of_a_line():
    original, known = "Sánchez anunció nuevas elecciones.", {"sanchez"}
    for text, name in (
        ("Rajoy announced new elections.", "Sánchez"),
        ("Sánchez announced new elections.", ""),
    ):
        assert lost_name(original, text, source="es", target="en", known=known) == name
    assert not lost_name(original, "Rajoy announced new elections.", source="es", target="en")
