"""Draw the folders of ``bot``: how many modules each has, and which imports which, for ``docs/architecture.md``.

The tree of another commit is drawn like this, as the page shows the first edition:

    git archive COMMIT bot | tar -x -C FOLDER && python -m tests.support.generated.house FOLDER
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "```mermaid\n", "```\n"

Arrows = Mapping[str, frozenset[str]]
"""The folders that each folder imports."""


def folders(root: Path = ROOT) -> Counter[str]:
    """Return how many modules each folder in ``bot`` below ``root`` has, its subfolders' among them."""
    return Counter(
        path.relative_to(root / "bot").parts[0]
        for path in (root / "bot").rglob("*.py")
        if path.parent != root / "bot" and path.name != "__init__.py"
    )


def arrows(root: Path = ROOT) -> Arrows:
    """Return which folder imports which."""
    known = folders(root)
    found: dict[str, set[str]] = {name: set() for name in known}
    for name in known:
        for path in (root / "bot" / name).rglob("*.py"):
            imported = re.findall(r"^\s*(?:from|import) bot\.(\w+)", path.read_text("utf-8"), re.MULTILINE)
            found[name] |= known.keys() & set(imported) - {name}
    return {name: frozenset(others) for name, others in found.items()}


def drawn(found: Arrows) -> Arrows:
    """Return ``found`` without the arrows that follow from others: A to C beside A to B and B to C."""
    return {
        name: frozenset(
            other
            for other in others
            if not any(other in _behind(between, found) for between in others - {other})
        )
        for name, others in found.items()
    }


def _behind(name: str, found: Arrows) -> frozenset[str]:
    return found[name].union(*(_behind(other, found) for other in found[name]))


def picture(root: Path = ROOT) -> str:
    """Return the drawing as a block of Mermaid."""
    counted, found = folders(root), drawn(arrows(root))
    nodes = [
        f'  {name}["{name}<br>{counted[name]} module{"s" * (counted[name] > 1)}"]' for name in sorted(counted)
    ]
    lines = [f"  {name} --> {' & '.join(sorted(others))}" for name, others in sorted(found.items()) if others]
    return BEGIN + "\n".join(["flowchart TD", *nodes, *lines]) + "\n" + END


def write() -> None:
    """Put the drawing into the page, in the place of the one that is there."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(before + picture() + rest.partition(END)[2], "utf-8")


if __name__ == "__main__":
    sys.stdout.write(picture(Path(sys.argv[1]) if sys.argv[1:] else ROOT))
