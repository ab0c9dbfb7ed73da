"""Rules are data: each pattern finds its own example, and leaves the other alone."""

from __future__ import annotations

import pytest

from bot.language.rules import FOLDER, load_rules, read_rules

# Read where they are collected, so that each pattern is a test of its own.
RULES = [(path, rule) for path in sorted(FOLDER.glob("*/*.toml")) for rule in read_rules(path).patterns]


@pytest.mark.parametrize(
    ("path", "rule"), RULES, ids=[f"{p.parent.name}-{p.stem}-{r.sense}-{i}" for i, (p, r) in enumerate(RULES)]
)
def test_a_pattern_finds_its_examples_and_leaves_the_others_alone(path, rule):
    assert [text for text in rule.yes if not rule.match.search(text)] == []
    assert [text for text in rule.no if rule.match.search(text)] == []


def test_every_file_of_rules_can_be_read():
    assert [path for path in FOLDER.glob("*/*.toml") if not read_rules(path)] == []


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
