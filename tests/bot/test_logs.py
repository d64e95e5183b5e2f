"""No secret and no answer text ever reaches a log."""

import pytest

from bot import logs


def test_a_text_that_is_handed_in_by_mistake_is_withheld(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", as_json=True)
    logs.log("message_failed", text="my whole answer", token="xoxb-1", message="m1")
    err = capsys.readouterr().err
    assert "m1" in err
    assert "my whole answer" not in err
    assert "xoxb-1" not in err


def test_an_exception_leaves_its_type_and_its_way_but_not_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("INFO", as_json=True)
    try:
        raise ValueError("my whole answer")
    except ValueError as error:
        logs.log("message_failed", error=error)
    err = capsys.readouterr().err
    assert "ValueError" in err
    assert "test_logs.py" in err
    assert "my whole answer" not in err
