"""Which lines of an update are translated, and which of a reply are kept."""

from __future__ import annotations

from datetime import date

from bot.model.update import LineKind
from bot.updates.translation import (
    LineReply,
    TranslationReply,
    accepted,
    lines_to_translate,
    shown_lines,
)
from tests.flows.ferry import article
from tests.updates.made import MONDAY, actor, announcement, fact, figure, headline, status, update

SPANISH = article("art-0", "Abren las conversaciones en Brekk.", language="es")
ENGLISH = article("art-1", "Talks open in Brekk.", language="en")
ARTICLES = {(a.id, a.revision): a for a in (SPANISH, ENGLISH)}
UPDATE = update(
    "u1",
    articles=("art-0", "art-1"),
    headline=headline("Abren las conversaciones en Brekk"),
    status=status("Las conversaciones siguen abiertas", said_by="su sindicato"),
    facts=(
        fact("f1", "El sindicato quiere un 8 por ciento más.", claimant="Tove Lind"),
        fact("f2", "Orsund Line has offered 3 percent.", article="art-1"),
    ),
    actors=(actor("Tove Lind", "quiere más salario", role="líder del sindicato"),),
    figures=(figure("1.250", counts="tripulantes"), figure("12", counts="islas")),
    announcements=(announcement("a1", "una votación", due=date(2025, 3, 7), when="el viernes"),),
)


def texts(target="en", made=UPDATE, articles=ARTICLES):
    return {line.text: line for line in lines_to_translate(made, articles, target=target)}


def test_rule_15_only_lines_in_another_language_are_translated():
    found = texts()
    assert "Orsund Line has offered 3 percent." not in found
    assert found["Abren las conversaciones en Brekk"].kind is LineKind.HEADLINE
    assert found["El sindicato quiere un 8 por ciento más."].language == "es"
    assert {"su sindicato", "tripulantes", "una votación", "el viernes", "líder del sindicato"} <= set(found)
    assert set(texts("es")) == {"Orsund Line has offered 3 percent."}


def test_rule_15_a_value_is_translated_if_its_marks_differ_by_language():
    assert "1.250" in texts()
    assert "12" not in texts()


def test_rule_15_a_line_of_an_unknown_language_or_one_without_words_for_the_check_stays():
    for language in ("", "ja"):
        other = article("art-0", "Abren las conversaciones en Brekk.", language=language)
        assert texts(articles={(other.id, other.revision): other}) == {}
    assert texts(articles={}) == {}


def test_rule_15_each_line_is_kept_or_refused_for_itself():
    lines = lines_to_translate(UPDATE, ARTICLES, target="en")
    said = {
        "Abren las conversaciones en Brekk": "Talks open in Brekk",
        "El sindicato quiere un 8 por ciento más.": "The union wants 18 percent more.",
    }
    reply = TranslationReply(
        lines=[LineReply(id=n, text=said[line.text]) for n, line in enumerate(lines, 1) if line.text in said]
    )
    made = accepted(reply, lines, UPDATE, target="en", made_at=MONDAY, model="m", prompt_hash="h")
    assert [(one.original, one.text, one.language) for one in made.lines] == [
        ("Abren las conversaciones en Brekk", "Talks open in Brekk", "es")
    ]
    reasons = {one.original: one.reason for one in made.refused}
    assert reasons["El sindicato quiere un 8 por ciento más."] == "number"
    assert set(reasons.values()) == {"number", "empty"}
    assert len(made.lines) + len(made.refused) == len(lines)


def test_rule_15_a_name_of_an_actor_is_shown_as_it_is():
    made = update(
        "u1", articles=("art-0",), headline=headline("Lind anuncia una huelga"), actors=UPDATE.actors
    )
    lines = lines_to_translate(made, ARTICLES, target="en")[:1]
    for said, reason in (("Lind announces a strike", ""), ("Moe announces a strike", "name")):
        reply = TranslationReply(lines=[LineReply(id=1, text=said)])
        found = accepted(reply, lines, made, target="en", made_at=MONDAY, model="m", prompt_hash="h")
        assert [one.reason for one in found.refused] == ([reason] if reason else [])


def test_rule_15_the_model_is_shown_each_line_with_its_number_and_kind():
    first = shown_lines(lines_to_translate(UPDATE, ARTICLES, target="en")).splitlines()[0]
    assert first == "[1] headline: Abren las conversaciones en Brekk"
