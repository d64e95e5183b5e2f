"""The slash commands, made from the command table: typed options, choices, completion, and where each may be used.

An action with arguments of its own is a subcommand (`/drill pause until:`); where the bare command is what people mean, its actions are
choices of one option (`/mock action:end`). They are sent to Discord only when they changed.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import discord
from discord import app_commands

from adapters.discord.controls import OPTION, shorter
from adapters.discord.locales import Words
from adapters.discord.suggesting import Suggesting
from core.chat import Option
from core.commands import COMMANDS, Command, Param

COACH_ME = "Coach me on this"
SUMMARY = 100
"""Characters of a description."""
GUILD_ONLY = ("drill",)
BY_GUILD = ("mock", "drill")
"""What we could not hold where only a person brought us along: there we may answer, and not speak."""
NOTE = "discord:commands"

Interaction = discord.Interaction[Any]
Heard = Callable[[Interaction, str, dict[str, str]], Any]


class Notes(Protocol):
    """A few words that outlive a restart. `adapters.database.notes.SqlNotes` is it."""

    async def get(self, key: str) -> str | None:
        """What was noted. StoreUnavailable."""

    async def put(self, key: str, text: str) -> None:
        """Note it, instead of what was noted there. StoreUnavailable."""


class Tree(app_commands.CommandTree[Any]):
    """All of them."""

    def __init__(self, client: Any, suggesting: Suggesting) -> None:
        super().__init__(client, fallback_to_global=True)
        self.failed: Callable[[Interaction], Any] | None = None
        """Told of a command that another version of us registered."""
        for row in COMMANDS:
            if row.shown:
                self.add_command(_made(row, suggesting))
        self.add_command(_coach_me())

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Unknown here, or with options that it does not have here: Discord still shows an older one."""
        if self.failed and interaction.type is discord.InteractionType.application_command:
            await self.failed(interaction)

    async def told(self) -> list[dict[str, Any]]:
        """Everything that Discord is told of them."""
        words = Words()
        return [await row.get_translated_payload(self, words) for row in self.get_commands()]


async def fingerprint(tree: Tree) -> str:
    """Names what Discord is told."""
    return hashlib.sha256(json.dumps(await tree.told(), sort_keys=True).encode()).hexdigest()


async def bring(tree: Tree, notes: Notes, application: int) -> bool:
    """Tell Discord where something changed since it was told last; whether it was. HTTPException, StoreUnavailable."""
    now = f"{application}:{await fingerprint(tree)}"
    if await notes.get(NOTE) == now:
        return False
    await tree.sync()
    await notes.put(NOTE, now)
    return True


# --- one command -----------------------------------------------------------------------------------------------------


def _made(row: Command, suggesting: Suggesting) -> app_commands.Command[Any, ..., Any] | app_commands.Group:
    where = _where(row.name)
    if not any(param.of for param in row.params):
        actions = [_action(row)] if row.actions else []
        return _command(row, row.name, row.summary, (*actions, *row.params), {}, suggesting, **where)
    group = app_commands.Group(name=row.name, description=_short(row.summary), **where)
    for word, summary in row.actions:
        params = tuple(param for param in row.params if not param.of or word in param.of)
        group.add_command(_command(row, word, summary, params, {"action": word}, suggesting))
    return group


def _command(
    row: Command, name: str, summary: str, params: Sequence[Param], given: Mapping[str, str], suggesting: Suggesting, **where: Any
) -> app_commands.Command[Any, ..., Any]:
    async def callback(interaction: Interaction, **options: Any) -> None:
        fields = {key: str(value) for key, value in options.items() if value is not None}
        await interaction.client.interactions.command(interaction, row.name, {**given, **fields})

    callback.__signature__ = _signature(params)  # type: ignore[attr-defined]
    callback.__discord_app_commands_param_description__ = {  # type: ignore[attr-defined]
        param.name: _short(param.summary) for param in params
    }
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(name=name, description=_short(summary), callback=callback, **where)
    for param in params:
        way = suggesting.ways(row.name, param.name)
        if way and not param.options:
            made.autocomplete(param.name)(_completing(way))
    return made


def _signature(params: Sequence[Param]) -> inspect.Signature:
    """As if a function with these options had been written down."""
    interaction = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Signature([interaction, *map(_option, sorted(params, key=lambda param: not param.required))])


def _option(param: Param) -> inspect.Parameter:
    whole: type = int if param.options and all(option.value.isdigit() for option in param.options) else str
    choices = [app_commands.Choice(name=shorter(option.label, OPTION), value=whole(option.value)) for option in param.options]
    transformed = _Typed(whole, choices)
    annotation: Any = app_commands.Transform[whole, transformed]
    default = inspect.Parameter.empty if param.required else None
    return inspect.Parameter(param.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


class _Typed(app_commands.Transformer):
    """An option with its type and its choices."""

    def __init__(self, kind: type, choices: list[app_commands.Choice[Any]]) -> None:
        self._kind = discord.AppCommandOptionType.integer if kind is int else discord.AppCommandOptionType.string
        self._choices = choices

    @property
    def type(self) -> discord.AppCommandOptionType:
        """What Discord lets people enter."""
        return self._kind

    @property
    def choices(self) -> list[app_commands.Choice[Any]] | None:
        """What may be chosen; None: anything."""
        return self._choices or None

    async def transform(self, interaction: Interaction, value: Any, /) -> Any:
        """As it was entered."""
        return value


def _completing(way: Callable[[str], Sequence[tuple[str, str]]]) -> Any:
    async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=value) for name, value in way(current)]

    return complete


def _coach_me() -> app_commands.ContextMenu:
    async def coach_me(interaction: Interaction, message: discord.Message) -> None:
        await interaction.client.interactions.coach_me(interaction, message)

    return app_commands.ContextMenu(name=COACH_ME, callback=coach_me, **_where("review"))


def _action(row: Command) -> Param:
    return Param(
        name="action", summary="What to do", options=tuple(Option(value=word, label=f"{word}: {text}") for word, text in row.actions)
    )


def _where(name: str) -> dict[str, Any]:
    user = name not in BY_GUILD
    return {
        "allowed_installs": app_commands.AppInstallationType(guild=True, user=user),
        "allowed_contexts": app_commands.AppCommandContext(guild=True, dm_channel=name not in GUILD_ONLY, private_channel=user),
    }


def _short(summary: str) -> str:
    return shorter(summary, SUMMARY)
