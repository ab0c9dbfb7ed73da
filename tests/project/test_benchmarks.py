"""What the benchmarks import from the program is there: nothing else notices where a name changes."""

from __future__ import annotations

import ast
import json
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.__main__ import MODULES
from benchmarks.recording.recorded import recorded_model
from benchmarks.recording.rekey import Asked, move, moves
from bot.errors import ModelError
from bot.model.record_key import record_key
from bot.model.scope import SHARED
from tests.llm.asked import request

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parents[2] / "benchmarks"
BENCHMARKS = sorted(FOLDER.rglob("*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_every_name_that_a_benchmark_imports_exists(path):
    tree = ast.parse(path.read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if (node.module or "").split(".")[0] in {"benchmarks", "bot", "tests"}]
    missing = [
        f"{node.module}.{alias.name}"
        for node in ours
        for alias in node.names
        if not hasattr(import_module(node.module), alias.name)
        and not find_spec(f"{node.module}.{alias.name}")
    ]
    assert missing == []


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_every_benchmark_that_can_be_named_is_there(module):
    assert find_spec(module)


def test_a_reply_is_kept_under_the_key_that_asks_for_the_same_now():
    def asked(*keys):
        return [Asked(story, "update" if key[0] == "u" else "repair", key) for story, key in keys]

    before = asked(("a", "u1"), ("a", "r1"), ("a", "u2"), ("b", "u3"), ("b", "u3"))
    after = asked(("a", "u1"), ("a", "u9"), ("a", "r9"), ("b", "u8"), ("b", "u7"), ("c", "u6"))
    assert list(moves(before, after, ["u1", "r1", "u2", "u3"])) == [("u2", "u9"), ("r1", "r9"), ("u3", "u8")]
    assert list(moves(before, before, ["u1", "r1", "u2", "u3"])) == []
    assert list(moves(before, after, ["u1"])) == []  # what had no reply has none now


def test_a_moved_reply_is_a_copy_and_one_that_names_known_facts_is_to_be_read(tmp_path):
    (tmp_path / "u1.json").write_text('{"facts": ["1 | | | | =F2 | 3"]}', "utf-8")
    lines = list(move([Asked("a", "update", "u1")], [Asked("a", "update", "u2")], tmp_path))
    assert lines == ["u1 -> u2 names known facts: read it"]
    assert (tmp_path / "u2.json").read_text("utf-8") == (tmp_path / "u1.json").read_text("utf-8")


async def test_a_prompt_without_a_reply_is_written_and_what_is_answered_there_is_recorded(tmp_path):
    replies, unanswered = tmp_path / "replies", tmp_path / "unanswered"
    replies.mkdir()
    key = record_key(version=1, scope=SHARED, articles=("a",), known=())
    asked = request(record_key=key, user="How many cities?")
    with pytest.raises(ModelError):
        await recorded_model(replies, str(unanswered)).complete(asked)
    assert "How many cities?" in (unanswered / f"{key}.prompt.txt").read_text()
    reply = dict.fromkeys(asked.schema["properties"], "Zwölf")
    (unanswered / f"{key}.reply.json").write_text(json.dumps(reply))
    await recorded_model(replies, str(unanswered)).complete(asked)
    assert (await recorded_model(replies, "").complete(asked)).data == reply
