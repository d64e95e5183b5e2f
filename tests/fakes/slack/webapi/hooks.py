"""response_url: five messages within thirty minutes, without a token."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.slack.blockkit.check import check_blocks
from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.model import JSON, Message
from tests.fakes.slack.webapi.compose import blocks_of
from tests.fakes.slack.world import Hook
from tests.fakes.slack.writing import received, rich_text, stored, summary

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

USES = 5
LIVES = 1800


class Hooks:
    """Answers POSTs to response URLs."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def url(self, hook: Hook, kind: str = "actions") -> str:
        """A new response_url."""
        secret = self._slack.world.ids.secret("hook")
        self._slack.world.hooks[secret] = hook
        return f"{self._slack.base}/{kind}/{hook.team_id}/{len(self._slack.world.hooks)}/{secret}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        slack = self._slack
        raw = await request.read()
        try:
            body = json.loads(raw)
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        call = slack.api.record("response_url", body)
        fault = slack.faults.take("response_url", body)
        if fault and not fault.after:
            broken = await slack.api.break_call(fault, call, request)
            if broken is not None:
                return broken
        try:
            self._use(slack.world.hooks.get(request.match_info["secret"]), body)
        except ApiError as error:
            call.answer = error.body()
            gone = error.code in ("used_url", "expired_url", "invalid_url")
            return web.json_response(call.answer, status=404 if gone else 400)
        call.answer = {"ok": True}
        if fault and fault.after:
            broken = await slack.api.break_call(fault, call, request)
            if broken is not None:
                return broken
        return web.Response(text="ok")

    def _use(self, hook: Hook | None, body: Any) -> None:
        if hook is None:
            raise ApiError("invalid_url")
        if not isinstance(body, dict):
            raise ApiError("invalid_payload")
        if self._slack.clock.now() - hook.made > LIVES:
            raise ApiError("expired_url")
        if hook.uses >= USES:
            raise ApiError("used_url")
        self.say(hook, body)
        hook.uses += 1

    def say(self, hook: Hook, body: JSON) -> Message | None:
        """Do what a response says: delete or replace the original, or add a message, private by default."""
        world = self._slack.world
        channel = world.channel(hook.channel)
        original = channel.messages.get(hook.message_ts) or next((one for one in channel.ephemerals if one.ts == hook.message_ts), None)
        if body.get("delete_original"):
            if original:
                self._remove(original)
            return None
        blocks = blocks_of(body.get("blocks"))
        text = str(body.get("text") or "")
        if not text and not blocks and not body.get("attachments"):
            raise ApiError("no_text")
        check_blocks(blocks)
        kept = received(text) if text else received(summary(blocks))
        shown = stored(blocks, world.ids) if blocks else [rich_text(kept, world.ids)]
        if body.get("replace_original") and original:
            changes: JSON = {"text": kept, "blocks": shown, "sent_blocks": blocks, "edits": original.edits + 1}
            if original.ephemeral:
                for name, value in changes.items():
                    setattr(original, name, value)
            else:
                self._slack.happenings.change(original, **changes)
            return original
        return self._add(hook, body, kept, shown, blocks)

    def _add(self, hook: Hook, body: JSON, text: str, shown: list[JSON], blocks: list[JSON]) -> Message:
        world = self._slack.world
        install = world.install_of(hook.app_id, hook.team_id)
        if install is None:
            raise ApiError("invalid_url")
        message = Message(
            ts=world.ids.ts(),
            channel=hook.channel,
            team_id=hook.team_id,
            user=install.bot_user,
            text=text,
            blocks=shown,
            sent_blocks=blocks,
            attachments=list(body.get("attachments") or []),
            thread_ts=str(body.get("thread_ts") or hook.thread_ts),
            app_id=hook.app_id,
            bot_id=install.bot_id,
            metadata=body.get("metadata"),
        )
        if body.get("response_type") == "in_channel":
            return self._slack.happenings.post(message)
        message.visible_to = hook.user
        world.channel(hook.channel).ephemerals.append(message)
        return message

    def _remove(self, original: Message) -> None:
        if original.ephemeral:
            self._slack.world.channel(original.channel).ephemerals.remove(original)
        else:
            self._slack.happenings.delete(original)
