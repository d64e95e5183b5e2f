"""Making workspaces, people, conversations and apps."""

from __future__ import annotations

from collections.abc import Sequence

from tests.fakes.slack.app import App
from tests.fakes.slack.model import Channel, Install, Kind, Team, Token, User
from tests.fakes.slack.world import World


def add_team(world: World, name: str, domain: str) -> Team:
    team = Team(world.ids.make("T"), name, domain)
    world.teams[team.id] = team
    slackbot = User("USLACKBOT", team.id, "slackbot", "Slackbot", is_bot=False)
    team.users[slackbot.id] = slackbot
    return team


def add_user(
    world: World,
    team: Team,
    name: str,
    *,
    tz: str = "Europe/London",
    tz_label: str = "Greenwich Mean Time",
    tz_offset: int = 0,
    admin: bool = False,
    owner: bool = False,
) -> User:
    user = User(
        id=world.ids.make("U"),
        team_id=team.id,
        name=name,
        real_name=name.title(),
        tz=tz,
        tz_label=tz_label,
        tz_offset=tz_offset,
        email=f"{name}@{team.domain}.test",
        is_admin=admin or owner,
        is_owner=owner,
        updated=int(world.clock.now()),
    )
    team.users[user.id] = user
    return user


def add_channel(world: World, team: Team, name: str, members: Sequence[User], *, kind: Kind = "public") -> Channel:
    channel = Channel(
        id=world.ids.make("C"),
        team_id=team.id,
        name=name,
        kind=kind,
        creator=members[0].id if members else "",
        created=int(world.clock.now()),
        members=[one.id for one in members],
    )
    team.channels[channel.id] = channel
    return channel


def add_app(world: World, name: str) -> App:
    id = world.ids.make("A")
    app = App(
        id=id,
        name=name,
        client_id=f"{1000000000 + len(world.apps)}.{2000000000 + len(world.apps)}",
        client_secret=world.ids.secret("client"),
        signing_secret=world.ids.secret("signing"),
        verification_token=world.ids.secret("verification")[:24],
    )
    world.apps[id] = app
    return app


def add_app_token(world: World, app: App, scopes: Sequence[str] = ("connections:write",)) -> str:
    """An app-level token, made by hand on the settings page."""
    value = f"xapp-1-{app.id}-{1000000 + len(world.tokens)}-{world.ids.secret('xapp') * 2}"
    world.tokens[value] = Token(value, "app", app.id, scopes=tuple(scopes))
    return value


def install(world: World, app: App, team: Team, installer: User, scopes: Sequence[str] | None = None) -> Install:
    """Put an app into a workspace: bot user and token; installing again adds scopes and keeps the token."""
    granted = tuple(app.scopes if scopes is None else scopes)
    before = next((one for one in world.installs if (one.app_id, one.team_id) == (app.id, team.id)), None)
    if before:
        bot_user, bot_id = before.bot_user, before.bot_id
        granted = tuple(dict.fromkeys((*before.scopes, *granted))) if before.active else granted
        world.installs.remove(before)
        team.users[bot_user].deleted = False
    else:
        bot_user, bot_id = world.ids.make("U"), world.ids.make("B")
        team.users[bot_user] = User(
            id=bot_user,
            team_id=team.id,
            name=app.name.lower().replace(" ", "_"),
            real_name=app.name,
            is_bot=True,
            app_id=app.id,
            bot_id=bot_id,
            updated=int(world.clock.now()),
        )
    made = Install(app.id, team.id, bot_user, bot_id, granted, "", installer.id)
    world.installs.append(made)
    if before and before.active and not app.token_rotation and not world.tokens[before.token].revoked:
        made.token = before.token
        world.tokens[made.token].scopes = granted
    else:
        issue(world, app, made)
    return made


def issue(world: World, app: App, made: Install) -> None:
    """Give an install a bot token; with rotation one that lives 12 hours, and a refresh token for one use."""
    tail = f"{1000000000 + len(world.tokens)}-{2000000000 + len(world.tokens)}-{world.ids.secret('xoxb')[:24]}"
    expires: float | None = None
    if app.token_rotation:
        made.token = f"xoxe.xoxb-1-{tail}"
        made.refresh_token = f"xoxe-1-{world.ids.secret('xoxe') * 2}"
        expires = world.clock.now() + 43200
    else:
        made.token = f"xoxb-{tail}"
        made.refresh_token = ""
    world.tokens[made.token] = Token(made.token, "bot", app.id, made.team_id, made.bot_user, made.scopes, expires)
