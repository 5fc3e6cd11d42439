"""Draws what `run.py` printed: the slowest sight of a change in each span, on both sides, and what happened meanwhile.

python bench/two_machines/plot.py bench/results/two_machines.json bench/results/two_machines.svg
"""

import json
import sys
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, MARGIN = 760, 300, 50, 40, 30, 16

COLORS = {"one": "#b3541e", "two": "#1e5fb3"}
MARKS = {"kill": "#999", "cut": "#c00", "heal": "#0a0", "upgrade": "#80c"}


def drawn(told: dict[str, Any]) -> str:
    """The picture as SVG."""
    series = {side: it["slowest_of_span"] for side, it in told["seen_ms"].items()}
    most = 1.1 * max(value for points in series.values() for _, value in points)

    def at(seconds: float, value: float) -> str:
        x = LEFT + (WIDTH - LEFT - 10) * seconds / told["seconds"]
        return f"{x:.1f},{HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / most:.1f}"

    def line(first: str, second: str, color: str, more: str = "") -> str:
        (x1, y1), (x2, y2) = first.split(","), second.split(",")
        return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{color}" {more}/>'

    def word(place: str, text: str, color: str = "#333", anchor: str = "start") -> str:
        x, y = place.split(",")
        style = f'fill="{color}" font-size="11" font-family="sans-serif" text-anchor="{anchor}"'
        return f'<text x="{x}" y="{y}" {style}>{text}</text>'

    body = [line(at(0, 0), at(told["seconds"], 0), "#333"), line(at(0, 0), at(0, most), "#333")]
    for value in (0, round(most / 2), round(most)):
        body.append(word(at(-6, value), f"{value} ms", anchor="end"))
    for minute in range(0, int(told["seconds"]) + 1, 60):
        body.append(word(at(minute, -0.07 * most), f"{minute // 60} min", anchor="middle"))
    for seconds, what in told["happened"]:
        body.append(line(at(seconds, 0), at(seconds, most), MARKS[what], 'stroke-dasharray="3 3"'))
        if what != "kill":
            body.append(word(at(seconds, most), what, MARKS[what]))
    for place, (side, points) in enumerate(series.items()):
        path = " ".join(at(seconds, value) for seconds, value in points)
        body.append(f'<polyline points="{path}" fill="none" stroke="{COLORS[side]}" stroke-width="1.5"/>')
        body.append(word(f"{LEFT + 10 + 140 * place},14", f"machine {side}", COLORS[side]))
    body.append(word(f"{LEFT + 290},14", "slowest of each 5 s; grey: kill -9"))
    wide = WIDTH + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HEIGHT}" width="{wide}" height="{HEIGHT}">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(body)}</svg>\n'
    )


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(drawn(json.loads(Path(sys.argv[1]).read_text("utf-8"))), "utf-8")
