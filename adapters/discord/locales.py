"""The commands' names and descriptions in other languages. A language is a row here; what is missing stays English."""

from __future__ import annotations

from collections.abc import Mapping

import discord
from discord import app_commands

NAMES = (
    app_commands.TranslationContextLocation.command_name,
    app_commands.TranslationContextLocation.group_name,
    app_commands.TranslationContextLocation.parameter_name,
)

CATALOGUE: Mapping[discord.Locale, Mapping[str, str]] = {
    discord.Locale.german: {
        "Coach me on this": "Coache mich dazu",
        "A question to answer now, by competency, level or topic": "Eine Frage, jetzt zu beantworten: nach Bereich, Stufe oder Thema",
        "A mock interview with probing follow-ups and a debrief": "Ein Übungsinterview mit Nachfragen und Auswertung",
        "Have an answer reviewed, without an interview": "Eine Antwort durchsehen lassen, ohne Interview",
        "Your leadership stories": "Deine Geschichten zu den Leadership Principles",
        "What you practised and what is still open": "Was du geübt hast und was offen ist",
        "What the loop looks for, how to prepare, what to avoid": "Worauf es ankommt, wie man sich vorbereitet, was man meidet",
        "Level, time zone, reminders, quiet hours": "Stufe, Zeitzone, Erinnerungen, Ruhezeiten",
        "What is stored about you; take it along or erase it": "Was über dich gespeichert ist; mitnehmen oder löschen",
        "The channel's daily question": "Die tägliche Frage dieses Kanals",
        "All commands": "Alle Befehle",
    },
}
"""Language → English words → theirs. The words people type stay the same everywhere, so that help and buttons can name them."""


class Words(app_commands.Translator):
    """Looks them up."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """None: English."""
        known = CATALOGUE.get(locale, {}).get(string.message)
        menu = context.location is app_commands.TranslationContextLocation.command_name and isinstance(
            context.data, app_commands.ContextMenu
        )
        return None if context.location in NAMES and not menu else known
