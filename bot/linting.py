"""`loopcoach questions lint`: files in, sentences out, with a progress bar where it takes a while."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import track

from core.errors import CoachError
from core.questions.bank import COMPETENCIES, DATA, Question, parse_questions
from core.review.lint import lint, lint_bank


def lint_path(path: Path | None) -> tuple[list[str], int]:
    """What is wrong, a sentence each, and how many questions were read."""
    questions: list[Question] = []
    problems: list[str] = []
    for file in _files(path):
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{file.name} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}.")
            continue
        found, wrong = parse_questions(text, file.name)
        questions += found
        problems += wrong
    console = Console(file=sys.stderr)
    for question in track(questions, description="Reading questions", console=console, disable=not console.is_terminal):
        problems += [f"{question.id}: {problem}" for problem in lint(question)]
    return problems + lint_bank(questions), len(questions)


def _files(path: Path | None) -> list[Path]:
    if path is None:
        return [DATA / f"{name}.yaml" for name in COMPETENCIES]
    if path.is_dir():
        return sorted(path.glob("*.yaml"))
    if path.exists():
        return [path]
    raise CoachError(f"{path} does not exist.")
