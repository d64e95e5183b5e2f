"""What the rest of the house asks the database for is something it can be asked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from adapters.database.records import KINDS

ROOT = Path(__file__).parents[3]
OPTIONS = {"order", "limit", "distinct"}


def questions() -> Iterator[tuple[str, str, str]]:
    """Every `….find(Kind, name=…)` and `….count(…)` in the core and the scheduler: where, kind, name of the column."""
    for file in (*ROOT.glob("core/**/*.py"), *ROOT.glob("scheduler/**/*.py")):
        for call in ast.walk(ast.parse(file.read_text())):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr not in ("find", "count"):
                continue
            kind = call.args[0] if call.args else None
            if not isinstance(kind, ast.Name):
                continue
            for keyword in call.keywords:
                where = f"{file.relative_to(ROOT)}:{call.lineno}"
                if keyword.arg in ("order", "distinct") and isinstance(keyword.value, ast.Constant):
                    yield where, kind.id, str(keyword.value.value).removeprefix("-")
                elif keyword.arg is not None and keyword.arg not in OPTIONS:
                    yield where, kind.id, keyword.arg


def test_every_question_names_columns() -> None:
    """The fake store takes any attribute; a feature that asks for one without a column would fail only in production."""
    columns = {kind.record.__name__: {"key", *kind.columns} for kind in KINDS.values()}
    asked = list(questions())
    assert len(asked) > 40
    assert [(where, kind, name) for where, kind, name in asked if kind in columns and name not in columns[kind]] == []
    assert {kind for _, kind, _ in asked} <= set(columns)
