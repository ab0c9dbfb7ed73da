"""Of an article in a language without rules of its own its lead is told, and nothing else."""

import pytest

from bot.updates.by_rules.leads import MAX_LEAD_CHARS, is_spaced, lead_of
from bot.updates.by_rules.read import read_by_rules
from tests.servers.written import article

PAGE = (
    "Jueves 3/02/2033.\n"
    "El puerto de Velmar visto desde el faro del norte.\n"
    "¡Suscríbete hoy y recibe cada mañana todas las noticias del puerto de Velmar en tu correo!\n"
    "La autoridad del puerto de Velmar cerró este jueves el muelle norte tras la caída de una grúa sobre dos barcos.\n"
    "El cierre del muelle norte durará hasta el sábado, según dijo la autoridad del puerto en un comunicado.\n"
    "Además, él no quiso decir quién pagará los daños de los barcos que estaban amarrados allí desde el lunes.\n"
    "Murieron dos trabajadores y otros siete fueron llevados al hospital de la ciudad durante la tarde del jueves."
)
TITLE = "El puerto de Velmar cierra su muelle norte"


def told(title: str, text: str, language: str = "es") -> list[str]:
    return [
        fact.text for fact in read_by_rules("sty-1", [article(text, title=title, language=language)]).facts
    ]


def test_the_lead_is_the_first_sentence_of_the_title_and_the_next_one_if_it_is_of_it_too() -> None:
    assert [sentence.number for sentence in lead_of(article(PAGE, title=TITLE, language="es"))] == [4, 5]


def test_captions_dates_and_calls_before_the_lead_are_not_told() -> None:
    assert told(TITLE, PAGE)[0] == PAGE.split("\n")[3]


def test_a_second_sentence_of_another_thing_is_left_out() -> None:
    lead = PAGE.split("\n")[3]
    other = "Los precios de la harina subieron un poco en toda la comarca durante el invierno pasado."
    assert told(TITLE, f"{lead}\n{other}") == [lead]


def test_under_the_name_of_a_page_the_first_long_sentence_is_the_lead() -> None:
    assert told("Mundo | elperiodico.example", PAGE)[0].startswith("La autoridad")


def test_no_other_sentence_takes_the_place_of_a_lead_that_is_too_long() -> None:
    long = (
        "La autoridad del puerto de Velmar cerró el muelle norte"
        + " y otro muelle" * (MAX_LEAD_CHARS // 13)
        + "."
    )
    assert told("Mundo", f"{long}\n{PAGE.splitlines()[-1]}") == []


@pytest.mark.parametrize("text", ["El puerto de Velmar está cerrado.", "항구가 폐쇄되었다."])
def test_a_script_with_spaces_is_known(text: str) -> None:
    assert is_spaced(text)


@pytest.mark.parametrize("text", ["港は閉鎖された。", "ท่าเรือปิด"])
def test_a_script_without_spaces_is_known(text: str) -> None:
    assert not is_spaced(text)


def test_a_lead_in_a_script_without_spaces_is_found_by_its_characters() -> None:
    page = article(
        "写真：港。\n港湾局は木曜日、クレーンが倒れたため北埠頭を閉鎖した。",
        title="北埠頭を閉鎖",
        language="ja",
    )
    assert [sentence.text[:3] for sentence in lead_of(page)] == ["港湾局"]
