"""The command line as a person types it, in a process of its own where that matters."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.features.answers import STRONG

ROOT = Path(__file__).parents[2]


def loopcoach(*arguments: str, input: str = "", cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=input,
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**clean, "PYTHONPATH": str(ROOT), **env},
        timeout=60,
        check=False,
    )


def test_grade_prints_a_checklist_with_the_persons_sentences() -> None:
    done = loopcoach("grade", "--question", "order-status-api", "--answer", "-", input=STRONG)
    assert done.returncode == 0
    assert "a checklist of 8 points, not a grade" in done.stdout
    assert "return the stored result and emit nothing." in done.stdout


def test_grade_speaks_json_in_the_documented_form() -> None:
    done = loopcoach("grade", "--question", "order-status-api", "--answer", "-", "--json", input=STRONG)
    value = json.loads(done.stdout)
    assert {"question", "reviewer", "points", "habits", "pitfalls", "next_probe"} <= set(value)
    assert {"id", "status", "sentences", "confidence"} == set(value["points"][0])
    assert all(sentence in STRONG for point in value["points"] for sentence in point["sentences"])


@pytest.mark.parametrize(
    ("question", "says"), [("no-such", "There is no question"), ("missing.yaml", "cannot be read"), ("broken.yaml", "not readable as YAML")]
)
def test_a_question_that_cannot_be_used_is_one_sentence(tmp_path: Path, question: str, says: str) -> None:
    (tmp_path / "broken.yaml").write_text("id: [")
    done = loopcoach("grade", "--question", question, "--answer", "-", input="words", cwd=tmp_path)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_answer_file_is_one_sentence(tmp_path: Path) -> None:
    done = loopcoach("grade", "--question", "order-status-api", "--answer", "nowhere.txt", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip() == "nowhere.txt cannot be read: No such file or directory."


def test_an_answer_in_another_encoding_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("café".encode("latin-1"))
    done = loopcoach("grade", "--question", "order-status-api", "--answer", "latin.txt", cwd=tmp_path)
    assert "not UTF-8" in done.stderr


def test_doctor_says_what_is_there_and_what_is_not(tmp_path: Path) -> None:
    done = loopcoach("doctor", cwd=tmp_path)
    assert done.returncode == 0
    assert "text match (offline)" in done.stdout
    assert "Slack: no token" in done.stdout


def test_doctor_names_bad_settings_without_a_trace(tmp_path: Path) -> None:
    done = loopcoach("doctor", cwd=tmp_path, HOST="0.0.0.0")
    assert done.returncode == 1
    assert "WEB_PASSWORD" in done.stdout
    assert "Traceback" not in done.stderr


def test_migrate_backup_and_erase(tmp_path: Path) -> None:
    assert "newest form" in loopcoach("migrate", cwd=tmp_path).stdout
    assert (tmp_path / "var/loopcoach.db").exists()
    assert loopcoach("backup", "copy.db", cwd=tmp_path).returncode == 0
    assert "exists already" in loopcoach("backup", "copy.db", cwd=tmp_path).stderr
    assert "Deleted" in loopcoach("privacy", "erase", "--yes", cwd=tmp_path).stdout
    assert not (tmp_path / "var/loopcoach.db").exists()
    assert "Nothing is stored" in loopcoach("privacy", "erase", "--yes", cwd=tmp_path).stdout
