"""Kinds of story: the shipped files are sound, an operator's are read, and what is wrong is told with file and field."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.config import Config
from bot.errors import ConfigError
from bot.kinds import Kind, KindState, describe_kinds, load_kinds
from bot.kinds.load import MAX_FILES, MAX_KIND_FILE_BYTES, MAX_STATE_WORDS, MAX_STATES, SHIPPED
from bot.model.story import OTHER_KIND
from bot.model.update import Phase
from tests.conftest import ROOT
from tests.support.running.rows import each_row

GOOD = """name = "referendum"
what = "voters answer a question"

[[state]]
name = "voting"
sentence = "Polls are open."
phase = "under way"

[[state]]
name = "decided"
sentence = "The answer is known."
phase = "decided"
carried_by = ["voted for", "reject*"]
never_back_to = ["voting"]
"""
STATE = '\n[[state]]\nname = "{0}"\nsentence = "It is."\nphase = "over"\n'
MOST_TOKENS = 550  # of all shipped kinds in a prompt, at four characters each
SHIPPED_KINDS = {name: kind for name, kind in load_kinds().items() if name != OTHER_KIND}


def write(folder: Path, text: str, name: str = "referendum.toml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load_kinds(folder)
    return caught.value.problems


@each_row("kind", SHIPPED_KINDS.values())
def test_every_shipped_kind_has_few_states_each_with_a_short_sentence_and_a_phase(kind: Kind):
    assert 0 < len(kind.states) <= MAX_STATES
    names = [state.name for state in kind.states]
    assert len(set(names)) == len(names)
    for state in kind.states:
        assert len(state.sentence.split()) <= MAX_STATE_WORDS
        assert state.sentence[0].isupper()
        assert state.sentence.endswith(".")
        assert isinstance(state.phase, Phase)
    for begin, end in kind.impossible:
        assert {begin, end} <= set(names)
        assert begin != end


@each_row("kind", SHIPPED_KINDS.values())
def test_the_ways_of_a_shipped_kind_that_are_impossible_lead_back_and_never_on(kind: Kind):
    order = list(Phase)
    for begin, end in kind.impossible:
        (first, second) = (kind.state(begin), kind.state(end))
        assert first
        assert second
        assert order.index(second.phase) <= order.index(first.phase), (begin, end)


def test_a_list_of_the_english_rules_stands_for_its_words():
    for kind in ("deal", "launch"):
        carried_by = SHIPPED_KINDS[kind].states[0].carried_by
        assert {"reportedly", "rumoured", "unconfirmed"} < set(carried_by)
        assert "{" not in "".join(carried_by)


@each_row("kind", SHIPPED_KINDS.values())
def test_a_shipped_kind_can_be_decided(kind: Kind):
    assert Phase.DECIDED in {state.phase for state in kind.states}


def test_a_shipped_file_has_the_name_of_its_kind():
    assert {path.stem for path in SHIPPED.glob("*.toml")} == set(SHIPPED_KINDS)


def test_other_is_the_last_kind_and_has_no_states():
    assert list(load_kinds())[-1] == OTHER_KIND
    assert load_kinds()[OTHER_KIND].states == ()
    assert load_kinds()[OTHER_KIND].impossible == frozenset()


def test_all_shipped_kinds_take_few_tokens_of_a_prompt_and_a_line_each():
    text = describe_kinds(load_kinds())
    assert len(text) / 4 <= MOST_TOKENS
    assert len(text.splitlines()) == len(load_kinds())


def test_a_line_of_a_prompt_says_what_the_kind_is_and_names_its_states(tmp_path):
    kinds = load_kinds(write(tmp_path, GOOD))
    (line,) = [line for line in describe_kinds(kinds).splitlines() if line.startswith("referendum")]
    assert line == "referendum (voters answer a question): voting, decided"


def test_a_file_of_the_operator_is_a_kind_with_states_phases_and_impossible_ways_back(tmp_path):
    kind = load_kinds(write(tmp_path, GOOD))["referendum"]
    assert kind == Kind(
        name="referendum",
        what="voters answer a question",
        states=(
            KindState(name="voting", sentence="Polls are open.", phase=Phase.UNDER_WAY),
            KindState(
                name="decided",
                sentence="The answer is known.",
                phase=Phase.DECIDED,
                carried_by=("voted for", "reject*"),
            ),
        ),
        impossible=frozenset({("decided", "voting")}),
    )
    assert kind.state("voting") == kind.states[0]
    assert kind.state("counted") is None


def test_a_kind_of_the_operator_takes_the_place_of_a_shipped_one_and_no_other(tmp_path):
    kinds = load_kinds(write(tmp_path, GOOD.replace("referendum", "election")))
    assert [state.name for state in kinds["election"].states] == ["voting", "decided"]
    assert list(kinds) == [*sorted(SHIPPED_KINDS), OTHER_KIND]
    assert kinds["protest"] == SHIPPED_KINDS["protest"]


def test_the_kinds_that_were_loaded_cannot_be_changed():
    with pytest.raises(TypeError):
        load_kinds()["protest"] = Kind(name="x", what="y")  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"decided"\nsent', '"voting"\nsent', "state 2, name: 'voting' is also the name of state 1"),
        ('phase = "decided"', 'phase = "done"', "state 2, phase: it must be one of expected, under way"),
        ("The answer", "a b c d e f g h", "state 2, sentence: it has 10 words, and may have 8"),
        ('["voting"]', '["counting"]', "state 2, never_back_to: 'counting' is no state of this kind"),
        ('["voting"]', '["decided"]', "state 2, never_back_to: 'decided' is the state itself"),
        ('["voting"]', '"voting"', "state 2, never_back_to: input should be a valid list"),
        ('"voted for"', '"voted  for"', "state 2, carried_by: 'voted  for': write words with single spaces"),
        ('"voted for"', '"a* for"', "state 2, carried_by: 'a* for': write words with single spaces"),
        ('"voted for"', '"voted, for"', "state 2, carried_by: 'voted, for': write words with single spaces"),
        ('"voted for"', '"one two for the last one"', "it may have 5 words"),
        ('"voted for"', '"reject*"', "state 2, carried_by: 'reject*' is listed twice"),
        (
            '"voted for"',
            '"{hedges.smell}"',
            "state 2, carried_by: '{hedges.smell}': the English rules have no",
        ),
        ('"voted for"', '"{smell}"', "state 2, carried_by: '{smell}': the English rules have no"),
        ('"voted for"', '"ab"', "state 2, carried_by 1: string should have at least 3 characters"),
        ('["voted for", "reject*"]', '"voted"', "state 2, carried_by: input should be a valid list"),
        ('"referendum"', '"Referendum"', "name: write it in small letters and digits"),
        ('"referendum"', '"a; b: c"', "name: write it in small letters and digits"),
        ('"referendum"', '"other"', "name: 'other' is always there"),
        ('name = "referendum"\n', "", "name: it is missing"),
        ("what =", "waht =", "what: it is missing"),
        ("what =", "waht =", "waht: there is no such field"),
        ("answer a", r"answer\na", "what: write one line"),
        ("answer a", r"answer\u202ea", "what: write one line"),
        ("Polls are", r"Polls\u0007are", "state 1, sentence: write one line"),
        ("answer a", r"answer\u0007a", "what: write one line"),
        ('"under way"', "7", "state 1, phase: input should be a valid string"),
        ("[[state]]", "[state]", "it is not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_field(tmp_path, old, new, told):
    assert old in GOOD
    found = problems(write(tmp_path, GOOD.replace(old, new, 1)))
    assert any(problem.startswith("referendum.toml: ") and told in problem for problem in found), found


def test_a_kind_needs_a_state_and_may_not_have_seven(tmp_path):
    head = 'name = "a"\nwhat = "b"\n'
    assert problems(write(tmp_path, head)) == ("referendum.toml: state: it is missing",)
    seven = head + "".join(STATE.format(f"s{number}") for number in range(MAX_STATES + 1))
    (told,) = problems(write(tmp_path, seven))
    assert "referendum.toml: state: " in told
    assert "6" in told
    write(tmp_path, head + "".join(STATE.format(f"s{number}") for number in range(MAX_STATES)))
    assert len(load_kinds(tmp_path)["a"].states) == MAX_STATES


def test_every_mistake_of_every_file_is_told_at_once(tmp_path):
    write(tmp_path, GOOD.replace('phase = "decided"', 'phase = "done"'))
    write(tmp_path, GOOD.replace("what =", "waht ="), "second.toml")
    write(tmp_path, "name =", "third.toml")
    found = problems(tmp_path)
    assert [problem.partition(":")[0] for problem in found] == [
        "referendum.toml",
        *["second.toml"] * 2,
        "third.toml",
    ]


def test_two_files_with_one_name_are_a_mistake(tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "z.toml")
    assert problems(tmp_path) == ("z.toml: name: 'referendum' is also the name in referendum.toml",)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"x = " + b"[" * 9000, "it is not valid TOML"),
        (b"x = " + b"9" * 9000, "it is not valid TOML"),
        (b"\xff\xfe\x00", "it is not valid TOML"),
        (b"#" * (MAX_KIND_FILE_BYTES + 1), "it is larger than 16 KiB"),
        (b"a." * 4000 + b"a = 1", "a: there is no such field"),
        (b"name = 1979-05-27\nstate = [{}, 3]", "state 2: "),
        (b"", "name: it is missing"),
    ],
)
def test_a_hostile_file_is_told_and_ends_nothing(tmp_path, data, told):
    (tmp_path / "bad.toml").write_bytes(data)
    assert any(told in problem for problem in problems(tmp_path))


def test_a_mistake_repeats_no_long_or_invisible_text_of_a_file(tmp_path):
    long = "q" * 3000
    field = f'"\\u001b[31m{long}" = 1\n'
    write(tmp_path, field + GOOD.replace('["voting"]', f'["{long}"]'), "a\x1b[31m.toml")
    found = problems(tmp_path)
    assert len(found) == 2
    for problem in found:
        assert problem.isprintable()
        assert problem.startswith("'a\\x1b[31m.toml': ")
        assert len(problem) < 200


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    assert problems(tmp_path) == ("folder.toml: it is no file", "pipe.toml: it is no file")


def test_a_folder_with_too_many_files_is_refused_before_they_are_read(tmp_path):
    for number in range(MAX_FILES + 1):
        os.mkfifo(tmp_path / f"{number}.toml")
    with pytest.raises(ConfigError, match=f"more than {MAX_FILES} kinds"):
        load_kinds(tmp_path)


def test_a_folder_that_does_not_exist_is_told_with_its_setting(tmp_path):
    with pytest.raises(ConfigError, match=r"stories\.kinds_folder"):
        load_kinds(tmp_path / "none")


@pytest.fixture
def open_app():
    from bot.runtime import compose  # noqa: PLC0415 - the other tests need no program

    return compose.open_app


@pytest.mark.slow
async def test_the_program_reads_the_folder_that_its_configuration_names(tmp_path, open_app):
    config = Config.model_validate({"stories": {"kinds_folder": str(write(tmp_path, GOOD))}})
    async with open_app(config, archive=False) as app:
        assert "referendum" in app.kinds
    write(tmp_path, "name = 3")
    with pytest.raises(ConfigError, match=r"referendum\.toml: name: "):
        async with open_app(config, archive=False):
            pass


def test_the_example_of_the_page_is_a_kind(tmp_path):
    page = (ROOT / "docs" / "kinds.md").read_text("utf-8")
    kind = load_kinds(write(tmp_path, page.partition("```toml\n")[2].partition("```")[0]))["referendum"]
    assert len(kind.states) == 3
    assert kind.states[2].carried_by
    assert kind.impossible == {("decided", "campaign"), ("decided", "voting")}


@pytest.mark.slow
def test_the_built_package_holds_every_shipped_kind(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {
            name for name in archive.namelist() if name.startswith("bot/kinds/") and name.endswith(".toml")
        }
    assert held == {f"bot/kinds/{path.name}" for path in SHIPPED.glob("*.toml")}
