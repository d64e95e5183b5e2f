"""The outbox of `tests.fakes.memory_store.MemoryStore`: the same promises, said plainly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.chat import Message, Place, Post, Receipt
from core.ports import Claim
from core.records import Conversation

if TYPE_CHECKING:
    from tests.fakes.memory_store import MemoryStore

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Owed:
    """A post in the outbox."""

    seq: int
    post: Post
    state: str = "pending"
    attempts: int = 0
    doubts: int = 0
    uncertain: bool = False
    first_attempt_at: datetime | None = None
    not_before: datetime = AT_ONCE
    receipt: Receipt | None = None
    why: str = ""
    owed_at: datetime | None = None

    @property
    def waits(self) -> bool:
        return self.state in ("pending", "sending")

    def end(self, state: str, why: str) -> None:
        self.state, self.why = state, why


class MemoryOutbox:
    """Implements `core.ports.Outbox`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @property
    def _rows(self) -> list[Owed]:
        return list(self._store.memory.outbox.values())

    async def claim(
        self,
        *,
        limit: int,
        lease: float,
        now: datetime,
        platforms: Sequence[str],
        queues: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
    ) -> Sequence[Claim]:
        self._store.writable()
        claims: list[Claim] = []
        while len(claims) < limit:
            may = [
                row
                for row in self._rows
                if self._may_go(row)
                and row.not_before <= now
                and row.post.into.platform in platforms
                and (queues is None or row.post.queue in queues)
                and row.post.into.space_key not in avoid
                and str(row.post.channel) not in avoid
            ]
            may = sorted(may, key=lambda row: (row.post.bulk, row.seq))[: limit - len(claims)]
            skipped = [row for row in may if self._useless(row, now)]
            claims += [self._take(row, now, lease) for row in may if row not in skipped]
            if not skipped:
                break
        return claims

    async def sent(self, claim: Claim, receipt: Receipt, now: datetime) -> bool:
        self._store.writable()
        row = self._ours(claim)
        if row is None:
            return False
        row.state, row.receipt = "sent", receipt
        conversation = self._conversation(row.post)
        if row.post.opens and conversation:
            bound = conversation.model_copy(update={"place": str(receipt.place), "version": conversation.version + 1})
            self._store.memory.records[(Conversation, bound.key)] = bound
        return True

    async def put_back(self, claim: Claim, *, not_before: datetime, uncertain: bool, why: str, counts: bool = False) -> None:
        self._store.writable()
        if row := self._ours(claim):
            row.state, row.not_before, row.uncertain, row.why = "pending", not_before, uncertain, why
            row.doubts += counts

    async def give_up(self, claim: Claim, *, why: str, dead: bool, tell: Message | None = None) -> bool:
        self._store.writable()
        row = self._ours(claim)
        if row is None:
            return False
        row.end("dead" if dead else "skipped", why)
        self._never_opened(row)
        if tell is not None:
            await self._store.inbox.receive(tell)
        return True

    async def take_over(self, *, platform: str, now: datetime, after: float) -> int:
        self._store.writable()
        sending = [row for row in self._rows if row.state == "sending" and row.post.into.platform == platform]
        for row in sending:
            row.state, row.uncertain, row.not_before = "pending", True, min(row.not_before, now + timedelta(seconds=after))
        return len(sending)

    async def receipt(self, key: str) -> Receipt | None:
        row = self._store.memory.outbox.get(key)
        return row.receipt if row else None

    async def next_at(self, platforms: Sequence[str] | None = None) -> datetime | None:
        rows = [row for row in self._rows if self._may_go(row) and (platforms is None or row.post.into.platform in platforms)]
        return min((row.not_before for row in rows), default=None)

    def _ours(self, claim: Claim) -> Owed | None:
        row = self._store.memory.outbox.get(claim.post.key)
        return row if row and row.seq == claim.id and row.attempts == claim.attempt and row.state == "sending" else None

    def _conversation(self, post: Post) -> Conversation | None:
        found = self._store.memory.records.get((Conversation, post.conversation or ""))
        return found if isinstance(found, Conversation) else None

    def _may_go(self, row: Owed) -> bool:
        if not row.waits or any(other.waits and other.seq < row.seq and other.post.queue == row.post.queue for other in self._rows):
            return False
        first = self._store.memory.outbox.get(row.post.replaces or "")
        if first and first.waits and first.seq < row.seq:
            return False
        conversation = self._conversation(row.post)
        return row.post.opens or conversation is None or conversation.place is not None

    def _useless(self, row: Owed, now: datetime) -> bool:
        post = row.post
        replaced = self._store.memory.outbox.get(post.replaces or "")
        if post.until is not None and post.until < now:
            row.end("skipped", "too late")
        elif post.replaces and (replaced is None or replaced.state != "sent"):
            row.end("skipped", "what it replaces was never sent")
        elif post.replaces and any(other.waits and other.seq > row.seq and other.post.replaces == post.replaces for other in self._rows):
            row.end("skipped", "a newer one replaces it")
        elif post.conversation and self._conversation(post) is None:
            row.end("skipped", "its conversation is gone")
        else:
            return False
        self._never_opened(row)
        return True

    def _never_opened(self, opening: Owed) -> None:
        conversation = self._conversation(opening.post)
        if opening.post.opens and conversation and conversation.place is None:
            for row in self._rows:
                if row.waits and not row.post.opens and row.post.conversation == conversation.key:
                    row.end("skipped", "its thread was never opened")

    def _take(self, row: Owed, now: datetime, lease: float) -> Claim:
        row.uncertain = row.uncertain or row.state == "sending"
        row.state, row.attempts = "sending", row.attempts + 1
        row.first_attempt_at = row.first_attempt_at or now
        row.not_before = now + timedelta(seconds=lease)
        conversation, post = self._conversation(row.post), row.post
        if conversation and conversation.place and not post.opens:
            post = post.model_copy(update={"into": Place.parse(conversation.place)})
        replaced = self._store.memory.outbox.get(post.replaces or "")
        return Claim(
            id=row.seq,
            post=post,
            attempt=row.attempts,
            uncertain=row.uncertain,
            first_attempt_at=row.first_attempt_at,
            lease_until=row.not_before,
            replaced=replaced.receipt if replaced else None,
            doubts=row.doubts,
            owed_at=row.owed_at,
        )
