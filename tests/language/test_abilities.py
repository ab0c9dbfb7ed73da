"""What is told of a language without a model is what there are rules for."""

from __future__ import annotations

import re

from bot.language.rules import abilities_without_model, languages_with
from tests.conftest import ROOT


def test_english_and_german_have_all_of_it_and_others_nothing():
    assert abilities_without_model("de-AT") == abilities_without_model("en")
    assert "figures" in abilities_without_model("de")
    assert abilities_without_model("hu") == ()
    assert abilities_without_model("") == ()


def test_the_page_names_the_languages_that_have_all_of_it():
    page = (ROOT / "docs" / "languages.md").read_text("utf-8")
    whole = {
        code
        for code in languages_with("self_contained")
        if abilities_without_model(code) == abilities_without_model("en")
    }
    assert whole == set(re.findall(r"\((\w+)\) \| yes", page))
