"""A line and its translation may not have senses that exclude each other, and what may be so stays possible."""

from __future__ import annotations

from bot.evidence.translation.senses import (
    count_marks,
    has_mark,
    has_sense,
    opposed_sense,
    possibility_differs,
)
from tests.support.running.rows import each_row


@each_row(
    ("original", "target", "text", "group"),
    [
        ("Shares rose.", "de", "Die Aktien stiegen.", ""),
        ("Shares rose.", "de", "Die Aktien fielen.", "change"),
        ("Shares rose and fell.", "es", "Las acciones bajaron.", ""),
        ("Shares moved.", "es", "Las acciones bajaron.", ""),
        ("Nine were killed.", "fr", "Neuf personnes ont été blessées.", "people"),
        ("It costs $5.", "fr", "Cela coûte 5 euros.", "money"),
        ("It costs $5.", "fr", "Cela coûte 5 dollars.", ""),
        ("It costs £5.", "es", "Cuesta 5 libras.", ""),
        ("It costs €5.", "pt", "Custa 5 dólares.", "money"),
        ("It lies to the north.", "it", "Si trova a sud.", "way"),
        ("It lies to the north-east.", "it", "Si trova a sud-est.", "way"),
        ("“It’s closed.”", "fr", "« C’est ouvert. »", "place"),
        ("They won and it opened.", "fr", "Ils ont perdu et cela a fermé.", "contest"),
    ],
)
def test_rule_15_senses_that_exclude_each_other_are_found(original, target, text, group):
    assert opposed_sense(original, text, source="en", target=target) == group
    assert opposed_sense(text, original, source=target, target="en") == group


@each_row(
    ("original", "target", "text", "differs"),
    [
        ("He may resign.", "de", "Er tritt zurück.", True),
        ("He may resign.", "de", "Er könnte zurücktreten.", False),
        ("He may resign.", "es", "Dimitirá.", True),
        ("He may resign.", "fr", "Il risque de partir.", False),
        ("He will resign.", "fr", "Il démissionnera.", False),
        ("He will resign.", "fr", "Il pourrait démissionner.", True),
        ("He resigned in May.", "fr", "Il a démissionné en mai.", False),
        ("It is expected to rain.", "de", "Es regnet.", True),
        ("It is expected to rain.", "de", "Regen wird erwartet.", False),
        ("He was expected.", "es", "Podría llegar.", False),
    ],
)
def test_rule_15_what_may_be_so_stays_possible(original, target, text, differs):
    assert possibility_differs(original, text, source="en", target=target) is differs
    assert possibility_differs(text, original, source=target, target="en") is differs


def test_rule_15_marks_and_senses_are_those_of_a_language():
    assert has_mark("Er könnte kommen.", "may", "de")
    assert not has_mark("Er konnte kommen.", "may", "de")
    assert has_mark("It’s not clear.", "may", "en")
    assert count_marks("Er bestritt es und lehnte es ab.", "denying", "de") == 2
    assert has_sense("5 %", "scale percent", "de")
    assert not has_sense("five", "scale percent", "en")
