"""Rules are data: each pattern finds its own example, and leaves the other alone."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from bot.language.rules import FOLDER, languages_with, list_files, load_rules, read_rules
from tests.support.running.rows import each_row

FILES = sorted(FOLDER.rglob("*.toml"))
MOST_SIDE_BY_SIDE = 15  # files of one group


def _language(path):
    return path.relative_to(FOLDER).parts[0]


@each_row("path", FILES)
def test_each_pattern_of_a_file_finds_its_examples_and_leaves_the_others_alone(path):
    rules = load_rules(_language(path), path.stem)
    assert rules.words or rules.patterns or rules.opposites
    missed = [
        (rule.sense, text) for rule in rules.patterns for text in rule.yes if not rule.match.search(text)
    ]
    wrong = [(rule.sense, text) for rule in rules.patterns for text in rule.no if rule.match.search(text)]
    assert (missed, wrong) == ([], [])


def test_there_are_rules_of_several_languages():
    assert len({_language(path) for path in FILES}) > 5


def test_every_file_is_found_by_its_language_and_name():
    listed = {(language, name) for name in {path.stem for path in FILES} for language in languages_with(name)}
    assert listed == {(_language(path), path.stem) for path in FILES}
    assert len(listed) == len(FILES)


def test_a_name_stands_in_the_same_group_in_every_language():
    groups = defaultdict(set)
    for path in FILES:
        groups[path.stem].add(path.parent.name)
    assert {name: found for name, found in groups.items() if len(found) > 1} == {}


def test_no_group_holds_more_files_than_are_taken_in_at_a_glance():
    counted = Counter(path.parent for path in FILES)
    assert [folder for folder, count in counted.items() if count > MOST_SIDE_BY_SIDE] == []


def test_a_name_that_stands_in_two_groups_of_a_language_is_refused(tmp_path):
    for group in ("news", "pages"):
        path = tmp_path / "en" / group / "status.toml"
        path.parent.mkdir(parents=True)
        path.write_text('[[words]]\nsense = "a"\nwords = ["b"]\n')
    with pytest.raises(ValueError, match=r"en/(news|pages)/status.toml has the same name"):
        list_files(tmp_path)


def test_a_language_without_rules_has_none():
    assert load_rules("tlh", "pages").patterns == ()
    assert load_rules("en/pages", "pages").patterns == ()
    assert load_rules("../en", "pages").patterns == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[pattern]]\nsense = "a"\nmatch = "b"\nyes = ["b"]\nno = []', "lacks an example"),
        ('[[pattern]]\nsense = "a"\nmatch = "("\nyes = ["b"]\nno = ["c"]', "unterminated"),
        ('[[pattern]]\nsense = "a"\nmatch = "b"\nyes = ["b"]', "it has"),
        ('[[words]]\nsense = "a"\nwords = ["b"]\nmore = 1', "it has"),
        ("[other]", "it has"),
        ("[[", "en/news/broken.toml"),
    ],
)
def test_a_rule_that_is_none_is_refused_with_its_file(tmp_path, text, told):
    path = tmp_path / "en" / "news" / "broken.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(ValueError, match=f"en/news/broken.toml: .*{told}|{told}"):
        read_rules(path)
