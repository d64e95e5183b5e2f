"""The first of everything: what most tests mean by the app, its install and its workspace."""

from __future__ import annotations

from tests.fakes.slack.app import App
from tests.fakes.slack.model import Install, Team
from tests.fakes.slack.world import World


class Known:
    """Common ground of the parts of FakeSlack."""

    world: World

    @property
    def app(self) -> App:
        """The first app."""
        return next(iter(self.world.apps.values()))

    @property
    def install(self) -> Install:
        """The first app's install in the first workspace where it is."""
        return next(one for one in self.world.installs if one.app_id == self.app.id)

    @property
    def team(self) -> Team:
        """The first workspace."""
        return next(iter(self.world.teams.values()))
