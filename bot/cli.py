"""The command line: run · grade · evaluate · questions · doctor · manifest · migrate · backup · privacy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import settings as settings_module
from bot.settings import VERSION, BadSettings, Settings
from core.errors import CoachError

app = typer.Typer(
    name="loopcoach",
    help="A chat bot that gets backend engineers ready for an Amazon interview loop. Independent, not affiliated with Amazon.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
questions_app = typer.Typer(help="The question bank.", no_args_is_help=True)
privacy_app = typer.Typer(help="What is stored on this computer.", no_args_is_help=True)
app.add_typer(questions_app, name="questions")
app.add_typer(privacy_app, name="privacy")


def main() -> None:
    """Console entry. An error that is meant for a person ends in one sentence and exit code 1."""
    try:
        app()
    except BadSettings as error:
        _fail(*error.sentences)
    except CoachError as error:
        _fail(str(error))


def _fail(*sentences: str) -> NoReturn:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    raise SystemExit(1)


def _settings() -> Settings:
    return settings_module.load()


@app.command()
def run(
    open_browser: Annotated[bool | None, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the practice page.")] = None,
) -> None:
    """Start the coach: the practice page, and Slack and Discord where their tokens are set."""
    from bot.start import start

    changes = {"open_browser": open_browser, "port": port}
    settings = _settings().model_copy(update={name: value for name, value in changes.items() if value is not None})
    raise SystemExit(start(settings))


@app.command()
def migrate() -> None:
    """Bring the database to the newest form."""
    from bot.start import prepare_database

    print(prepare_database(_settings()))


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Copy the SQLite database while it is in use."""
    from adapters.database.backup import backup as copy

    settings = _settings()
    if not settings.database_url.startswith("sqlite"):
        _fail("This database is PostgreSQL; pg_dump makes its backup.")
    if target.exists():
        _fail(f"{target} exists already; choose another name.")
    copy(settings.database_url, target)
    print(f"Copied to {target}, {target.stat().st_size:,} bytes.")


@app.command()
def doctor(part: Annotated[str, typer.Argument(help="all, page, slack, discord or model.")] = "all") -> None:
    """Say what is configured, what is missing, and what to do."""
    from bot.doctor import examine

    raise SystemExit(examine(part))


@app.command()
def manifest(
    platform: Annotated[str, typer.Argument(help="slack.")] = "slack",
    prefix: Annotated[str, typer.Option(help="Before every command, where another app has the names: lc- makes /lc-mock.")] = "",
    http: Annotated[str | None, typer.Option(help="Our public address, for HTTP instead of Socket Mode.")] = None,
    socket: Annotated[bool, typer.Option("--socket", help="Socket Mode, which needs no public address; as without any option.")] = False,
) -> None:
    """Print what Slack has to be told of the app, and the link that tells it."""
    from bot.manifests import slack

    if platform != "slack":
        _fail(f"There is no manifest for {platform!r}. Choose: slack.")
    if socket and http:
        _fail("Choose one of --socket and --http.")
    made, link = slack(prefix, http)
    print(made)
    print(link, file=sys.stderr)


@app.command()
def grade(
    question: Annotated[str, typer.Option(help="A question's id, or a YAML file of one question.")],
    answer: Annotated[str, typer.Option(help="A file with the answer, or - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Review one answer by text match: a checklist with evidence, no grade."""
    from bot.grading import grade_answer, shown

    result = grade_answer(question, _read(answer))
    print(result.as_json() if as_json else shown(result))


@app.command()
def evaluate(
    reviewer: Annotated[str, typer.Option(help="text, or model: the one that is configured.")] = "text",
    question: Annotated[list[str] | None, typer.Option(help="Only this question; several times for several.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Measure a reviewer over the bank's exemplars and anti sentences: precision, recall, kappa, cost."""
    import asyncio

    from bot.clock import SystemClock
    from bot.evaluating import evaluate as measure
    from bot.seating import model_of
    from core.panel import TextMatch
    from core.ports import Reviewer
    from core.questions.bank import load

    bank = load()
    chosen = [found for id in question or [] if (found := bank.find(id))] if question else list(bank.questions)
    if question and len(chosen) < len(question):
        _fail("There is no question with that id. loopcoach questions list shows them all.")
    if reviewer not in ("text", "model"):
        _fail(f"There is no reviewer {reviewer!r}. Choose: text, model.")
    asked: Reviewer = TextMatch(bank)
    if reviewer == "model":
        settings = _settings()
        if not settings.model:
            _fail("No model is configured: set OPENAI_MODEL with OPENAI_API_KEY or OPENAI_BASE_URL; loopcoach doctor model says more.")
        asked = model_of(settings, bank, SystemClock())
    tally = asyncio.run(measure(asked, asked.name, chosen))
    print(tally.as_json() if as_json else tally.shown())


def _read(source: str) -> str:
    try:
        if source == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        return Path(source).read_text(encoding="utf-8-sig")
    except OSError as error:
        _fail(f"{source} cannot be read: {error.strerror or 'no such file'}.")
    except UnicodeDecodeError:
        _fail(f"{source} is not UTF-8 text.")


@questions_app.command("lint")
def lint(path: Annotated[Path | None, typer.Argument(help="A YAML file or a folder of them; the bank where left out.")] = None) -> None:
    """Hold the question format: every exemplar found for its own point, no anti covered, no near-duplicates."""
    from bot.linting import lint_path

    problems, count = lint_path(path)
    for problem in problems:
        print(problem)
    print(f"{count} question{'s' * (count != 1)}, {len(problems)} problem{'s' * (len(problems) != 1)}.")
    raise SystemExit(1 if problems else 0)


@questions_app.command("list")
def list_questions() -> None:
    """The bank, a line each."""
    from core.questions.bank import load

    bank = load()
    for question in bank.questions:
        print(f"{question.id:32} {question.competency:12} {','.join(question.levels):16} {question.title}")
    for problem in bank.problems:
        print(f"left out: {problem}")


@privacy_app.command("erase")
def erase(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete everything that is stored on this computer: the whole database."""
    from adapters.database.url import sqlite_file

    path = sqlite_file(_settings().database_url)
    if path is None:
        _fail("This database is PostgreSQL; each person erases their own with /privacy erase.")
    files = [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]
    if not files:
        print("Nothing is stored here.")
        return
    if not yes and not typer.confirm(f"Delete {path} and everything in it? This cannot be undone."):
        print("Nothing was deleted.")
        return
    from adapters.database.lock import FileLock

    lock = FileLock(path)
    for file in files:
        file.unlink(missing_ok=True)
    lock.release()
    print(f"Deleted {path}.")


@app.command()
def commands() -> None:
    """Every command, as the page docs/commands.md."""
    from bot.reference import commands_page

    print(commands_page())


@app.command()
def version() -> None:
    """Which Loopcoach this is."""
    print(VERSION)


if __name__ == "__main__":
    main()
