"""The four habits of the prep playbook and the four pitfalls, by id."""

from __future__ import annotations

from collections.abc import Mapping

HABITS: Mapping[str, str] = {
    "clarify": "asked or stated the load and failure assumptions",
    "compare": "compared two ways",
    "production": "gave an example from production",
    "operate": "said how it is run and watched",
}
PITFALLS: Mapping[str, str] = {
    "happy-path": "Only the happy path: nothing here fails, is late or comes twice.",
    "tool-names": "Tools are named, but not why this one and what it costs.",
    "no-data-model": "The reads and the keys are not said; the rest hangs on them.",
    "abstract": "No number, no alarm, no rollout: it could be any system.",
}
