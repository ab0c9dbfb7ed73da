"""What is told of a language without a model is what there are rules for."""

from __future__ import annotations

import re

from bot.language.rules import languages_with, told_without_model
from tests.conftest import ROOT


def test_english_and_german_have_all_of_it_and_others_nothing():
    assert told_without_model("de-AT") == told_without_model("en")
    assert "figures" in told_without_model("de")
    assert told_without_model("hu") == ()
    assert told_without_model("") == ()


def test_the_page_names_the_languages_that_have_all_of_it():
    page = (ROOT / "docs" / "languages.md").read_text("utf-8")
    whole = {
        code
        for code in languages_with("self_contained")
        if told_without_model(code) == told_without_model("en")
    }
    assert whole == set(re.findall(r"\((\w+)\) \| yes", page))
