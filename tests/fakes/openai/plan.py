"""How one request will be answered: faults write into it, the server carries it out."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.openai.errors import Failure


@dataclass
class Plan:
    """In the beginning: answer at once with what the brain says."""

    wait: float = 0.0
    """Seconds on top of the usual time to the first token."""
    hangs: bool = False
    failure: Failure | None = None
    raw: tuple[str, str] | None = None
    """A body and its content type, sent with status 200 in place of everything."""
    content: str | None = None
    """Said in place of the brain, which then is not asked."""
    refusal: str | None = None
    """The same, as a refusal."""
    ends: bool = True
    """Whether the content is complete; else it is cut and finish_reason is length."""
    keep: int | None = None
    """How many characters of a cut content stay; None: half."""
    cut_after: int | None = None
    """After how many pieces of text the connection breaks."""
    usage: bool = True
