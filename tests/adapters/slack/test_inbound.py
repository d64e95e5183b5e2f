"""Recorded payloads → what was meant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack.heard import Heard, HomeOpened, Me, Stopped
from adapters.slack.inbound import author, event, meant
from adapters.slack.interactions import command, press, shortcut, submission, within
from adapters.slack.listening import may_concern
from core.chat import Kind, Place
from core.errors import CoachError, NotUnderstood
from tests.adapters.slack import payloads
from tests.adapters.slack.payloads import ADA, BOB, BOT, CHANNEL, DM, TEAM

ME = Me(TEAM, BOT, "B0BOT")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROOM = Place(platform="slack", space=TEAM, channel=CHANNEL)
OWN = Place.dm("slack", TEAM, ADA)
THREAD = "1770999999.000001"


def heard(body: dict[str, Any], live: bool = False) -> Heard | None:
    found = event(body, ME)
    assert found is None or isinstance(found, Heard)
    return meant(found, live) if found and may_concern(found, ME) else None


def there(found: Heard | None) -> Heard:
    assert found is not None
    return found


# --- texts -----------------------------------------------------------------------------------------------------------


def test_a_direct_message_is_the_root_of_its_own_thread() -> None:
    said = there(heard(payloads.message("I would use a queue &amp; a cache", channel=DM)))
    assert (said.kind, said.place) == (Kind.DIRECT, OWN.at("1771000000.000100"))
    assert said.text == "I would use a queue & a cache"
    assert said.id == f"slack:{TEAM}:{DM}:1771000000.000100"
    assert said.sent_at == datetime.fromtimestamp(1771000000.0001, UTC)


def test_a_bare_word_is_a_command_in_direct_messages_and_a_sentence_is_not() -> None:
    said = there(heard(payloads.message("mock minutes:5", channel=DM)))
    assert (said.kind, said.call) == (Kind.COMMAND, ("mock", {"minutes": "5"}))
    assert there(heard(payloads.message("question everything you are told", channel=DM))).kind is Kind.DIRECT


def test_channel_chatter_is_never_ours() -> None:
    assert heard(payloads.message("lunch?")) is None
    assert heard(payloads.message("lunch?", thread_ts=THREAD)) is None
    assert heard(payloads.message("lunch?", thread_ts=THREAD, parent_user_id=BOB), live=True) is None


def test_what_is_said_in_a_live_thread_is_ours() -> None:
    said = there(heard(payloads.message("I would shard it", thread_ts=THREAD, parent_user_id=BOT), live=True))
    assert (said.kind, said.place, said.call) == (Kind.AMBIENT, ROOM.at(THREAD), None)


@pytest.mark.parametrize("word", ["done", "Hint", "skip.", "end!"])
def test_a_lone_word_counts_in_a_live_thread(word: str) -> None:
    said = there(heard(payloads.message(word, thread_ts=THREAD), live=True))
    assert said.call == (word.lower().strip(".!"), {})
    assert there(heard(payloads.message("done with the cache now", thread_ts=THREAD), live=True)).call is None


def test_a_mention_and_its_message_are_one() -> None:
    text = f"<@{BOT}> is the tax call needed for gift cards?"
    first, second = there(heard(payloads.message(text))), there(heard(payloads.mention(text)))
    assert (first.id, first.kind, first.text, first.place) == (second.id, second.kind, second.text, second.place)
    assert first.kind is Kind.MENTION
    assert first.text == "@loopcoach is the tax call needed for gift cards?"


def test_a_lone_word_said_to_us_by_name_counts_in_a_mock() -> None:
    assert there(heard(payloads.mention(f"<@{BOT}> hint", thread_ts=THREAD), live=True)).call == ("hint", {})


def test_what_slack_made_of_the_text_is_undone() -> None:
    raw = "see <https://example.org/a?b=1|example.org> and <#C1|general>, <@U9|bob>, <!here>, a &lt; b &amp;&amp; c"
    assert there(heard(payloads.message(raw, channel=DM))).text == "see example.org and #general, @bob, @here, a < b && c"


def test_a_reply_that_is_shown_in_the_channel_too_is_a_reply() -> None:
    body = payloads.message("shard it", thread_ts=THREAD, subtype="thread_broadcast", root={"user": BOT, "ts": THREAD})
    assert there(heard(body, live=True)).place == ROOM.at(THREAD)


def test_a_file_comes_along_by_its_id_and_never_by_an_address() -> None:
    file = {"id": "F1", "name": "answer.txt", "mimetype": "text/plain", "size": 12, "url_private": "https://evil.example/x"}
    said = there(heard(payloads.message("", channel=DM, subtype="file_share", files=[file])))
    assert [(item.name, item.mime, item.size, item.url) for item in said.attachments] == [
        ("answer.txt", "text/plain", 12, f"slack://{TEAM}/F1")
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B0OTHER", "user": "U0OTHER"},
        {"user": BOT},
        {"subtype": "bot_message", "bot_id": "B1", "user": None},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": "message_replied"},
        {"user": "USLACKBOT"},
    ],
)
def test_ourselves_other_bots_and_noise_are_nobody(more: dict[str, Any]) -> None:
    assert heard(payloads.message("hello", channel=DM, **more), live=True) is None


def test_an_edit_counts_in_a_live_thread_and_names_the_first_text() -> None:
    said = there(heard(payloads.changed("other words"), live=True))
    assert (said.kind, said.text, said.about) == (Kind.EDITED, "other words", f"slack:{TEAM}:{CHANNEL}:1771000000.000100")
    assert said.id == f"slack:{TEAM}:Ev08CHANGED"
    assert heard(payloads.changed("other words")) is None


def test_an_unfurled_link_is_no_edit() -> None:
    assert heard(payloads.changed("hello", edited=False), live=True) is None
    assert heard(payloads.changed("hello", before="hello"), live=True) is None


def test_a_deletion_names_the_first_text_and_says_nothing() -> None:
    said = there(heard(payloads.deleted(), live=True))
    assert (said.kind, said.text, said.about) == (Kind.DELETED, "", f"slack:{TEAM}:{CHANNEL}:1771000000.000100")
    gone = payloads.changed("This message was deleted.", subtype="tombstone", user="USLACKBOT", edited=False)
    assert there(heard(gone, live=True)).kind is Kind.DELETED


# --- what happens to us ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "word", "channel"),
    [
        ({"type": "app_uninstalled"}, "removed", "workspace"),
        ({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT]}}, "removed", "workspace"),
        ({"type": "member_joined_channel", "user": BOT, "channel": CHANNEL, "channel_type": "C", "team": TEAM}, "joined", CHANNEL),
        ({"type": "channel_archive", "channel": CHANNEL, "user": ADA}, "closed", CHANNEL),
        ({"type": "channel_deleted", "channel": CHANNEL}, "closed", CHANNEL),
        ({"type": "member_left_channel", "user": BOT, "channel": CHANNEL}, "closed", CHANNEL),
    ],
)
def test_a_workspaces_life(inner: dict[str, Any], word: str, channel: str) -> None:
    said = there(event(payloads.event(inner), ME))  # type: ignore[arg-type]
    assert (said.kind, said.text, said.place.channel) == (Kind.LIFECYCLE, word, channel)
    message = said.message(author(said, "", None, False))
    assert message.author.id == "loopcoach"
    assert message.id == f"slack:{TEAM}:Ev08MFMKH6"


@pytest.mark.parametrize(
    "inner",
    [
        {"type": "member_joined_channel", "user": ADA, "channel": CHANNEL},
        {"type": "tokens_revoked", "tokens": {"oauth": [ADA]}},
        {"type": "reaction_added", "user": ADA, "reaction": "eyes", "item": {"type": "message", "channel": CHANNEL, "ts": "1.1"}},
        {"type": "something_new", "whatever": 1},
        {},
    ],
)
def test_what_does_not_concern_us_is_nothing(inner: dict[str, Any]) -> None:
    assert event(payloads.event(inner), ME) is None


def test_a_home_and_the_messages_are_opened() -> None:
    opened = event(payloads.event({"type": "app_home_opened", "user": ADA, "channel": DM, "tab": "home", "event_ts": "1.2"}), ME)
    assert isinstance(opened, HomeOpened)
    assert (opened.user, opened.tab, opened.channel) == (ADA, "home", DM)


def test_slacks_stop_button_pauses_in_its_thread() -> None:
    inner = {
        "type": "agent_session_stopped",
        "user": ADA,
        "channel": DM,
        "thread_ts": THREAD,
        "streaming_message_ts": [],
        "event_ts": "1.2",
    }
    stopped = event(payloads.event(inner), ME)
    assert isinstance(stopped, Stopped)
    assert (stopped.heard.call, stopped.heard.place) == (("pause", {}), OWN.at(THREAD))


# --- commands, presses, forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "text", "call"),
    [
        ("/mock", "api 15 open", ("mock", {"round": "api_data", "minutes": "15", "where": "open"})),
        ("/lc-mock", "minutes:5", ("mock", {"minutes": "5"})),
        ("/coach", "mock 5", ("mock", {"minutes": "5"})),
        ("/coach", "", ("coach", {})),
        ("/drill", "setup", ("drill", {"action": "setup"})),
        ("/coach", "what now?", ("coach", {"text": "what now?"})),
        ("/review", "I &lt;3 queues", ("review", {"text": "I <3 queues"})),
    ],
)
def test_slash_commands(given: str, text: str, call: tuple[str, dict[str, str]]) -> None:
    said = command(payloads.slash(given, text), NOW)
    assert (said.kind, said.call, said.place, said.handle) == (Kind.COMMAND, call, ROOM, "https://hooks.slack.com/commands/T024BE7LD/1/abc")
    assert said.id == f"slack:{TEAM}:13345224609.738474920.8088930838d88f008e0"


def test_a_slash_command_in_any_direct_messages_is_said_to_us_alone() -> None:
    assert command(payloads.slash("/progress", channel=DM), NOW).place == OWN


def test_a_command_that_is_none_is_answered() -> None:
    with pytest.raises(NotUnderstood, match="/coach help"):
        command(payloads.slash("/weather"), NOW)


def test_a_press_is_its_line() -> None:
    said = there(press(payloads.pressed("answer daily:abc")))
    assert said.call == ("answer", {"daily": "abc"})
    assert (said.place, said.root) == (ROOM, "1771000000.000200")
    assert said.about == f"slack:{TEAM}:{CHANNEL}:1771000000.000200"
    assert said.handle == "https://hooks.slack.com/actions/T024BE7LD/2/def"
    assert within(said, "1771000000.000200").place == ROOM.at("1771000000.000200")


def test_a_press_in_a_thread_is_made_there() -> None:
    body = payloads.pressed("done m1 2")
    body["message"]["thread_ts"] = THREAD
    said = there(press(body))
    assert (said.place, said.root) == (ROOM.at(THREAD), None)


def test_a_press_in_direct_messages_is_answered_below_its_message() -> None:
    said = there(press(payloads.pressed("done m1 2", channel=DM)))
    assert (said.place, said.handle) == (OWN.at("1771000000.000200"), None)


def test_a_press_on_a_passing_message_hangs_on_nothing() -> None:
    box = {"type": "message", "message_ts": "1771000000.000300", "channel_id": DM, "is_ephemeral": True}
    said = there(press(payloads.pressed("guide screens", channel=DM, container=box, message=None)))
    assert (said.place, said.handle) == (OWN, "https://hooks.slack.com/actions/T024BE7LD/2/def")


def test_a_menu_and_a_rating_are_lines_too() -> None:
    body = payloads.pressed("")
    option = {"text": {"type": "plain_text", "text": "At lunch"}, "value": "remind lunch"}
    body["actions"] = [{"type": "static_select", "action_id": "press-3", "selected_option": option, "action_ts": "1771000100.1"}]
    assert there(press(body)).call == ("remind", {"at": "lunch"})
    body["actions"] = [{"type": "feedback_buttons", "action_id": "press-9", "value": "rate a1 no", "action_ts": "1771000100.1"}]
    assert there(press(body)).call == ("rate", {"id": "a1", "useful": "no"})


def test_a_press_on_the_home_is_said_to_us_alone() -> None:
    body = payloads.pressed("progress all", container={"type": "view", "view_id": "V1"}, message=None, view={"id": "V1", "type": "home"})
    del body["channel"], body["response_url"]
    said = there(press(body))
    assert (said.place, said.handle, said.view) == (OWN, None, None)


def test_a_button_of_another_version_is_said_to_be_one() -> None:
    with pytest.raises(NotUnderstood, match="another version"):
        press(payloads.pressed("frobnicate 1"))
    with pytest.raises(NotUnderstood, match="another version"):
        press(payloads.pressed("reveal abc"))  # a timer's line is nobody's to press


def test_coach_me_on_this_reviews_ones_own_words() -> None:
    said = shortcut(payloads.shortcut("I would &lt;bound&gt; the wait.", thread_ts=THREAD))
    assert said.call == ("review", {"text": "I would <bound> the wait."})
    assert said.place == ROOM.at(THREAD)
    assert shortcut(payloads.shortcut("  ")).call == ("review", {})
    with pytest.raises(CoachError, match="somebody else"):
        shortcut(payloads.shortcut("Not mine.", by=BOB))


def test_a_filled_form_has_its_fields_and_is_the_same_however_often_it_comes() -> None:
    body = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": ADA, "name": "ada"}, "view": {"id": "V1", "hash": "156.x"}}
    made = [submission(body, "answer q1", ROOM, {"text": "My <b>answer</b>"}, NOW, about="x", handle=None) for _ in range(2)]
    assert made[0].call == ("answer", {"question": "q1", "text": "My <b>answer</b>"})
    assert made[0].id == made[1].id


def test_whoever_speaks_has_a_name_a_zone_and_rights() -> None:
    said = there(heard(payloads.message("hi", channel=DM)))
    person = author(said, "Ada", "Europe/Berlin", True)
    assert (person.key, person.id, person.name, person.zone, person.may_manage) == (
        f"slack:{TEAM}:{ADA}",
        ADA,
        "Ada",
        "Europe/Berlin",
        True,
    )
    assert author(said, "", None, False).name == ADA
