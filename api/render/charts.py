"""The chart of an answer as SVG, drawn from the columns that its question names; the table below it says the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from api.language import texts
from api.operations.asking import Asked
from api.render.table import option_labels
from queries.answer import Row
from queries.question import Chart

MOST_BARS = 40
MOST_NODES = 30
"""What a chart shows at most, the largest first; it says so when there is more."""

_COLOURS = {"absent": "#cc334d", "conflicting": "#d48700", "in-preparation": "#0066cc", "present": "#008055"}
_PLAIN = ("#0066cc", "#5c6f82", "#008055", "#7a4fbf", "#a66300", "#00778a", "#a1376e")
_INK, _LINE = "#17324d", "#c5d1dc"
_WIDTH, _LABELS, _STEP = 900, 330, 22
_MIDDLE, _RADIUS = 300, 175
_MARK = 7


def draw_chart(asked: Asked) -> str | None:
    """The chart as an SVG element; `None` when the question has none or there is nothing to draw."""
    chart = asked.question.chart
    if chart is None or not asked.answer.rows:
        return None
    return {"bars": _bars, "timeline": _timeline, "network": _network}[chart.kind](asked, chart)


def _bars(asked: Asked, chart: Chart) -> str | None:
    """One line for each label, its parts side by side."""
    parts: dict[str, Counter[str]] = {}
    for row in asked.answer.rows:
        part = row.text(chart.series) if chart.series else ""
        parts.setdefault(_name(row, chart.label), Counter())[part or ""] += int(row.text(chart.value or "") or 0)
    lines = sorted(parts.items(), key=lambda one: -one[1].total())
    names = sorted({part for _, counts in lines for part in counts})
    colours = {name: _COLOURS.get(name, _PLAIN[order % len(_PLAIN)]) for order, name in enumerate(names)}
    scale = (_WIDTH - _LABELS - 50) / max((counts.total() for _, counts in lines), default=1)
    drawn = []
    for order, (label, counts) in enumerate(lines[:MOST_BARS]):
        left, top = float(_LABELS), order * _STEP + 4
        drawn.append(_text(_LABELS - 8, top + 13, _short(label, 46), anchor="end"))
        for name in names:
            if width := counts[name] * scale:
                drawn.append(_box(left, top, width, colours[name]))
                left += width
        drawn.append(_text(left + 6, top + 13, str(counts.total())))
    legend = _legend(asked, chart, colours) if chart.series else []
    return _svg(asked, [*drawn, *_moved(legend, len(lines[:MOST_BARS]) * _STEP + 8)], len(lines), MOST_BARS)


def _timeline(asked: Asked, chart: Chart) -> str | None:
    """One line for each span of days, in the order of its end; a day alone is a mark."""
    spans: Counter[tuple[date, date, str]] = Counter()
    for row in asked.answer.rows:
        if ends := _day(row, chart.end):
            spans[_day(row, chart.begin) or ends, ends, _name(row, chart.label)] += 1
    if not spans:
        return None
    lines = sorted(spans.items(), key=lambda one: (one[0][1], one[0][0], one[0][2]))
    first = min(begin.year for begin, _, _ in spans)
    last = max(end.year for _, end, _ in spans) + 1
    origin, days = date(first, 1, 1), (date(last, 1, 1) - date(first, 1, 1)).days
    across = (_WIDTH - _LABELS - 50) / days
    bottom = min(len(lines), MOST_BARS) * _STEP + 4
    drawn = []
    for year in range(first, last + 1):
        x = _LABELS + (date(year, 1, 1) - origin).days * across
        drawn += [f'<path d="M{x:.1f} 0V{bottom}" stroke="{_LINE}"/>', _text(x + 3, bottom + 14, str(year))]
    for order, ((begin, end, label), count) in enumerate(lines[:MOST_BARS]):
        top, left = order * _STEP + 4, _LABELS + (begin - origin).days * across
        drawn.append(_text(_LABELS - 8, top + 13, _short(label, 46), anchor="end"))
        width = (end - begin).days * across
        drawn.append(_box(left, top, width, _PLAIN[0]) if width else _box(left - _MARK, top, _MARK, _PLAIN[0]))
        drawn.append(_text(_WIDTH - 44, top + 13, f"× {count}") if count > 1 else "")
    return _svg(asked, drawn, len(lines), MOST_BARS)


def _network(asked: Asked, chart: Chart) -> str | None:
    """The things on a circle, the one with most ties first; a line is as thick as the rows that tie two."""
    ties: Counter[tuple[str, str]] = Counter()
    for row in asked.answer.rows:
        first, second = sorted((_name(row, chart.label), _name(row, chart.series or "")))
        ties[first, second] += int(row.text(chart.value or "") or 1)
    weights: Counter[str] = Counter()
    for (first, second), count in ties.items():
        weights[first] += count
        weights[second] += count
    names = [name for name, _ in weights.most_common(MOST_NODES)]
    turn = {name: 2 * math.pi * order / len(names) - math.pi / 2 for order, name in enumerate(names)}
    place = {
        name: (_WIDTH / 2 + _RADIUS * math.cos(angle), _MIDDLE - 60 + _RADIUS * math.sin(angle))
        for name, angle in turn.items()
    }
    drawn = [
        f'<path d="M{place[a][0]:.1f} {place[a][1]:.1f}L{place[b][0]:.1f} {place[b][1]:.1f}" '
        f'stroke="#5c6f82" stroke-opacity=".55" stroke-width="{min(1 + 1.5 * (count - 1), 9):.1f}"/>'
        for (a, b), count in sorted(ties.items())
        if a in place and b in place
    ]
    for name, angle in turn.items():
        x, y = place[name]
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{_PLAIN[0]}"/>')
        away = 12 if math.cos(angle) >= -1e-9 else -12
        drawn.append(_text(x + away, y + 5 + 9 * math.sin(angle), _short(name, 38), "start" if away > 0 else "end"))
    return _svg(asked, drawn, len(weights), MOST_NODES, 2 * (_MIDDLE - 60))


def _legend(asked: Asked, chart: Chart, colours: Mapping[str, str]) -> list[str]:
    column = {one.name: one for one in asked.question.columns}[chart.series or ""]
    labels = option_labels(column, asked.language)
    drawn, left = [], float(_LABELS)
    for name, colour in colours.items():
        label = labels.get(name, name)
        drawn += [_box(left, 0, 14, colour), _text(left + 20, 13, label)]
        left += 40 + 8 * len(label)
    return drawn


def _moved(drawn: Sequence[str], down: int) -> list[str]:
    return [f'<g transform="translate(0 {down})">{"".join(drawn)}</g>'] if drawn else []


def _svg(asked: Asked, drawn: Sequence[str], found: int, most: int, height: int | None = None) -> str:
    """The drawing with its title for who cannot see it, and a note when it is cut."""
    words, title = texts(asked.language), escape(asked.question.title.in_language(asked.language))
    tall = height or min(found, most) * _STEP + 40
    note = _text(8, tall - 6, words("questions.chart-cut", shown=most, total=found)) if found > most else ""
    tall += 4
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {tall}" width="{_WIDTH}" height="{tall}" role="img" '
        f'aria-label="{title}" font-size="13" fill="{_INK}">{"".join(drawn)}{note}</svg>'
    )


def _box(left: float, top: float, width: float, colour: str) -> str:
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="16" fill="{colour}"/>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _name(row: Row, column: str) -> str:
    return row.text(column) or "—"


def _day(row: Row, column: str | None) -> date | None:
    text = row.text(column) if column else None
    return date.fromisoformat(text) if text else None
