"""What the benchmarks import from the program is there: nothing else notices where a name changes."""

from __future__ import annotations

import ast
import json
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.recorded import recorded_model
from bot.errors import ModelError
from bot.model.record_key import record_key
from bot.model.scope import SHARED
from tests.llm.asked import request

pytestmark = pytest.mark.slow
BENCHMARKS = sorted((Path(__file__).parents[1] / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_every_name_that_a_benchmark_imports_exists(path):
    tree = ast.parse(path.read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if (node.module or "").split(".")[0] in {"bot", "tests"}]
    missing = [
        f"{node.module}.{alias.name}"
        for node in ours
        for alias in node.names
        if not hasattr(import_module(node.module), alias.name)
        and not find_spec(f"{node.module}.{alias.name}")
    ]
    assert missing == []


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
