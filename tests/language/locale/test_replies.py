"""Replies in other languages: each has all of them, with the same holes, and is found by what the bot says."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.chat.commands import USAGES
from bot.chat.replies.short import help_message
from bot.chat.subscription_form import FormPage, subscription_form
from bot.inline import moment_in_text
from bot.language.locale.dates import dates_in
from bot.language.locale.phrases import LANGUAGES
from bot.language.locale.replies import in_language, pieces_in_language, sentences_of, written

REPLIES = written()
HOLES = re.compile(r"\{\w+\}")


def test_every_reply_has_every_language_with_the_same_holes():
    for reply in REPLIES:
        assert set(reply) == set(LANGUAGES)
        assert {frozenset(HOLES.findall(words)) for words in reply.values()} == {
            frozenset(HOLES.findall(reply["en"]))
        }


def test_no_reply_stands_twice():
    english = [reply["en"] for reply in REPLIES]
    assert len(english) == len(set(english)) > 140


@pytest.mark.slow
@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_each_reply_is_found_by_its_own_words(language):
    for reply in REPLIES:
        filled = {
            hole.strip("{}"): "/brief 7" if "command" in hole else "7" for hole in HOLES.findall(reply["en"])
        }
        assert in_language(reply["en"].format(**filled), language) == reply[language].format(**filled)


def test_what_is_quoted_ends_no_sentence():
    assert list(sentences_of("Followed here: “Is it over? Yes.” It runs again.")) == [
        "Followed here: “Is it over? Yes.” It runs again."
    ]
    said = "“Is it over? Yes.” is in this channel's briefings again."
    assert in_language(said, "de") == "„Is it over? Yes.“ steht wieder in den Briefings dieses Kanals."


def test_a_number_is_no_word():
    assert in_language("Strike ends after nine hours", "de") == "Strike ends after nine hours"
    assert in_language("That is a lot in one minute: ask again in 20 seconds.", "es").endswith("20 segundos.")


def test_small_print_is_put_into_the_language_piece_by_piece():
    said = "as of Friday 4 July 2025, 10:00 Europe/Berlin · asked by Anna"
    assert (
        pieces_in_language(said, "de")
        == "Stand: Freitag 4. Juli 2025, 10:00 Europe/Berlin · gefragt von Anna"
    )
    assert pieces_in_language("The Wire · 3 articles", "de") == "The Wire · 3 Artikel"


@pytest.mark.parametrize(
    ("language", "written_so"),
    [("de", "Fr. 4. Juli"), ("fr", "ven. 4 juillet"), ("es", "vie 4 de julio"), ("en", "Fri 4 July")],
)
def test_a_date_is_written_as_in_the_language(language, written_so):
    assert dates_in("Fri 4 July 12:00", language) == f"{written_so} 12:00"


@pytest.mark.parametrize(
    ("said", "language", "written_so"),
    [
        ("weekdays 07:30 Europe/Berlin", "de", "werktags 07:30 Europe/Berlin"),
        ("Paused: daily 09:00, 12:00.", "fr", "Suspendu : tous les jours 09:00, 12:00."),
        ("Mon, Thu 9:00 UTC", "es", "lun, jue 9:00 UTC"),
        ("mondays and Friday 18:00", "de", "Mo., Fr. 18:00"),
        ("daily bread", "de", "daily bread"),
        ("weekdays 07:30", "en", "weekdays 07:30"),
    ],
)
def test_the_times_of_a_subscription_are_in_the_language(said, language, written_so):
    assert in_language(said, language) == written_so


def test_of_several_sentences_each_is_put_into_the_language_and_what_is_filled_in_too():
    when = moment_in_text(datetime(2025, 7, 7, tzinfo=UTC), "Mon 7 July 02:00")
    in_german = moment_in_text(datetime(2025, 7, 7, tzinfo=UTC), "Mo. 7. Juli 02:00")
    said = f"Subscribed: all feeds. A first briefing is on its way to the channel. Next: {when}."
    assert in_language(said, "de") == (
        f"Eingerichtet: alle Feeds. Ein erstes Briefing ist unterwegs in den Kanal. Nächstes: {in_german}."
    )


@pytest.mark.parametrize("text", ["Storm Ilsa hits Marenga, at least nine dead", "", "x" * 5000])
def test_what_is_not_ours_stays_as_it_is(text):
    assert in_language(text, "fr") == text
    assert in_language("Only admins can do that: ask one of them to.", "en").startswith("Only")


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_the_whole_help_and_every_field_of_the_form_are_there(language):
    texts = [usage.does for usage in USAGES]
    for part in help_message().parts:
        texts += [part.title, *(line.text for line in part.lines if not line.text.startswith("/brief"))]
    form = subscription_form(
        {}, subject="", new=True, feeds=[("a", "A")], page=FormPage(fields=20), example="x"
    )
    for field in form.fields:
        texts += [field.label, field.hint]
    known = {reply["en"] for reply in REPLIES}
    assert [text for text in texts if text and text not in known] == []
    assert in_language(USAGES[0].does, language) != USAGES[0].does
