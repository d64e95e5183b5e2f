import pytest

from tests.fakes.world import World


@pytest.fixture
async def world() -> World:
    """The page on its first morning, Tuesday 24 November 2026, 10:00 in Berlin."""
    world = World()
    await world.install()
    return world
