"""Which app learns of what, and the envelope `event_callback` around it."""

from __future__ import annotations

import base64

from tests.fakes.slack.app import EVENTS, App
from tests.fakes.slack.delivery.outlet import Outlet
from tests.fakes.slack.model import JSON, Channel, Install
from tests.fakes.slack.world import World


class Events:
    """Sends events to every app that is installed, subscribed, allowed and in the place."""

    def __init__(self, world: World, outlet: Outlet) -> None:
        self._world, self._outlet = world, outlet

    def emit(self, name: str, team_id: str, event: JSON, channel: Channel | None = None, only: Install | None = None) -> int:
        """Send one event under a subscription name; to how many apps."""
        sent = 0
        for install in self._world.installs:
            if install.team_id != team_id or (only is not None and install is not only):
                continue
            app = self._world.apps[install.app_id]
            if not install.active and name not in ("app_uninstalled", "tokens_revoked"):
                continue
            if self._hears(app, install, name, channel):
                self._outlet.event(app, self.callback(app, install, event))
                sent += 1
        return sent

    def _hears(self, app: App, install: Install, name: str, channel: Channel | None) -> bool:
        if name not in app.events or not app.verified:
            return False
        scopes = EVENTS.get(name, ())
        if scopes and not set(scopes) & set(install.scopes):
            return False
        if channel is None:
            return True
        if name.startswith(("channel_", "group_")) and channel.kind == "public":
            return True
        return install.bot_user in channel.members

    def callback(self, app: App, install: Install, event: JSON) -> JSON:
        """The outer event."""
        context = {"et": event["type"], "tid": install.team_id, "aid": app.id, "cid": event.get("channel", "")}
        return {
            "token": app.verification_token,
            "team_id": install.team_id,
            "context_team_id": install.team_id,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self._world.ids.make("Ev"),
            "event_time": int(self._world.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": install.team_id,
                    "user_id": install.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": "4-" + base64.urlsafe_b64encode(repr(context).encode()).decode()[:60],
        }
