"""Draw the dashboard of Grafana from its own queries: ``python -m benchmarks.dashboard PROMETHEUS PICTURE [CHROMIUM]``.

PROMETHEUS is the address of a server that holds the metrics; the time shown is that of its samples. A stand-in for
Grafana where there is none: panels at their places, titles, legends, units and thresholds as the file has them.
"""

from __future__ import annotations

import html
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
COLUMN, ROW, GAP = 60, 34, 6  # pixels of Grafana's grid
STEPS = 240
COLOURS = ("#7eb26d", "#eab839", "#6ed0e0", "#ef843c", "#e24d42", "#1f78c1", "#ba43a9", "#705da0")
NAMED = {"green": "#3f8f3f", "orange": "#c77700", "red": "#b3302a", "blue": "#2b6cb0"}
Series = tuple[str, list[tuple[float, float]]]


class Prometheus:
    """What a server answers."""

    def __init__(self, address: str) -> None:
        self.address = address
        ends = [self._get("query", query=f"{fold}_over_time(timestamp(wirebrief_build_info)[10y:1h])", time=datetime.now(UTC).timestamp()) for fold in ("min", "max")]  # fmt: skip
        self.begin, self.end = (float(found[0]["value"][1]) for found in ends)

    def over_time(self, query: str) -> list[dict[str, Any]]:
        """Return the series of ``query`` over the whole time."""
        step = (self.end - self.begin) / STEPS
        return self._get("query_range", query=query, start=self.begin, end=self.end, step=step)

    def at_end(self, query: str) -> list[dict[str, Any]]:
        """Return the series of ``query`` at the end."""
        return self._get("query", query=query, time=self.end)

    def _get(self, what: str, **values: object) -> list[dict[str, Any]]:
        address = f"{self.address}/api/v1/{what}?{urllib.parse.urlencode(values)}"
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - named on the command line
            found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        return found


def legend(target: dict[str, Any], labels: dict[str, str]) -> str:
    """Return what a series is called."""
    text: str = target["legendFormat"]
    for key, value in labels.items():
        text = text.replace(f"{{{{{key}}}}}", value)
    return text or ", ".join(value for key, value in labels.items() if key != "__name__")


def shown(value: float, unit: str) -> str:
    """Return a value with its unit."""
    if unit == "percentunit":
        return f"{100 * value:.0f} %"
    if unit == "s":
        return (
            f"{value / 3600:.1f} h"
            if value >= 3600
            else f"{value / 60:.0f} min"
            if value >= 120
            else f"{value:.3g} s"
        )
    return f"{value:,.4g}"


def stat(panel: dict[str, Any], server: Prometheus) -> str:
    """Return a number on the colour of its threshold."""
    (target,) = panel["targets"]
    found = server.at_end(target["expr"].replace("$job", "wirebrief"))
    defaults = panel["fieldConfig"]["defaults"]
    value = float(found[0]["value"][1]) if found else 0.0
    steps = [one for one in defaults["thresholds"]["steps"] if one["value"] is None or value >= one["value"]]
    named = panel["options"]["textMode"] == "name" and found
    text = legend(target, found[0]["metric"]) if named else shown(value, defaults["unit"])
    size = 22 if named else 42
    return f'<div class="stat" style="background:{NAMED[steps[-1]["color"]]};font-size:{size}px">{html.escape(text)}</div>'


def table(panel: dict[str, Any], server: Prometheus) -> str:
    """Return the rows that there were at any time, with their largest value."""
    (target,) = panel["targets"]
    found = server.over_time(target["expr"].replace("$job", "wirebrief"))
    rows = "".join(
        f"<tr><td>{html.escape(legend(target, one['metric']))}</td><td>{max(float(v) for _, v in one['values']):.0f}</td></tr>"
        for one in found
    )
    return f"<table><tr><th>Feed</th><th>Failures in a row (most)</th></tr>{rows}</table>"


