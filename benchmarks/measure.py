"""Shared by the benchmarks: a figure is a list of samples; a report is a table on the screen and JSON on request."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Mapping, Sequence


def at(samples: Sequence[float], share: float) -> float:
    """The sample below which this share of them lies."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary(samples: Sequence[float]) -> dict[str, float]:
    """Median, p95, p99 and the largest."""
    return {"p50": statistics.median(samples), "p95": at(samples, 0.95), "p99": at(samples, 0.99), "max": max(samples)}


def report(title: str, rows: Mapping[str, Mapping[str, float]], notes: Sequence[str] = ()) -> None:
    """Print the rows beside each other; with `--json` as one JSON value."""
    if "--json" in sys.argv:
        print(json.dumps({"title": title, "rows": rows, "notes": list(notes)}, indent=2))
        return
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    print(f"\n{title}")
    print(f"{'':34}" + "".join(f"{name:>12}" for name in columns))
    for name, row in rows.items():
        print(f"{name:34}" + "".join(f"{row[column]:12.2f}" if column in row else f"{'':12}" for column in columns))
    for note in notes:
        print(f"  {note}")
