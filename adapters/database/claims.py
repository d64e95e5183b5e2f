"""Claiming: which posts may be sent now, in one transaction and few statements.

A post goes when it is the first of its queue, its time has come and its thread exists. What is not worth sending any more is skipped on
the way, and then the next of its queue is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, exists, func, not_, select, update

from adapters.database.owed import bound, may_go, rows, waits
from adapters.database.statements import run
from core.chat import Place, Post, Receipt
from core.ports import Claim

KEYS: BindParameter[Any] = bindparam("keys", expanding=True)

THREAD = select(bound.c.key, bound.c.place).where(bound.c.key.in_(KEYS))
REPLACED = select(rows.c.key, rows.c.state, rows.c.receipt_place, rows.c.receipt_id).where(rows.c.key.in_(KEYS))
NEWEST = select(rows.c.replaces, func.max(rows.c.seq)).where(rows.c.replaces.in_(KEYS), waits(rows)).group_by(rows.c.replaces)
SKIP = update(rows).where(rows.c.seq == bindparam("its_seq")).values(state="skipped", why=bindparam("reason"), ended_at=bindparam("now"))
ORPHAN = (
    update(rows)
    .where(rows.c.queue == bindparam("its_conversation"), waits(rows), not_(rows.c.opens))
    .where(exists(select(1).where(bound.c.key == rows.c.queue, bound.c.place.is_(None))))
    .values(state="skipped", why="its thread was never opened", ended_at=bindparam("now"))
)
TAKE = (
    update(rows)
    .where(rows.c.seq.in_(bindparam("seqs", expanding=True)))
    .values(
        state="sending",
        attempts=rows.c.attempts + 1,
        not_before=bindparam("lease_until"),
        first_attempt_at=func.coalesce(rows.c.first_attempt_at, bindparam("now", type_=rows.c.first_attempt_at.type)),
    )
)


@dataclass(frozen=True)
class Wanted:
    """What a claim asks for."""

    limit: int
    now: datetime
    lease_until: datetime
    platforms: tuple[str, ...]
    queues: tuple[str, ...] | None
    avoid: tuple[str, ...] = ()


def wanted(limit: int, lease: float, now: datetime, platforms: Sequence[str], queues: Sequence[str] | None, avoid: Sequence[str]) -> Wanted:
    """The question of `core.ports.Outbox.claim`."""
    only = None if queues is None else tuple(queues)
    return Wanted(limit, now, now + timedelta(seconds=lease), tuple(platforms), only, tuple(avoid))


def claim(connection: Connection, ask: Wanted) -> list[Claim]:
    """Take what may be sent now."""
    claims: list[Claim] = []
    while len(claims) < ask.limit:
        found = candidates(connection, ask, ask.limit - len(claims))
        skipped = useless(connection, found, ask.now)
        if skipped:
            run(connection, SKIP, [{"its_seq": seq, "reason": why, "now": ask.now} for seq, why in skipped.items()])
            never_opened(connection, {row.conversation for row in found if row.seq in skipped and row.opens}, ask.now)
        good = [row for row in found if row.seq not in skipped]
        claims += take(connection, good, ask)
        if not skipped:
            break
    return claims


@lru_cache(maxsize=4)
def _candidates(some_queues: bool, some_full: bool) -> Select[Any]:
    asked = (
        select(rows.c.seq, rows.c.state, rows.c.attempts, rows.c.doubts, rows.c.uncertain, rows.c.first_attempt_at, rows.c.owed_at)
        .add_columns(rows.c.conversation, rows.c.opens, rows.c.replaces, rows.c.until, rows.c.body)
        .where(rows.c.not_before <= bindparam("now"), rows.c.platform.in_(bindparam("platforms", expanding=True)), may_go())
        .order_by(rows.c.bulk, rows.c.seq)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=rows)
    )
    if some_full:
        full: BindParameter[Any] = bindparam("avoid", expanding=True)
        asked = asked.where(rows.c.space.not_in(full), rows.c.channel.not_in(full))
    return asked.where(rows.c.queue.in_(bindparam("queues", expanding=True))) if some_queues else asked


def candidates(connection: Connection, ask: Wanted, most: int) -> Sequence[Row[Any]]:
    """The rows that may go, interactive ones first, locked where the database can."""
    values: dict[str, Any] = {"now": ask.now, "platforms": ask.platforms, "most": most}
    if ask.queues is not None:
        values["queues"] = ask.queues
    if ask.avoid:
        values["avoid"] = ask.avoid
    return connection.execute(_candidates(ask.queues is not None, bool(ask.avoid)), values).all()


def useless(connection: Connection, found: Sequence[Row[Any]], now: datetime) -> dict[int, str]:
    """Which of them are not worth sending, and why."""
    why: dict[int, str] = {row.seq: "too late" for row in found if row.until is not None and row.until < now}
    edits = {row.replaces for row in found if row.replaces}
    if edits:
        newest = dict(connection.execute(NEWEST, {"keys": list(edits)}).all())
        there = {row.key for row in replaced(connection, edits) if row.state == "sent"}
        for row in found:
            if row.replaces and row.replaces not in there:
                why[row.seq] = "what it replaces was never sent"
            elif row.replaces and newest.get(row.replaces, row.seq) > row.seq:
                why[row.seq] = "a newer one replaces it"
    conversations = {row.conversation for row in found if row.conversation}
    if conversations:
        known = threads(connection, conversations)
        why |= {row.seq: "its conversation is gone" for row in found if row.conversation and row.conversation not in known}
    return why


def take(connection: Connection, good: Sequence[Row[Any]], ask: Wanted) -> list[Claim]:
    """Make them ours until the lease runs out."""
    if not good:
        return []
    edits = replaced(connection, {row.replaces for row in good if row.replaces})
    receipts = {row.key: Receipt(place=Place.parse(row.receipt_place), id=row.receipt_id) for row in edits if row.receipt_place}
    values = {"seqs": [row.seq for row in good], "lease_until": ask.lease_until, "now": ask.now}
    connection.execute(TAKE, values)
    places = threads(connection, {row.conversation for row in good if row.conversation})
    return [
        Claim(
            id=row.seq,
            post=placed(Post.model_validate_json(row.body), places),
            attempt=row.attempts + 1,
            uncertain=row.uncertain or row.state == "sending",
            first_attempt_at=row.first_attempt_at or ask.now,
            lease_until=ask.lease_until,
            replaced=receipts.get(row.replaces),
            doubts=row.doubts,
            owed_at=row.owed_at,
        )
        for row in good
    ]


def never_opened(connection: Connection, conversations: Collection[str], now: datetime) -> None:
    """Their opening posts will not be sent: what waits for the threads goes too."""
    run(connection, ORPHAN, [{"its_conversation": key, "now": now} for key in conversations])


def placed(post: Post, places: Mapping[str, str | None]) -> Post:
    """The post, on its way into its conversation's thread; an opening one stays where it opens it."""
    place = places.get(post.conversation) if post.conversation and not post.opens else None
    return post.model_copy(update={"into": Place.parse(place)}) if place else post


def threads(connection: Connection, keys: Collection[str]) -> dict[str, str | None]:
    """Conversation → its place, of those that exist."""
    return dict(connection.execute(THREAD, {"keys": list(keys)}).all()) if keys else {}


def replaced(connection: Connection, keys: Collection[str]) -> Sequence[Any]:
    """How the posts with these keys stand."""
    return connection.execute(REPLACED, {"keys": list(keys)}).all() if keys else ()
