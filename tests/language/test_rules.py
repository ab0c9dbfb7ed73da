"""Rules are data: each pattern finds its own example, and leaves the other alone."""

from __future__ import annotations

import pytest

from bot.language.rules import FOLDER, load_rules, read_rules

FILES = sorted(FOLDER.glob("*/*.toml"))


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}-{path.stem}" for path in FILES])
def test_each_pattern_of_a_file_finds_its_examples_and_leaves_the_others_alone(path):
    rules = read_rules(path)
    assert rules
    missed = [
        (rule.sense, text) for rule in rules.patterns for text in rule.yes if not rule.match.search(text)
    ]
    wrong = [(rule.sense, text) for rule in rules.patterns for text in rule.no if rule.match.search(text)]
    assert (missed, wrong) == ([], [])


def test_there_are_rules_of_several_languages():
    assert len({path.parent for path in FILES}) > 5


def test_a_language_without_rules_has_none():
    assert load_rules("tlh", "pages").patterns == ()
    assert load_rules("../en", "pages").patterns == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[pattern]]\nsense = "a"\nmatch = "b"\nyes = ["b"]\nno = []', "lacks an example"),
        ('[[pattern]]\nsense = "a"\nmatch = "("\nyes = ["b"]\nno = ["c"]', "unterminated"),
        ('[[pattern]]\nsense = "a"\nmatch = "b"\nyes = ["b"]', "it has"),
        ('[[words]]\nsense = "a"\nwords = ["b"]\nmore = 1', "it has"),
        ("[other]", "it has"),
        ("[[", "en/broken.toml"),
    ],
)
def test_a_rule_that_is_none_is_refused_with_its_file(tmp_path, text, told):
    path = tmp_path / "en" / "broken.toml"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(ValueError, match=f"en/broken.toml: .*{told}|{told}"):
        read_rules(path)
