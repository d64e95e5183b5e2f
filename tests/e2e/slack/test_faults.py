"""Never twice, never lost: what goes wrong between Slack and the bot, and what a person notices of it."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import closing

import aiohttp
import pytest

from tests.e2e.slack.conftest import Slackcoach, noted, said, whole
from tests.fakes.slack.server import FakeSlack

pytestmark = [pytest.mark.asyncio, pytest.mark.e2e]


async def test_an_event_that_comes_again_is_handled_once(slack: FakeSlack, bot: Slackcoach) -> None:
    slack.faults.lose_ack()
    slack.timing.ack = 0.3
    await slack.user("ada").says("dm", "help")
    await said(slack, "@ada", "Commands")
    await slack.wait_for(lambda: slack.deliveries("message")[0].acked)
    slack.faults.twin()
    await slack.user("bob").says("dm", "help")
    await said(slack, "@bob", "Commands")
    await slack.settled(0.3)
    assert (len(slack.bot_messages("@ada")), len(slack.bot_messages("@bob"))) == (1, 1)


async def test_a_message_and_its_mention_are_one(slack: FakeSlack, bot: Slackcoach) -> None:
    await slack.user("ada").says("general", f"<@{slack.bot.id}> hello there")
    await noted(slack, "ada", "Or type a command")
    await slack.settled(0.3)
    assert len(slack.ephemerals("ada")) == 1
    assert len(slack.deliveries("message")) == len(slack.deliveries("app_mention")) == 1


async def test_channel_chatter_is_acknowledged_and_never_kept(slack: FakeSlack, bot: Slackcoach) -> None:
    root = await slack.user("ada").says("general", "a secret about lunch")
    await slack.user("bob").says("general", "another secret", root.ts)
    slack.other_bot_says("general", "a third secret")
    await slack.user("bob").reacts(root, "eyes")
    await slack.wait_for(lambda: all(delivery.acked for delivery in slack.deliveries("message")) and len(slack.deliveries("message")) == 3)
    assert not bot.rows("SELECT 1 FROM inbox WHERE body LIKE '%secret%'")
    assert b"secret" not in bot.database.read_bytes()


async def test_uncertain_posts_are_looked_up_and_stand_there_once(slack: FakeSlack, bot: Slackcoach) -> None:
    slack.faults.drop("chat.postMessage", after=True)
    await slack.user("ada").says("dm", "help")
    await slack.wait_for(lambda: slack.calls("chat.postMessage"))
    slack.faults.error("chat.postMessage", "fatal_error", after=True)
    await slack.user("bob").says("dm", "help")
    await slack.wait_for(lambda: len(slack.calls("chat.postMessage")) == 2)
    slack.faults.server_error("chat.postMessage", after=False)
    await slack.user("cyd").says("dm", "help")
    await said(slack, "@cyd", "Commands", timeout=30)
    await slack.wait_for(lambda: len(slack.calls("conversations.replies")) >= 3, timeout=10)
    await slack.settled(0.5)
    assert [len(slack.bot_messages(f"@{who}")) for who in ("ada", "bob", "cyd")] == [1, 1, 1]


async def test_patience_that_slack_asks_for_is_given(slack: FakeSlack, bot: Slackcoach) -> None:
    slack.faults.rate_limited("chat.postMessage", retry_after=2)
    await slack.user("ada").says("dm", "help")
    await said(slack, "@ada", "Commands")
    first, second = slack.calls("chat.postMessage")
    assert second.at - first.at >= 2


async def test_one_message_a_second_is_paced_and_not_discovered(slack: FakeSlack, socket_bot: Slackcoach) -> None:
    slack.limits.post_burst = 1
    root = await slack.user("ada").says("dm", "help")
    for words in ("guide", "progress", "settings"):
        await slack.user("ada").says("dm", words, root.ts)
    await slack.wait_for(lambda: len(slack.bot_messages("@ada")) == 4, timeout=20)
    assert all(call.status == 200 for call in slack.calls("chat.postMessage"))


async def test_words_of_one_thread_are_read_in_their_order(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    await ada.command("/mock", "5 question:order-status-api", "general")
    opening = await said(slack, "@ada", "Ready when you are")
    await ada.presses(opening, "Start")
    await said(slack, "@ada", "Order status", thread=opening.ts)
    parts = [f"Part {number} of what I say about the reads." for number in range(12)]
    for part in parts:
        await ada.says("dm", part, opening.ts)
    last = await ada.says("dm", "done", opening.ts)
    await said(slack, "@ada", "", after=last.ts, thread=opening.ts)
    await ada.says("dm", "end", opening.ts)
    await said(slack, "@ada", "Debrief ·", thread=opening.ts)
    told = bot.rows("SELECT body FROM attempt")[0][0]
    places = [told.find(part) for part in parts]
    assert places == sorted(places) and -1 not in places


async def test_a_database_that_is_away_is_not_acknowledged_and_nothing_is_lost(slack: FakeSlack, bot: Slackcoach) -> None:
    with closing(sqlite3.connect(bot.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await slack.user("ada").says("dm", "help")
        await slack.wait_for(lambda: len(slack.deliveries("message")[0].attempts) >= 2, timeout=15)
        answer = await slack.user("bob").command("/guide", "", "general")
        assert not answer.acked
        await noted(slack, "bob", "could not store")
        other.execute("ROLLBACK")
    await slack.passes(60)
    await said(slack, "@ada", "Commands", timeout=15)
    await slack.settled(0.3)
    assert len(slack.bot_messages("@ada")) == 1


async def test_a_socket_may_be_renewed_or_torn(slack: FakeSlack, socket_bot: Slackcoach) -> None:
    await slack.disconnects("refresh_requested")
    await slack.user("ada").says("dm", "help")
    await said(slack, "@ada", "Commands")
    slack.sockets.kill(slack.app.id)
    await slack.user("bob").says("dm", "help")
    await said(slack, "@bob", "Commands", timeout=20)


async def test_killed_between_the_acknowledgement_and_the_answer(slack: FakeSlack, bot: Slackcoach) -> None:
    slack.faults.slow("chat.postMessage", seconds=3, after=True)
    await slack.user("ada").says("dm", "help")
    await slack.wait_for(lambda: slack.deliveries("message")[0].acked and slack.bot_messages("@ada"))
    await bot.stop(signal.SIGKILL)
    await bot.start()
    await bot.reach()
    await slack.user("bob").says("dm", "help")
    await said(slack, "@bob", "Commands")
    await slack.wait_for(lambda: slack.calls("conversations.replies"), timeout=60)
    await slack.settled(0.5)
    assert len(slack.bot_messages("@ada")) == 1


async def test_a_form_after_the_mock_is_over_says_so(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    await ada.command("/mock", "5 question:order-status-api", "general")
    opening = await said(slack, "@ada", "Ready when you are")
    assert (await ada.presses(opening, "Change")).ok
    form = await slack.wait_for(lambda: slack.view_of("ada"))
    assert (await ada.presses(opening, "Cancel")).ok
    await said(slack, "@ada", "Called off")
    assert (await ada.submits(form, {"minutes": "15"})).ok
    await said(slack, "@ada", "There is no mock here now")
    assert (await ada.presses(opening, "Start")).ok
    await slack.wait_for(
        lambda: sum("There is no mock here now" in whole(message) for message in slack.bot_messages("@ada")) == 2, timeout=10
    )


async def test_a_deleted_message_is_not_part_of_the_answer(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    await ada.command("/mock", "5 question:order-status-api", "general")
    opening = await said(slack, "@ada", "Ready when you are")
    await ada.presses(opening, "Start")
    await said(slack, "@ada", "Order status", thread=opening.ts)
    wrong = await ada.says("dm", "Something I take back about microservices.", opening.ts)
    right = await ada.says("dm", "Writes go to a tabel keyed by order id.", opening.ts)
    await asyncio.sleep(0.5)
    await ada.deletes(wrong)
    await ada.edits(right, "Writes go to a table keyed by order id.")
    await asyncio.sleep(0.5)
    await ada.says("dm", "end", opening.ts)
    debrief = await said(slack, "@ada", "Debrief ·", thread=opening.ts)
    told = bot.rows("SELECT body FROM attempt")[0][0]
    assert "microservices" not in told and "tabel" not in told and "table keyed" in told
    assert debrief


async def test_an_archived_channel_and_one_without_us(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    assert (await ada.command("/drill", "setup", "random")).ok
    await noted(slack, "ada", "/invite @Loopcoach")
    assert slack.view_of("ada") is None
    slack.invite("random")
    assert (await ada.command("/drill", "setup", "random")).ok
    form = await slack.wait_for(lambda: slack.view_of("ada"))
    slack.archive("random")
    assert (await ada.submits(form, {"zone": "Europe/Berlin"})).ok
    await slack.wait_for(lambda: "the channel is archived" in bot.complained, timeout=10)


# --- bad requests over HTTP ------------------------------------------------------------------------------------------


async def test_a_wrong_signature_and_a_stale_one_are_refused(slack: FakeSlack, http_bot: Slackcoach) -> None:
    slack.timing.retries = ()
    slack.faults.bad_signatures = 1
    await slack.user("ada").says("dm", "help")
    await slack.wait_for(lambda: slack.deliveries("message")[0].over)
    slack.faults.signature_skew = -6 * 60
    await slack.user("ada").says("dm", "help")
    await slack.wait_for(lambda: slack.deliveries("message")[1].over)
    assert not any(delivery.acked for delivery in slack.deliveries("message"))
    slack.faults.signature_skew = 0
    await slack.user("ada").says("dm", "help")
    await said(slack, "@ada", "Commands")
    assert len(slack.bot_messages("@ada")) == 1


async def test_rubbish_is_refused_and_changes_nothing(slack: FakeSlack, http_bot: Slackcoach) -> None:
    async with aiohttp.ClientSession() as http:
        for body in (b"", b"{", b"[1]", b"\xff\xfe", b"payload=%7B", b"payload=1", b"payload=%7B%7D", b'{"type":"event_callback"}'):
            async with http.post(f"{http_bot.url}/slack/events", data=body) as answer:
                assert answer.status in (400, 401)
    await slack.user("ada").says("dm", "help")
    await said(slack, "@ada", "Commands")


async def test_a_workspace_that_nobody_let_us_into_is_told_so(slack: FakeSlack, bot: Slackcoach) -> None:
    slack.add_team("Other", "other")
    stranger = slack.user("other-admin")
    answer = await stranger.command("/guide", "", "general")
    assert answer.acked
    assert not bot.rows("SELECT 1 FROM inbox WHERE body LIKE '%other-admin%'")


async def test_uninstalled_means_silence(slack: FakeSlack, bot: Slackcoach) -> None:
    ada = slack.user("ada")
    await ada.command("/drill", "setup", "interviews")
    form = await slack.wait_for(lambda: slack.view_of("ada"))
    await ada.submits(form, {"zone": "Europe/Berlin"})
    await said(slack, "interviews", "A daily question is set here")
    slack.uninstall()
    await slack.wait_for(lambda: bot.rows("SELECT 1 FROM space WHERE body LIKE '%left_at\":\"2%'"), timeout=10)
    assert bot.rows("SELECT next_due_at FROM drill WHERE key LIKE 'slack/%'") == [(None,)]
    assert "Traceback" not in bot.complained
