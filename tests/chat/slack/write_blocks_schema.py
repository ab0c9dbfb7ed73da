"""Write ``blocks.schema.json`` from Slack's own types; needs npm and the network: ``python -m tests.chat.slack.write_blocks_schema``.

``@slack/types`` describes blocks and views for TypeScript; here they are as a JSON Schema, without its prose.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

TYPES = "@slack/types@3.2.0"
TOOLS = (TYPES, "typescript@5", "ts-json-schema-generator@2")
SOURCE = """import { KnownBlock, View } from "@slack/types";
export interface Everything { blocks: KnownBlock[]; view: View }
"""
SCHEMA = Path(__file__).parent / "blocks.schema.json"


def write() -> None:
    """Generate the schema in an empty folder and keep it, one definition a line."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in.ts").write_text(SOURCE)
        options = ("--silent", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts")
        subprocess.run(["npm", "install", *options, *TOOLS], cwd=folder, check=True)
        made = subprocess.run(
            [
                *"npx ts-json-schema-generator --path in.ts --type Everything --no-type-check --jsDoc none".split()
            ],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
    definitions = json.loads(made.stdout)["definitions"]
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(definitions[name])}" for name in sorted(definitions))
    title = json.dumps(f"Slack's blocks and views, from the types of {TYPES}")
    draft = json.dumps("http://json-schema.org/draft-07/schema#")
    SCHEMA.write_text(f'{{"$schema": {draft}, "title": {title}, "definitions": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    write()
