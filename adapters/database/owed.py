"""The outbox's rows: what a post looks like there, and what is asked of all that is still owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, literal_column, not_, or_, select
from sqlalchemy.sql.selectable import FromClause

from adapters.database.statements import Inserting, table
from adapters.database.tables import ConversationRow, OutboxRow
from core.chat import Post

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""`not_before` of a post that never had to wait: no clock that jumps back can hold it up."""

rows = table(OutboxRow)
bound = table(ConversationRow)

INSERT = Inserting(rows, "key")
ABOUT = (
    select(rows.c.body)
    .where(rows.c.person == bindparam("its_person"), rows.c.body.is_not(None))
    .order_by(rows.c.seq.desc())
    .limit(bindparam("most"))
)


def row_of(post: Post, now: datetime) -> dict[str, Any]:
    """The row of a post that is owed from now on."""
    return {
        "key": post.key,
        "state": "pending",
        "queue": post.queue,
        "platform": post.into.platform,
        "space": post.into.space_key,
        "channel": str(post.channel),
        "person": post.about,
        "conversation": post.conversation,
        "opens": post.opens,
        "replaces": post.replaces,
        "bulk": post.bulk,
        "passing": post.audience.kind == "passing",
        "until": post.until,
        "attempts": 0,
        "doubts": 0,
        "uncertain": False,
        "not_before": post.not_before or AT_ONCE,
        "owed_at": max(now, post.not_before or now),
        "body": post.model_dump_json(),
    }


@dataclass(frozen=True)
class Backlog:
    """What is still to be sent."""

    posts: int
    oldest: datetime | None
    """When the oldest of them was committed."""


def about(connection: Connection, person: str, limit: int) -> list[Post]:
    """What was said to or about somebody, newest first."""
    found = connection.execute(ABOUT, {"its_person": person, "most": limit}).scalars()
    return [Post.model_validate_json(body) for body in found]


STATES: list[ColumnElement[Any]] = [literal_column("'pending'"), literal_column("'sending'")]


def waits(of: FromClause) -> ColumnElement[bool]:
    """Still owed: said twice, letter for letter as one partial index or the other says it."""
    return and_(of.c.state.in_(STATES), of.c.ended_at.is_(None))


BACKLOG = select(func.count(), func.min(rows.c.owed_at)).where(waits(rows))


def heads() -> ColumnElement[bool]:
    """It is the first of its queue that is owed.

    A value in order, and said so that only the index of queues will do. PostgreSQL's statistics say that next to nothing is owed just
    when much has fallen due; with a choice of partial indexes, or of joins, it then compares each post with each.
    """
    queued = rows.alias("queued")
    mine = (queued.c.queue == rows.c.queue, queued.c.ended_at.is_(None))
    return rows.c.seq == select(queued.c.seq).where(*mine).order_by(queued.c.seq).limit(literal_column("1")).scalar_subquery()


def has_a_place() -> ColumnElement[bool]:
    """It does not wait for its conversation's thread: it has none, opens it, or the thread is there (or its conversation is gone)."""
    unbound = exists(select(1).where(bound.c.key == rows.c.conversation, bound.c.place.is_(None)))
    return or_(rows.c.conversation.is_(None), rows.c.opens, not_(unbound))


def is_not_early() -> ColumnElement[bool]:
    """What it replaces is not still owed, in whatever queue. Found by its key, whatever the statistics say."""
    first = rows.alias("first")
    state = select(first.c.state).where(first.c.key == rows.c.replaces, first.c.seq < rows.c.seq).scalar_subquery()
    return or_(rows.c.replaces.is_(None), func.coalesce(state, literal_column("'gone'")).not_in(STATES))


def may_go() -> ColumnElement[bool]:
    """Owed, first of its queue, and with something to change or a place to go to."""
    return and_(waits(rows), heads(), has_a_place(), is_not_early())