def lines(panel: dict[str, Any], server: Prometheus, *, width: int, height: int) -> str:
    """Return the series as lines over time."""
    found: list[Series] = []
    for target in panel["targets"]:
        for one in server.over_time(target["expr"].replace("$job", "wirebrief")):
            points = [(float(t), float(v)) for t, v in one["values"] if v != "NaN"]
            if points:
                found.append((legend(target, one["metric"]), points))
    top = max((value for _, points in found for _, value in points), default=0.0) or 1.0
    left, bottom, plot = 52, height - 44, height - 56
    span = server.end - server.begin
    unit = panel["fieldConfig"]["defaults"]["unit"]
    drawn = []
    for share in (0.0, 0.5, 1.0):
        y = bottom - share * plot
        drawn.append(f'<line x1="{left}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#333"/>')
        drawn.append(
            f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{shown(share * top, unit)}</text>'
        )
    for hour in range(0, int(span // 3600) + 1, 4):
        x = left + hour * 3600 / span * (width - left)
        at = datetime.fromtimestamp(server.begin + hour * 3600, UTC)
        drawn.append(f'<text x="{x:.1f}" y="{bottom + 16}">{at:%H:%M}</text>')
    for number, (_, points) in enumerate(found):
        path = " ".join(
            f"{'M' if n == 0 or t - points[n - 1][0] > 2 * span / STEPS else 'L'}{left + (t - server.begin) / span * (width - left):.1f},{bottom - v / top * plot:.1f}"
            for n, (t, v) in enumerate(points)
        )
        drawn.append(
            f'<path d="{path}" fill="none" stroke="{COLOURS[number % len(COLOURS)]}" stroke-width="1.6"/>'
        )
    names = "".join(
        f'<tspan fill="{COLOURS[number % len(COLOURS)]}">■</tspan> {html.escape(name)}  '
        for number, (name, _) in enumerate(found[:6])
    )
    drawn.append(f'<text x="{left}" y="{height - 8}">{names}</text>')
    return f'<svg width="{width}" height="{height}">{"".join(drawn)}</svg>'


def page(panels: Sequence[dict[str, Any]], server: Prometheus) -> tuple[str, int]:
    """Return the page, and how high it is."""
    boxes, end = [], 0
    for panel in panels:
        at = panel["gridPos"]
        x, y, width, height = at["x"] * COLUMN, at["y"] * ROW, at["w"] * COLUMN - GAP, at["h"] * ROW - GAP
        end = max(end, y + height)
        if panel["type"] == "row":
            boxes.append(f'<h2 style="left:{x}px;top:{y}px">{html.escape(panel["title"])}</h2>')
            continue
        kinds = {"stat": stat, "table": table}
        body = (
            kinds[panel["type"]](panel, server)
            if panel["type"] in kinds
            else lines(panel, server, width=width - 16, height=height - 34)
        )
        boxes.append(
            f'<section style="left:{x}px;top:{y}px;width:{width}px;height:{height}px"><h3>{html.escape(panel["title"])}</h3>{body}</section>'
        )
    style = (
        "body{margin:12px;background:#111217;color:#ccccdc;font:12px sans-serif;position:relative}"
        "section{position:absolute;background:#181b1f;border:1px solid #2c3235;overflow:hidden;box-sizing:border-box;padding:6px 8px}"
        "h2{position:absolute;margin:8px 0 0;font-size:15px}h3{margin:0 0 4px;font-size:13px;font-weight:500}"
        ".stat{height:calc(100% - 22px);display:flex;align-items:center;justify-content:center;color:#fff;font-weight:600}"
        "svg text{fill:#9fa7b3;font-size:11px}table{width:100%}td,th{text-align:left;padding:3px}"
    )
    return f"<!doctype html><meta charset=utf-8><style>{style}</style><body>{''.join(boxes)}", end


def main(address: str, picture: str, chromium: str = "") -> None:
    """Write the picture."""
    panels = json.loads((ROOT / "config/grafana/wirebrief.json").read_text("utf-8"))["panels"]
    text, height = page(panels, Prometheus(address))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dashboard.html"
        file.write_text(text, "utf-8")
        program = chromium or shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
        options = (
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            f"--window-size={24 * COLUMN + 24},{height + 24}",
        )
        subprocess.run([program, *options, f"--screenshot={Path(picture).absolute()}", file.as_uri()], check=True, capture_output=True)  # fmt: skip
    print(f"Written: {picture}")


if __name__ == "__main__":
    main(*sys.argv[1:])
