"""Erasing a person, and letting old things fade."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Connection, bindparam, delete, or_, update

from adapters.database import inbox, leases, owed
from adapters.database.records import KINDS
from adapters.database.statements import table
from adapters.database.tables import PageEntryRow, PagePersonRow, SpendingRow

PERSON: BindParameter[str] = bindparam("its_person")
BEFORE: BindParameter[datetime] = bindparam("before")

entries = table(PageEntryRow).c
people = table(PagePersonRow).c
spending = table(SpendingRow)

ERASE = (
    *(delete(kind.table).where(kind.table.c[kind.owner] == PERSON) for kind in KINDS.values() if kind.owner),
    delete(owed.rows).where(owed.rows.c.person == PERSON),
    update(inbox.rows).where(inbox.rows.c.person == PERSON).values(state="done", body=None, person=None, why=None),
    delete(table(PageEntryRow)).where(or_(entries.person == PERSON, entries.only == PERSON, entries.about == PERSON)),
    delete(table(PagePersonRow)).where(people.key == PERSON),
    delete(spending).where(spending.c.who == PERSON),
)

FORGET_IDS = delete(inbox.rows).where(inbox.rows.c.received_at < BEFORE, inbox.rows.c.state != "waiting")
BLANK_DEAD = (
    update(inbox.rows)
    .where(inbox.rows.c.received_at < BEFORE, inbox.rows.c.state == "dead", inbox.rows.c.body.is_not(None))
    .values(body=None, person=None)
)
BLANK_POSTS = (
    update(owed.rows)
    .where(owed.rows.c.body.is_not(None), owed.rows.c.ended_at.is_not(None), owed.rows.c.ended_at < BEFORE)
    .values(body=None)
)

OLD_SPENDING = delete(spending).where(spending.c.day < BEFORE)
GONE_LEASES = delete(leases.rows).where(leases.rows.c.until < BEFORE)

IDS_STAY = timedelta(days=30)
DEAD_STAY = timedelta(days=1)
POSTS_STAY = timedelta(days=30)
SPENDING_STAYS = timedelta(days=40)


def erase(connection: Connection, person: str) -> None:
    """Everything about them goes; the bare ids of their messages stay."""
    for statement in ERASE:
        connection.execute(statement, {"its_person": person})


def fade(connection: Connection, now: datetime) -> int:
    """Old ids, the texts of dead messages and of posts that nobody changes any more; how many rows that touched."""
    steps = ((FORGET_IDS, IDS_STAY), (BLANK_DEAD, DEAD_STAY), (BLANK_POSTS, POSTS_STAY), (GONE_LEASES, DEAD_STAY))
    old = connection.execute(OLD_SPENDING, {"before": (now - SPENDING_STAYS).date()}).rowcount
    return old + sum(connection.execute(statement, {"before": now - age}).rowcount for statement, age in steps)
