"""All that one fake Slack knows, in memory."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from tests.fakes.slack.app import App
from tests.fakes.slack.clock import Clock
from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.ids import Ids
from tests.fakes.slack.model import JSON, Channel, File, Install, Message, Session, Team, Token, User, View


@dataclass
class Trigger:
    """What a person's act lets the app do once, within 3 seconds."""

    user: str
    team_id: str
    app_id: str
    made: float
    view: str = ""
    used: bool = False


@dataclass
class Hook:
    """A response_url: 5 uses in 30 minutes."""

    team_id: str
    app_id: str
    user: str
    channel: str
    made: float
    message_ts: str = ""
    thread_ts: str = ""
    ephemeral: bool = False
    uses: int = 0


@dataclass
class Prompts:
    """What assistant.threads.setSuggestedPrompts pinned."""

    title: str
    prompts: list[JSON]
    thread_ts: str = ""


class World:
    """State and look-ups; no network, no rules."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.ids = Ids(clock)
        self.teams: dict[str, Team] = {}
        self.apps: dict[str, App] = {}
        self.installs: list[Install] = []
        self.tokens: dict[str, Token] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[tuple[str, str], list[str]] = {}
        """(app, user) → open modals, the lowest first."""
        self.homes: dict[tuple[str, str], str] = {}
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.sessions: dict[tuple[str, str], Session] = {}
        self.statuses: dict[tuple[str, str], tuple[str, list[str], float]] = {}
        self.prompts: dict[str, Prompts] = {}
        self.thread_titles: dict[tuple[str, str], str] = {}
        self.effects: Counter[tuple[str, str]] = Counter()
        self.effect_texts: Counter[tuple[str, str]] = Counter()
        self.files_url = ""
        self.complaints: list[str] = []
        """Things that Slack lets pass but that a good app does not do."""

    # ---- people and places

    def user(self, name: str, team_id: str = "") -> User:
        """By id, by short id (`U1`), or by name; the first workspace that has it unless one is given."""
        padded = _padded(name)
        for team in self.teams.values():
            if team_id and team.id != team_id:
                continue
            for user in team.users.values():
                if user.id in (name, padded) or user.name == name:
                    return user
        raise KeyError(f"no user {name!r}")

    def channel(self, name: str, team_id: str = "") -> Channel:
        """By id, by short id (`C1`), by name with or without `#`."""
        padded = _padded(name)
        for team in self.teams.values():
            if team_id and team.id != team_id:
                continue
            for channel in team.channels.values():
                if channel.id in (name, padded) or (channel.kind != "im" and channel.name == name.removeprefix("#")):
                    return channel
        raise KeyError(f"no channel {name!r}")

    def team(self, name: str) -> Team:
        for team in self.teams.values():
            if name in (team.id, team.domain, team.name) or team.id == _padded(name):
                return team
        raise KeyError(f"no workspace {name!r}")

    def dm(self, team: Team, person: str, bot_user: str) -> Channel:
        """The direct message between a person and a bot, opened where it is not yet."""
        for channel in team.channels.values():
            if channel.kind == "im" and set(channel.members) == {person, bot_user}:
                return channel
        channel = Channel(
            id=self.ids.make("D"),
            team_id=team.id,
            name="",
            kind="im",
            creator=bot_user,
            created=int(self.clock.now()),
            members=[person, bot_user],
        )
        team.channels[channel.id] = channel
        return channel

    def message(self, channel: str, ts: str) -> Message:
        return self.channel(channel).messages[ts]

    # ---- apps

    def install_of(self, app_id: str, team_id: str) -> Install | None:
        for install in reversed(self.installs):
            if (install.app_id, install.team_id) == (app_id, team_id) and install.active:
                return install
        return None

    def bot_of(self, user_id: str) -> Install | None:
        return next((one for one in reversed(self.installs) if one.bot_user == user_id), None)

    def trigger(self, user: str, team_id: str, app_id: str, view: str = "") -> str:
        """A trigger_id for what somebody just did."""
        made = self.ids.trigger()
        self.triggers[made] = Trigger(user, team_id, app_id, self.clock.now(), view)
        return made

    def exchange(self, trigger_id: str, app_id: str) -> Trigger:
        """Use a trigger_id up."""
        trigger = self.triggers.get(trigger_id)
        if not trigger_id or trigger is None or trigger.app_id != app_id:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if self.clock.now() - trigger.made > 3.0:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger

    def stack(self, app_id: str, user: str) -> list[View]:
        """Open modals of one person, the lowest first."""
        return [self.views[id] for id in self.stacks.get((app_id, user), [])]


def _padded(name: str) -> str:
    found = re.fullmatch(r"([A-Z]+)(\d{1,7})", name)
    return f"{found[1]}{int(found[2]):08d}" if found else name


def visible_text(text: str) -> str:
    """Undo Slack's escaping."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
