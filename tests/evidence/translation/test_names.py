"""Names carry over: as they are, with an ending, or as the other language calls a country, a city or a body."""

from __future__ import annotations

from bot.evidence.translation.names import added_name, has_other_name, lost_name
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


@each_row(
    ("original", "target", "text", "lost", "added"),
    [
        # Other letters, other spellings.
        ("He spoke to Ines Barreto.", "es", "Habló con Ines Barrero.", "Barreto", "Barrero"),
        ("It is Unification day.", "es", "Es el día de la Unificación.", "", ""),
        ("He likes Brazit.", "es", "Le gusta Brasit.", "", ""),
        ("He likes Kolanda.", "es", "Le gusta Kolenda.", "", ""),
        ("She went to Marbella.", "es", "Fue a Marburgo.", "Marbella", "Marburgo"),
        ("It fell on Sidon.", "fr", "Il est tombé sur Saïda.", "", ""),
        ("It fell on Europa International.", "es", "Cayó sobre Europa Internacional.", "", ""),
        ("It met Lindo.", "es", "Conoció a Lindqvist.", "Lindo", "Lindqvist"),
        # What is translated as any other word.
        ("It sank in Lake Turana.", "fr", "Il a coulé dans le lac Turana.", "", ""),
        ("He met Housing Minister Ben Adler.", "fr", "Il a vu le ministre du Logement, Ben Adler.", "", ""),
        ("He met the minister, Ben Adler.", "fr", "Il a vu le ministre Rosa Adler.", "Ben", "Rosa"),
        ("It is the Booker Prize.", "es", "Es el Premio Booker.", "", ""),
        ("It is the Booker.", "es", "Es el Premio Booker.", "", "Premio"),
        ("He likes the TGV.", "es", "Le gusta el tren.", "", ""),
        ("It costs nine Swiss francs.", "fr", "Cela coûte neuf francs.", "", ""),
        ("The Red Xylo spoke.", "es", "Habló la Xana Roja.", "", ""),
        ("They met in western Norway.", "de", "Sie trafen sich in Westnorwegen.", "", ""),
        ("A Hamas commander spoke.", "de", "Ein Hamas-Kommandeur sprach.", "", ""),
        # Names that nouns with capitals do not hide.
        ("They met there.", "de", "Sie trafen sich in Zypern.", "", "Zypern"),
        ("They met there.", "de", "Sie trafen sich bei BioNTech.", "", "BioNTech"),
        ("They met there.", "de", "Sie trafen sich am Hafen.", "", ""),
        ("They met there.", "de", "Sie trafen sich bei Rahul Mehta.", "", "Mehta"),
        ("They met there.", "de", "Dort haben Ingenieure Risse gefunden.", "", ""),
        ("They met for a week.", "de", "Sie trafen sich eine Woche Urlaub lang.", "", ""),
        ("They met 3 people.", "de", "Sie trafen 3 Kinder Oma.", "", ""),
        ("Brazil banned it.", "es", "Bolivia lo prohibió.", "Brazil", "Bolivia"),
        ("Germans met Lind's men.", "tr", "Almanlar Lind'in adamlarıyla buluştu.", "", ""),
    ],
)
def test_rule_15_names_of_both_lines_are_compared(original, target, text, lost, added):
    assert lost_name(original, text, source="en", target=target) == lost
    assert added_name(original, text, source="en", target=target) == added


def test_rule_15_a_name_may_come_in_the_place_of_another():
    assert has_other_name("It left Pune.", "Il a quitté Delhi.", source="en", target="fr")
    assert not has_other_name("It left Pune.", "Il a quitté la ville.", source="en", target="fr")
    assert not has_other_name("It left Pune.", "Il a quitté Pune.", source="en", target="fr")


def test_rule_15_a_known_name_is_found_among_nouns_with_capitals():
    for known, name in (({"siemens"}, "Siemens"), (set(), "")):
        assert added_name("They met.", "Sie trafen Siemens.", source="en", target="de", known=known) == name
