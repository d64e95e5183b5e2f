"""Chart → PNG, with matplotlib. It is imported at the first chart: it takes a second, and many starts draw none."""

from __future__ import annotations

import io
import threading

from core.chat import Chart

COLOURS = {"covered": "#2f7d5b", "maybe": "#c08a1e", "missing": "#b5483d"}
PALETTE = ("#3b6ea8", "#2f7d5b", "#c08a1e", "#b5483d", "#7a5ea8")
_lock = threading.Lock()  # matplotlib's figure state is not thread-safe


def draw(chart: Chart) -> bytes:
    """The chart as a PNG, 1200 pixels wide at most."""
    with _lock:
        return _draw(chart)


def _draw(chart: Chart) -> bytes:
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    horizontal = chart.shape != "line"
    figure = Figure(figsize=(7.2, max(2.2, 0.55 * len(chart.labels) + 1.3) if horizontal else 3.2), dpi=150, layout="constrained")
    axes = figure.subplots()
    positions = range(len(chart.labels))
    left = [0.0] * len(chart.labels)
    for index, series in enumerate(chart.series):
        colour = COLOURS.get(series.name, PALETTE[index % len(PALETTE)])
        if chart.shape == "line":
            axes.plot(list(positions), series.values, label=series.name, color=colour, marker="o")
        elif chart.shape == "stacked":
            axes.barh(list(positions), series.values, left=left, label=series.name, color=colour, height=0.6)
            left = [sum(pair) for pair in zip(left, series.values, strict=True)]
        else:
            height = 0.8 / len(chart.series)
            axes.barh([at + index * height for at in positions], series.values, label=series.name, color=colour, height=height)
    if horizontal:
        axes.set_yticks(list(positions), list(chart.labels))
        axes.invert_yaxis()
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    else:
        axes.set_xticks(list(positions), list(chart.labels))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_title(chart.title, loc="left", fontsize=11)
    if len(chart.series) > 1:
        axes.legend(frameon=False, ncols=len(chart.series), loc="upper left", bbox_to_anchor=(0, -0.08), fontsize=9)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
