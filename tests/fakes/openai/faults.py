"""What goes wrong on purpose. `server.faults.append(Busy(1))` for the next request, `server.always = …` for every one.

Where both are there, the standing fault is applied first. A fault that answers in the model's place does not ask the brain, so
scripted contents wait for a request that reaches it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.openai.errors import INVALID, Failure
from tests.fakes.openai.plan import Plan
from tests.fakes.openai.request import Request


class Fault:
    """One thing that goes wrong."""

    def change(self, plan: Plan, request: Request) -> None:
        raise NotImplementedError


class Fine(Fault):
    """Nothing goes wrong: a place in the queue for a request that succeeds."""

    def change(self, plan: Plan, request: Request) -> None:
        return


@dataclass(frozen=True)
class Busy(Fault):
    """429 rate_limit_exceeded; `retry_after` None: without the header."""

    retry_after: float | None = 1

    def change(self, plan: Plan, request: Request) -> None:
        headers = {} if self.retry_after is None else {"Retry-After": f"{self.retry_after:g}"}
        plan.failure = Failure(429, "Rate limit reached. Please try again later.", "requests", "rate_limit_exceeded", headers=headers)


@dataclass(frozen=True)
class Quota(Fault):
    """429 insufficient_quota: no money left; waiting does not help."""

    def change(self, plan: Plan, request: Request) -> None:
        plan.failure = Failure(429, "You exceeded your current quota.", "insufficient_quota", "insufficient_quota")


@dataclass(frozen=True)
class Down(Fault):
    """The server answers with a 5xx."""

    status: int = 500

    def change(self, plan: Plan, request: Request) -> None:
        plan.failure = Failure(self.status, "The server had an error while processing your request.", "server_error")


@dataclass(frozen=True)
class Refuses(Fault):
    """A server that does not know a parameter, such as `response_format.json_schema`. Requests without it pass."""

    param: str
    status: int = 400
    code: str | None = "unsupported_parameter"

    def change(self, plan: Plan, request: Request) -> None:
        if request.has(self.param):
            said = f"Unsupported parameter: '{self.param}' is not supported with this model."
            plan.failure = Failure(self.status, said, INVALID, self.code, self.param)


@dataclass(frozen=True)
class SlowStart(Fault):
    """The first token takes its time; a stream's headers are sent at once."""

    seconds: float

    def change(self, plan: Plan, request: Request) -> None:
        plan.wait += self.seconds


@dataclass(frozen=True)
class Hang(Fault):
    """No answer, until the client goes away or the server closes."""

    def change(self, plan: Plan, request: Request) -> None:
        plan.hangs = True


@dataclass(frozen=True)
class CutOff(Fault):
    """The connection breaks after so many pieces of text; in a reply that is not streamed, in the middle."""

    after_chunks: int = 1

    def change(self, plan: Plan, request: Request) -> None:
        plan.cut_after = self.after_chunks


@dataclass(frozen=True)
class Garbage(Fault):
    """200 with a body that is neither JSON nor server-sent events."""

    body: str = "<html><body>It works!</body></html>"
    content_type: str = ""
    """Empty: the one that the client expects."""

    def change(self, plan: Plan, request: Request) -> None:
        expected = "text/event-stream" if request.stream else "application/json"
        plan.raw = (self.body, self.content_type or expected)


@dataclass(frozen=True)
class WrongShape(Fault):
    """A valid reply with content that the client did not ask for: text, or something that becomes JSON."""

    content: Any = field(default_factory=lambda: {"unexpected": True})

    def change(self, plan: Plan, request: Request) -> None:
        plan.content = self.content if isinstance(self.content, str) else json.dumps(self.content)


@dataclass(frozen=True)
class Refusal(Fault):
    """The model refuses: a refusal in place of content."""

    text: str = "I can't help with that."

    def change(self, plan: Plan, request: Request) -> None:
        plan.refusal = self.text


@dataclass(frozen=True)
class Length(Fault):
    """The output cap is reached: the content ends early. `keep`: characters that stay; None: half."""

    keep: int | None = None

    def change(self, plan: Plan, request: Request) -> None:
        plan.ends, plan.keep = False, self.keep


@dataclass(frozen=True)
class NoUsage(Fault):
    """The reply says nothing about tokens."""

    def change(self, plan: Plan, request: Request) -> None:
        plan.usage = False


@dataclass(frozen=True)
class Several(Fault):
    """More than one at once."""

    faults: tuple[Fault, ...]

    def __init__(self, *faults: Fault) -> None:
        object.__setattr__(self, "faults", faults)

    def change(self, plan: Plan, request: Request) -> None:
        for each in self.faults:
            each.change(plan, request)
