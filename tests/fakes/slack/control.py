"""`/control/…`: the hands of people over HTTP, for trying by hand and for tests in another process."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.slack.model import JSON, Message, View
from tests.fakes.slack.shapes import message_json, view_json

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


class Control:
    """JSON in, JSON out. GET /control/ lists what there is."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack
        self._acts: dict[str, Callable[[JSON], Awaitable[Any]]] = {
            "say": self._say,
            "command": self._command,
            "press": self._press,
            "choose": self._choose,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "shortcut": self._shortcut,
            "advance": self._advance,
            "fault": self._fault,
            "disconnect": self._disconnect,
            "uninstall": self._uninstall,
            "http": self._http,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/control/", self._help),
            web.get("/control/state", self._state),
            web.get("/control/messages", self._messages),
            web.get("/control/private", self._private),
            web.get("/control/view", self._view),
            web.get("/control/calls", self._calls),
            web.get("/control/deliveries", self._deliveries),
            web.post("/control/{act}", self._do),
        ]

    async def _do(self, request: web.Request) -> web.Response:
        act = self._acts.get(request.match_info["act"])
        if act is None:
            return web.json_response({"error": f"no such act; there is {sorted(self._acts)}"}, status=404)
        body = await request.json() if request.can_read_body else {}
        try:
            result = await act(body)
        except (AssertionError, KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response(self._plain(result))

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Message):
            return message_json(self._slack.world, value)
        if isinstance(value, View):
            return view_json(self._slack.world, value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return dataclasses.asdict(value)
        if isinstance(value, list):
            return [self._plain(one) for one in value]
        return value if value is not None else {"ok": True}

    # ---- looking

    async def _help(self, request: web.Request) -> web.Response:
        lines = [f"POST /control/{name}: {(act.__doc__ or '').strip()}" for name, act in self._acts.items()]
        looks = ["GET /control/state", "GET /control/messages?channel=general[&thread_ts=]", "GET /control/private?user=ada"]
        looks += ["GET /control/view?user=ada[&home=1]", "GET /control/calls[?method=]", "GET /control/deliveries[?type=]"]
        return web.Response(text="\n".join([*lines, *looks, ""]))

    async def _state(self, request: web.Request) -> web.Response:
        slack = self._slack
        return web.json_response(
            {
                "api_url": slack.api_url,
                "authorize_url": slack.authorize_url,
                "bot_token": slack.bot_token,
                "app_token": getattr(slack, "app_token", ""),
                "signing_secret": slack.app.signing_secret,
                "client_id": slack.app.client_id,
                "client_secret": slack.app.client_secret,
                "team": slack.team.id,
                "bot": slack.bot.id,
                "users": {one.name: one.id for team in slack.world.teams.values() for one in team.users.values()},
                "channels": {one.name or one.id: one.id for team in slack.world.teams.values() for one in team.channels.values()},
                "sockets": len(slack.sockets.open),
                "complaints": slack.complaints,
                "doubles": [[*key, count] for key, count in slack.doubles().items()],
                "now": slack.clock.now(),
            }
        )

    async def _messages(self, request: web.Request) -> web.Response:
        found = self._slack.messages(request.query["channel"], request.query.get("thread_ts"))
        return web.json_response(self._plain(found))

    async def _private(self, request: web.Request) -> web.Response:
        return web.json_response(self._plain(self._slack.ephemerals(request.query["user"])))

    async def _view(self, request: web.Request) -> web.Response:
        look = self._slack.home_of if request.query.get("home") else self._slack.view_of
        view = look(request.query["user"])
        return web.json_response(self._plain(view) if view else None)

    async def _calls(self, request: web.Request) -> web.Response:
        return web.json_response(self._plain(self._slack.calls(request.query.get("method", ""))))

    async def _deliveries(self, request: web.Request) -> web.Response:
        return web.json_response(self._plain(self._slack.deliveries(request.query.get("type", ""))))

    # ---- acting

    def _find(self, body: JSON) -> Message:
        """A message by its ts, an ephemeral one too."""
        ts = body["ts"]
        for team in self._slack.world.teams.values():
            for channel in team.channels.values():
                if ts in channel.messages:
                    return channel.messages[ts]
                for one in channel.ephemerals:
                    if one.ts == ts:
                        return one
        raise KeyError(f"no message {ts}")

    def _where(self, body: JSON) -> Message | View:
        if "ts" in body:
            return self._find(body)
        view = self._slack.home_of(body["user"]) if body.get("home") else self._slack.view_of(body["user"])
        if view is None:
            raise KeyError("no view is open")
        return view

    async def _say(self, body: JSON) -> Any:
        """{user, channel ("dm": to the app), text, thread_ts?}"""
        return await self._slack.user(body["user"]).says(body["channel"], body["text"], body.get("thread_ts"))

    async def _command(self, body: JSON) -> Any:
        """{user, command, text?, channel?}"""
        person = self._slack.user(body["user"])
        return await person.command(body["command"], body.get("text", ""), body.get("channel", "general"))

    async def _press(self, body: JSON) -> Any:
        """{user, what, ts? (else the open modal, or home: true)}"""
        return await self._slack.user(body["user"]).presses(self._where(body), body["what"])

    async def _choose(self, body: JSON) -> Any:
        """{user, what, wanted, ts? (else the open modal, or home: true)}"""
        return await self._slack.user(body["user"]).chooses(self._where(body), body["what"], body["wanted"])

    async def _submit(self, body: JSON) -> Any:
        """{user, values}"""
        return await self._slack.user(body["user"]).submits(None, body.get("values", {}))

    async def _close(self, body: JSON) -> Any:
        """{user, everything?}"""
        return await self._slack.user(body["user"]).closes(everything=bool(body.get("everything")))

    async def _home(self, body: JSON) -> Any:
        """{user, tab?}"""
        await self._slack.user(body["user"]).opens_home(body.get("tab", "home"))

    async def _shortcut(self, body: JSON) -> Any:
        """{user, callback_id, ts?}"""
        message = self._find(body) if "ts" in body else None
        return await self._slack.user(body["user"]).shortcut(body["callback_id"], message)

    async def _advance(self, body: JSON) -> Any:
        """{seconds}"""
        self._slack.clock.advance(float(body["seconds"]))

    async def _fault(self, body: JSON) -> Any:
        """{kind: drop | slow | error | server_error | rate_limited, method, …its arguments}"""
        kind = body.pop("kind")
        if kind not in ("drop", "slow", "error", "server_error", "rate_limited"):
            raise ValueError(f"no fault {kind!r}")
        getattr(self._slack.faults, kind)(**body)

    async def _disconnect(self, body: JSON) -> Any:
        """{reason?} or {kill: true}"""
        if body.get("kill"):
            self._slack.sockets.kill()
        else:
            await self._slack.disconnects(body.get("reason", "refresh_requested"))

    async def _uninstall(self, body: JSON) -> Any:
        """{}"""
        self._slack.uninstall()

    async def _http(self, body: JSON) -> Any:
        """{url}: deliver over HTTP from now on"""
        return {"verified": await self._slack.use_http(body["url"])}
