"""What admins do to channels, and what happens in the workspace around the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack.builder import add_app, add_channel, add_team, add_user, install
from tests.fakes.slack.known import Known
from tests.fakes.slack.model import Channel, Kind, Message, Team, User
from tests.fakes.slack.shapes import user_json
from tests.fakes.slack.writing import received, rich_text

if TYPE_CHECKING:
    from tests.fakes.slack.delivery.events import Events
    from tests.fakes.slack.happenings import Happenings


class Places(Known):
    """The part of FakeSlack that changes workspaces and channels."""

    happenings: Happenings
    events: Events

    # ---- building

    def add_team(self, name: str, domain: str, *, installed: bool = True) -> Team:
        """Another workspace with an admin called `{domain}-admin` and a #general; the app in it, unless not."""
        team = add_team(self.world, name, domain)
        admin = add_user(self.world, team, f"{domain}-admin", admin=True, owner=True)
        members = [admin]
        if installed:
            made = install(self.world, self.app, team, admin)
            members.append(team.users[made.bot_user])
        add_channel(self.world, team, "general", members).general = True
        return team

    def add_user(self, name: str, team: str = "", *, admin: bool = False, tz: str = "Europe/London", tz_offset: int = 0) -> User:
        """Another person, in no channel yet."""
        chosen = self.world.team(team) if team else self.team
        return add_user(self.world, chosen, name, admin=admin, tz=tz, tz_offset=tz_offset)

    def add_channel(self, name: str, *members: str, kind: Kind = "public", team: str = "", bot: bool = True) -> Channel:
        """Another channel; the bot in it, unless not."""
        chosen = self.world.team(team) if team else self.team
        people = [self.world.user(one, chosen.id) for one in members]
        made = self.world.install_of(self.app.id, chosen.id)
        if bot and made:
            people.append(chosen.users[made.bot_user])
        return add_channel(self.world, chosen, name, people, kind=kind)

    def other_bot_says(self, channel: str, text: str, thread_ts: str = "", *, name: str = "Otherbot") -> Message:
        """Another app's bot posts."""
        place = self.world.channel(channel)
        app = next((one for one in self.world.apps.values() if one.name == name), None) or add_app(self.world, name)
        app.events = set()
        team = self.world.teams[place.team_id]
        made = self.world.install_of(app.id, team.id) or install(self.world, app, team, next(iter(team.users.values())))
        if made.bot_user not in place.members:
            place.members.append(made.bot_user)
        kept = received(text)
        message = Message(
            ts=self.world.ids.ts(),
            channel=place.id,
            team_id=team.id,
            user=made.bot_user,
            text=kept,
            blocks=[rich_text(kept, self.world.ids)],
            thread_ts=thread_ts,
            app_id=app.id,
            bot_id=made.bot_id,
        )
        return self.happenings.post(message)

    # ---- channels

    def archive(self, channel: str, by: str = "ada") -> None:
        """A channel is archived; its history stays readable."""
        place = self.world.channel(channel)
        place.archived = True
        self.happenings.channel_event(place, "archive", self.world.user(by).id)

    def unarchive(self, channel: str, by: str = "ada") -> None:
        place = self.world.channel(channel)
        place.archived = False
        self.happenings.channel_event(place, "unarchive", self.world.user(by).id)

    def delete_channel(self, channel: str) -> None:
        """A channel is deleted for good."""
        place = self.world.channel(channel)
        self.happenings.channel_event(place, "deleted", "")
        place.deleted = True

    def rename(self, channel: str, name: str) -> None:
        place = self.world.channel(channel)
        place.previous_names.append(place.name)
        place.name = name
        described = {
            "id": place.id,
            "name": name,
            "name_normalized": name,
            "created": place.created,
            "is_channel": place.kind == "public",
            "is_mpim": False,
            "context_team_id": place.team_id,
        }
        self.happenings.channel_event(place, "rename", "", {"channel": described})

    def invite(self, channel: str, who: str = "", by: str = "ada") -> None:
        """Somebody, or the bot, is brought into a channel."""
        place = self.world.channel(channel)
        self.happenings.join(place, self.world.user(who).id if who else self._bot(place), self.world.user(by).id)

    def kick(self, channel: str, who: str = "") -> None:
        """Somebody, or the bot, is put out of a channel."""
        place = self.world.channel(channel)
        self.happenings.leave(place, self.world.user(who).id if who else self._bot(place))

    def _bot(self, place: Channel) -> str:
        made = self.world.install_of(self.app.id, place.team_id)
        assert made, "the app is not installed there"
        return made.bot_user

    # ---- people

    def change_user(self, user: str, **values: object) -> None:
        """Somebody's profile changes (tz, tz_offset, is_admin, deleted, …): `user_change`."""
        person = self.world.user(user)
        for name, value in values.items():
            setattr(person, name, value)
        person.updated = int(self.world.clock.now())
        event = {"type": "user_change", "user": user_json(person), "cache_ts": person.updated, "event_ts": self.world.ids.ts()}
        self.events.emit("user_change", person.team_id, event)

    def unfurl(self, message: Message) -> None:
        """Slack adds a link preview to a message: message_changed without anybody's edit."""
        preview = {"id": 1, "from_url": "https://example.com/", "fallback": "Example", "title": "Example", "service_name": "Example"}
        self.happenings.change(message, attachments=[*message.attachments, preview])
