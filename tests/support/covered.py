"""Print how much of each package the tests ran: ``python -m tests.support.covered REPORT``, of coverage's JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path


def by_package(report: dict) -> list[tuple[str, int, int]]:
    """Return each folder and module directly in ``bot`` with its statements and how many of them were run."""
    statements: Counter[str] = Counter()
    run: Counter[str] = Counter()
    for path, found in report["files"].items():
        name = "/".join(Path(path).parts[:2])
        statements[name] += found["summary"]["num_statements"]
        run[name] += found["summary"]["covered_lines"]
    return [(name, statements[name], run[name]) for name in sorted(statements)]


def main(path: str) -> None:
    """Print the table and the whole."""
    rows = by_package(json.loads(Path(path).read_text("utf-8")))
    rows.append(("whole", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    print(f"{'':<24}{'statements':>12}{'run':>8}{'share':>9}")
    for name, statements, run in rows:
        print(f"{name:<24}{statements:>12}{run:>8}{run / max(1, statements):>9.1%}")


if __name__ == "__main__":
    main(sys.argv[1])
