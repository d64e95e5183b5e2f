"""The fake OpenAI: a server on loopback that the openai library or anything else connects to."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Self

from aiohttp import web

from tests.fakes.openai import errors
from tests.fakes.openai.brain import Brain, Script, absent
from tests.fakes.openai.errors import Failure
from tests.fakes.openai.faults import Fault
from tests.fakes.openai.judge import judge
from tests.fakes.openai.plan import Plan
from tests.fakes.openai.reply import Reply
from tests.fakes.openai.request import Request, without_secrets
from tests.fakes.openai.sending import Broken, Closing, Pace, Sender
from tests.fakes.openai.usage import PromptCache, usage


class FakeOpenAI:
    """`async with FakeOpenAI() as server:`. State in memory; nothing leaves the machine.

    ::

        client = AsyncOpenAI(base_url=server.url, api_key=server.key)
        server.says("Hello.", {"verdict": "covered"})      # the next two answers; `server.brain` gives the others
        server.faults.append(Busy(retry_after=1))          # for the next request; `server.always` for every one
        ... what is tested asks ...
        assert server.requests[-1].schema == "Verdict" and not server.violations

    Any model's name will do; `models` are those that are listed. Faults meet requests for completions; a standing one that
    fails or hangs meets the list of models too.
    """

    def __init__(
        self,
        *,
        key: str = "sk-fake",
        brain: Brain = absent,
        models: Sequence[str] = ("gpt-6-luna",),
        first_token: float = 0.0,
        between: float = 0.0,
        chunk: int = 16,
        judged: bool = True,
        strict: bool = False,
        port: int = 0,
    ) -> None:
        self.key = key
        self.brain = brain
        self.models = list(models)
        self.first_token = first_token
        """Seconds to the first token."""
        self.between = between
        """Seconds between pieces of text."""
        self.chunk = chunk
        """Characters in a piece."""
        self.judge = judge() if judged else None
        self.strict = strict
        """Whether a request with violations is answered 400."""
        self.faults: deque[Fault] = deque()
        """Consumed one per request."""
        self.always: Fault | None = None
        self.requests: list[Request] = []
        """For completions, in order; those with a wrong key too."""
        self.violations: list[str] = []
        self.errors: list[Exception] = []
        """What the brain raised."""
        self.script = Script()
        self.url = ""
        self._cache = PromptCache()
        self._closing = Closing()
        self._numbers = itertools.count(1)
        self._started = int(time.time())
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_get("/v1/models", self._list)
        app.router.add_get("/v1/models/{name:.+}", self._retrieve)
        app.router.add_route("*", "/{path:.*}", self._lost)
        self._closing = Closing()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        assert self._runner is not None
        await self._runner.cleanup()

    def says(self, *contents: Any) -> None:
        """The next answers, in order, before the brain is asked: text, or something that becomes JSON."""
        self.script.add(*contents)

    async def until(self, true: Callable[[], Any], timeout: float = 5.0, what: str = "") -> None:
        """Wait for something to be so: a request to come, a client to go away. Real seconds."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + timeout
        while not true():
            if loop.time() >= ends:
                raise TimeoutError(f"waited {timeout} s for {what or 'it'}")
            await asyncio.sleep(0.003)

    # Handlers --------------------------------------------------------------------------------------------------------------

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return self._fail(errors.not_json())
        asked = Request(body, without_secrets(request.headers), time.time())
        self.requests.append(asked)
        if not self._knows(request):
            return self._fail(errors.wrong_key(request.headers.get("Authorization")))
        violations = self.judge.request(body) if self.judge else []
        self.violations += violations
        if violations and self.strict:
            return self._fail(errors.invalid(violations))
        try:
            return await self._carry_out(self._plan(asked), request, asked)
        except Broken:
            return self._break(request)
        except BaseException:
            asked.left = True
            raise

    async def _carry_out(self, plan: Plan, request: web.Request, asked: Request) -> web.StreamResponse:
        blocked = await self._blocked(plan)
        if blocked is not None:
            return blocked
        try:
            reply = self._reply(plan, asked)
        except Exception as error:
            self.errors.append(error)
            return self._fail(errors.failed_brain(error))
        pace = Pace(self.first_token + plan.wait, self.between, self.chunk)
        sender = Sender(request, reply, pace, self._closing, plan.cut_after, self._headers())
        if asked.stream:
            return await sender.stream(usage=asked.wants_usage and plan.usage)
        return await sender.whole()

    async def _list(self, request: web.Request) -> web.StreamResponse:
        return await self._about_models(request, {"object": "list", "data": [self._model(each) for each in self.models]})

    async def _retrieve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name in self.models:
            return await self._about_models(request, self._model(name))
        return await self._about_models(request, errors.no_such_model(name))

    async def _about_models(self, request: web.Request, answer: dict[str, Any] | Failure) -> web.StreamResponse:
        if not self._knows(request):
            return self._fail(errors.wrong_key(request.headers.get("Authorization")))
        plan = Plan()
        if self.always:
            self.always.change(plan, Request({}, {}, time.time()))
        try:
            blocked = await self._blocked(plan)
        except Broken:
            return self._break(request)
        if blocked is not None:
            return blocked
        return self._fail(answer) if isinstance(answer, Failure) else web.json_response(answer, headers=self._headers())

    async def _lost(self, request: web.Request) -> web.StreamResponse:
        return self._fail(errors.no_such_url(request.method, request.path))

    # Parts of an answer ----------------------------------------------------------------------------------------------------

    def _knows(self, request: web.Request) -> bool:
        return secrets.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {self.key}".encode())

    def _plan(self, asked: Request) -> Plan:
        plan = Plan()
        if self.always:
            self.always.change(plan, asked)
        if self.faults:
            self.faults.popleft().change(plan, asked)
        return plan

    async def _blocked(self, plan: Plan) -> web.StreamResponse | None:
        """What is answered in place of anything that the model says."""
        if plan.hangs:
            await self._closing.pause(None)
        if plan.failure or plan.raw:
            await self._closing.pause(plan.wait)
        if plan.failure:
            return self._fail(plan.failure)
        if plan.raw:
            body, kind = plan.raw
            return web.Response(body=body.encode(), headers={**self._headers(), "Content-Type": kind})
        return None

    def _reply(self, plan: Plan, asked: Request) -> Reply:
        content = plan.content
        if content is None and plan.refusal is None:
            content = self.script.next(asked, self.brain)
        if content is not None and not plan.ends:
            content = content[: len(content) // 2 if plan.keep is None else plan.keep]
        counted = usage(asked.prompt, content or plan.refusal or "", self._cache.meet(asked)) if plan.usage else None
        return Reply(
            id=f"chatcmpl-{next(self._numbers):06}",
            created=int(time.time()),
            model=asked.model,
            content=None if plan.refusal is not None else content,
            refusal=plan.refusal,
            finish="stop" if plan.ends else "length",
            usage=counted,
        )

    def _model(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": self._started, "owned_by": "system"}

    def _fail(self, failure: Failure) -> web.Response:
        return web.json_response(failure.body, status=failure.status, headers={**self._headers(), **failure.headers})

    def _headers(self) -> dict[str, str]:
        return {"x-request-id": f"req_{next(self._numbers):06}"}

    @staticmethod
    def _break(request: web.Request) -> web.StreamResponse:
        """Close the connection in the middle of things; what was written before still arrives."""
        if request.transport:
            request.transport.close()
        return web.Response()
