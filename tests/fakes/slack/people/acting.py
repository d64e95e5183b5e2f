"""Pressing, choosing, filling in, closing: everything that reaches an app as an interaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.app import App
from tests.fakes.slack.delivery.record import Answer
from tests.fakes.slack.forms import INITIAL, close_views, first_state
from tests.fakes.slack.model import JSON, Message, User, View
from tests.fakes.slack.people.elements import choose, find, press
from tests.fakes.slack.people.filling import after_submission, fill, refused
from tests.fakes.slack.shapes import message_json, spoken_name, team_short, user_short, view_json
from tests.fakes.slack.world import Hook

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

NOT_INTERACTIVE = "This app is not configured to handle interactive responses."


class Acting:
    """The interactive part of `Person`."""

    slack: FakeSlack
    user: User

    # ---- messages and views

    async def presses(self, where: Message | View, what: str, *, confirm: bool = True) -> Answer:
        """Press a button by action_id, label or value; `confirm`: what is pressed where it asks back."""
        where = self._current(where)
        block, element = find(where.blocks, what)
        if element.get("confirm") and not confirm:
            return Answer(sent=False)
        return await self._act(where, press(block, element, what, self.slack.world.ids.ts()))

    async def chooses(self, where: Message | View, what: str, wanted: Any, *, confirm: bool = True) -> Answer:
        """Choose in a menu, by option value or text; several as a list; dates and times as Slack writes them."""
        where = self._current(where)
        block, element = find(where.blocks, what)
        if element.get("confirm") and not confirm:
            return Answer(sent=False)
        action = choose(self.slack.world, block, element, wanted, self.slack.world.ids.ts())
        if element["type"] in INITIAL:
            key = INITIAL[element["type"]][0]
            where.state = first_state(where.blocks, where.state)
            where.state[block["block_id"]][element["action_id"]] = {"type": element["type"], key: action[key]}
            if block["type"] == "input" and not block.get("dispatch_action"):
                return Answer(sent=False)
        return await self._act(where, action)

    async def feedback(self, message: Message, which: str = "good") -> Answer:
        """Press thumbs up (`good`) or down (`bad`) under a message."""
        message = self._message(message)
        for block in message.blocks:
            for element in block.get("elements", []) if block["type"] == "context_actions" else []:
                if element["type"] == "feedback_buttons":
                    return await self._act(message, press(block, element, which, self.slack.world.ids.ts()))
        raise AssertionError("no feedback buttons under this message")

    def _current(self, where: Message | View) -> Message | View:
        if isinstance(where, View):
            assert where.open and where.user == self.user.id, f"{self.user.name} does not see this view"
            return where
        return self._message(where)

    def _message(self, message: Message) -> Message:
        """The message as it reads now, if this person sees it."""
        channel = self.slack.world.channel(message.channel)
        if message.ephemeral:
            assert message in channel.ephemerals and message.visible_to == self.user.id, f"{self.user.name} does not see this message"
            return message
        assert self.user.id in channel.members, f"{self.user.name} is not in #{channel.name}"
        assert message.ts in channel.messages, "this message is gone"
        return channel.messages[message.ts]

    async def _act(self, where: Message | View, action: JSON) -> Answer:
        app = self.slack.world.apps[where.app_id]
        payload = self._head("block_actions", app)
        if isinstance(where, View):
            payload |= {
                "container": {"type": "view", "view_id": where.id},
                "trigger_id": self._trigger(app, where.id),
                "view": view_json(self.slack.world, where),
            }
        else:
            payload |= self._on_message(app, where)
        payload["actions"] = [action]
        return await self._send(app, payload)

    def _on_message(self, app: App, message: Message) -> JSON:
        channel = self.slack.world.channel(message.channel)
        container: JSON = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        message.state = first_state(message.blocks, message.state)
        out: JSON = {
            "container": container,
            "trigger_id": self._trigger(app),
            "channel": {"id": channel.id, "name": spoken_name(channel)},
            "state": {"values": message.state},
            "response_url": self._hook(app, message),
        }
        if not message.ephemeral:
            out["message"] = message_json(self.slack.world, message, metadata=True)
        return out

    # ---- shortcuts and menus that the app fills

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Answer:
        """Run a message shortcut, or without a message a global one."""
        app = self._app_of(callback_id, "message" if message else "global")
        if app is None:
            return Answer(error="there is no such shortcut", sent=False)
        head = self._head("message_action" if message else "shortcut", app)
        del head["api_app_id"]
        head["user"] = {key: head["user"][key] for key in ("id", "username", "name", "team_id")}
        payload: JSON = head | {
            "action_ts": self.slack.world.ids.ts(),
            "callback_id": callback_id,
            "trigger_id": self._trigger(app),
        }
        if message:
            channel = self.slack.world.channel(message.channel)
            payload |= {
                "channel": {"id": channel.id, "name": spoken_name(channel)},
                "response_url": self._hook(app, message),
                "message_ts": message.ts,
                "message": message_json(self.slack.world, message),
            }
            del payload["user"]["username"]
        else:
            del payload["user"]["name"]
        return await self._send(app, payload)

    def _app_of(self, callback_id: str, kind: str) -> App | None:
        for app in self.slack.world.apps.values():
            if self.slack.world.install_of(app.id, self.user.team_id) and (app.shortcuts is None or app.shortcuts.get(callback_id) == kind):
                return app
        return None

    async def looks_for(self, where: Message | View, what: str, text: str = "") -> list[JSON]:
        """Type into a menu that the app fills: the options it offers."""
        block, element = find(where.blocks, what)
        app = self.slack.world.apps[where.app_id]
        payload = self._head("block_suggestion", app)
        payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": text}
        if isinstance(where, View):
            payload |= {"container": {"type": "view", "view_id": where.id}, "view": view_json(self.slack.world, where)}
        else:
            shown = self._on_message(app, where)
            payload |= {key: shown[key] for key in ("container", "channel", "message") if key in shown}
        answer = await self._send(app, payload, app.options_url)
        groups = answer.payload.get("option_groups") or []
        return [*(answer.payload.get("options") or []), *(one for group in groups for one in group["options"])]

    # ---- modals

    def fills(self, values: Mapping[str, Any], view: View | None = None) -> View:
        """Write into the open modal without submitting it."""
        shown = view or self._open_view()
        fill(self.slack.world, shown, values)
        return shown

    async def submits(self, view: View | None = None, values: Mapping[str, Any] | None = None) -> Answer:
        """Fill in and submit the open modal. Answers with the app's field errors, or with the client's own, unsent."""
        shown = self.fills(values or {}, view)
        assert shown.open and shown.user == self.user.id, f"{self.user.name} does not see this view"
        assert shown.body.get("submit"), "this modal has no submit button"
        if shown.body.get("submit_disabled"):
            return Answer(error="the submit button is off", sent=False)
        shown.errors = refused(shown)
        if shown.errors:
            return Answer(errors=dict(shown.errors), sent=False)
        app = self.slack.world.apps[shown.app_id]
        payload = self._head("view_submission", app) | {
            "trigger_id": self._trigger(app, shown.id),
            "view": view_json(self.slack.world, shown),
            "response_urls": [],
        }
        return after_submission(self.slack.world, shown, await self._send(app, payload))

    async def closes(self, view: View | None = None, *, everything: bool = False) -> list[Answer]:
        """Close the modal on top (Cancel, Back), or with the cross the whole stack; the app hears where it asked to."""
        shown = view or self._open_view()
        cleared = everything or bool(shown.body.get("clear_on_close"))
        closed = close_views(self.slack.world, shown.app_id, self.user.id, all_of_them=cleared)
        app = self.slack.world.apps[shown.app_id]
        answers = []
        for one in closed:
            if one.body.get("notify_on_close"):
                payload = self._head("view_closed", app)
                payload |= {"view": view_json(self.slack.world, one), "is_cleared": cleared}
                answers.append(await self._send(app, payload))
        return answers

    def _open_view(self) -> View:
        found = self.slack.view_of(self.user.id)
        assert found, f"{self.user.name} has no modal open"
        return found

    # ---- sending

    def _head(self, type: str, app: App) -> JSON:
        return {
            "type": type,
            "user": user_short(self.user),
            "api_app_id": app.id,
            "token": app.verification_token,
            "team": team_short(self.slack.world.teams[self.user.team_id]),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _trigger(self, app: App, view: str = "") -> str:
        return self.slack.world.trigger(self.user.id, self.user.team_id, app.id, view)

    def _hook(self, app: App, message: Message) -> str:
        hook = Hook(
            self.user.team_id,
            app.id,
            self.user.id,
            message.channel,
            self.slack.clock.now(),
            message_ts=message.ts,
            thread_ts=message.thread_ts,
            ephemeral=message.ephemeral,
        )
        return self.slack.hooks.url(hook)

    async def _send(self, app: App, payload: JSON, url: str = "") -> Answer:
        if not app.interactivity:
            return Answer(error=NOT_INTERACTIVE, sent=False)
        return await self.slack.outlet.ask(app, "interactive", payload, url or app.interactivity_url)
