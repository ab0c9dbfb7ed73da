"""What readers see of a briefing with translations, and what stays in the words of the articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.model.briefing import (
    Briefing,
    Correction,
    Coverage,
    OtherStory,
    Section,
    Statement,
    StoryBrief,
    TranslatedLine,
    printed_texts,
    translated,
)
from bot.model.news import Citation
from bot.model.story import Actor, Corroboration, Figure, Status, StorySupport

AT = datetime(2025, 7, 8, 7, tzinfo=UTC)
CITED = Citation(article_id="art-1", sentences=(1,))
TEXTS = {
    "Abren las conversaciones": "Talks open",
    "Siguen las conversaciones": "Talks go on",
    "su sindicato": "their union",
    "quiere más salario": "wants more pay",
    "al menos 1.100": "at least 1,100",
    "marineros": "sailors",
    "¿Cuándo terminan?": "When do they end?",
    "Otra noticia": "Other news",
    "Se rompen las conversaciones": "Talks break down",
}
STORY = StoryBrief(
    story_id="sto-1",
    headline=Statement(text="Abren las conversaciones", citations=(CITED,)),
    status=Status(
        kind="other",
        state="",
        line="Siguen las conversaciones",
        as_of=AT,
        since=AT,
        said_by="su sindicato",
        citation=CITED,
    ),
    actors=(Actor(name="Tove Lind", position="quiere más salario", citation=CITED, as_of=AT),),
    figures=(Figure(value="al menos 1.100", counts="marineros", citation=CITED, as_of=AT),),
    unknown=("¿Cuándo terminan?",),
    corroboration=Corroboration(support=StorySupport.SINGLE, originators=("art-1",)),
)
BRIEFING = Briefing(
    id="bri-1",
    title="Abren las conversaciones",
    made_at=AT,
    coverage=Coverage(until=AT),
    stories=(STORY,),
    more=(
        OtherStory(
            story_id="sto-2", section=Section.NEW, headline=Statement(text="Otra noticia", citations=(CITED,))
        ),
    ),
    corrections=(
        Correction(
            at=AT, story_id="sto-1", was="Se rompen las conversaciones", reason="The article was edited"
        ),
    ),
    translations=tuple(
        TranslatedLine(original=one, text=other, language="es") for one, other in TEXTS.items()
    ),
)


def test_rule_15_every_line_of_the_news_is_found_and_shown_in_its_translation():
    assert set(TEXTS) <= set(printed_texts(BRIEFING))
    assert set(TEXTS.values()) <= set(printed_texts(translated(BRIEFING)))
    assert not set(TEXTS) & set(printed_texts(translated(BRIEFING)))


def test_rule_15_names_citations_and_what_an_operator_wrote_stay():
    shown = translated(BRIEFING)
    assert shown.title == BRIEFING.title
    assert shown.stories[0].actors[0].name == "Tove Lind"
    assert shown.stories[0].headline.citations == (CITED,)
    assert shown.translations == BRIEFING.translations


def test_rule_15_a_briefing_without_translations_is_the_same():
    plain = replace(BRIEFING, translations=())
    assert translated(plain) is plain
