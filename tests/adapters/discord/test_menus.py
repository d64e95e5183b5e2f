"""The commands as Discord is told of them, and what is offered while somebody types."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from adapters.discord.menus import Tree, bring, fingerprint
from adapters.discord.suggesting import Suggesting
from core.commands import COMMANDS
from tests.adapters.discord.stage import MemoryNotes, Whole
from tests.fakes.discord.rules.commands import check_all
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.world import BANK


async def told() -> list[dict[str, Any]]:
    return await Tree(discord.Client(intents=discord.Intents(guilds=True)), Suggesting(BANK)).told()


def named(commands: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(each for each in commands if each["name"] == name)


async def test_every_command_that_people_type_is_there_with_its_arguments() -> None:
    commands = await told()
    check_all(commands)
    assert {each["name"] for each in commands} == {row.name for row in COMMANDS if row.shown} | {"Coach me on this"}
    for row in COMMANDS:
        if row.shown and not any(param.of for param in row.params):
            options = [each["name"] for each in named(commands, row.name)["options"]]
            assert options == (["action"] if row.actions else []) + [param.name for param in row.params]


async def test_options_are_typed_and_have_choices_or_completion() -> None:
    commands = await told()
    mock = {each["name"]: each for each in named(commands, "mock")["options"]}
    assert mock["minutes"]["type"] == 4
    assert [choice["value"] for choice in mock["minutes"]["choices"]] == [5, 15, 45]
    assert mock["question"]["autocomplete"]
    drill = {each["name"]: each for each in named(commands, "drill")["options"]}
    assert drill["pause"]["type"] == 1
    assert [each["name"] for each in drill["pause"]["options"]] == ["until"]
    assert {each["name"] for each in drill["setup"]["options"]} >= {"time", "zone"}


async def test_where_each_may_be_used() -> None:
    commands = await told()
    assert named(commands, "question")["integration_types"] == [0, 1]
    assert sorted(named(commands, "question")["contexts"]) == [0, 1, 2]
    assert named(commands, "mock")["integration_types"] == [0]
    assert sorted(named(commands, "mock")["contexts"]) == [0, 1]
    assert named(commands, "drill")["contexts"] == [0]


async def test_descriptions_come_in_other_languages() -> None:
    commands = await told()
    assert named(commands, "help")["description_localizations"] == {"de": "Alle Befehle"}
    assert named(commands, "Coach me on this")["name_localizations"] == {"de": "Coache mich dazu"}
    assert not named(commands, "help").get("name_localizations"), "what people type is the same everywhere"


async def test_the_name_of_it_all_stays_while_nothing_changes() -> None:
    tree, other = (Tree(discord.Client(intents=discord.Intents(guilds=True)), Suggesting(BANK)) for _ in range(2))
    before = await fingerprint(tree)
    assert await fingerprint(other) == before
    tree.remove_command("help")
    assert await fingerprint(tree) != before


async def test_a_failure_to_tell_leaves_no_note() -> None:
    client = discord.Client(intents=discord.Intents(guilds=True))
    tree, notes = Tree(client, Suggesting(BANK)), MemoryNotes()

    async def fails(**_: object) -> None:
        raise discord.DiscordException

    tree.sync = fails  # type: ignore[method-assign,assignment]
    with pytest.raises(discord.DiscordException):
        await bring(tree, notes, 1)
    assert not notes


@pytest.mark.parametrize(
    ("command", "option", "typed", "offered"),
    [
        ("question", "id", "order", "order-status-api"),
        ("mock", "question", "order", "order-status-api"),
        ("question", "topic", "idem", "idempotency"),
        ("settings", "zone", "berl", "Europe/Berlin"),
        ("help", "command", "dri", "drill"),
    ],
)
async def test_completion(fake: FakeDiscord, bot: Whole, command: str, option: str, typed: str, offered: str) -> None:
    found = await bot.ada.types_option(command, option, typed, bot.channel)
    assert offered in [choice["value"] for choice in found]
    assert len(found) <= 25


def test_nothing_typed_offers_something() -> None:
    suggesting = Suggesting(BANK)
    for command, param in (("question", "id"), ("question", "topic"), ("settings", "zone"), ("help", "command")):
        way = suggesting.ways(command, param)
        assert way is not None
        assert 1 <= len(way("")) <= 25
        assert way("there is no such thing") == []
