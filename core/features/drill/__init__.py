"""The daily question: a channel's standing order, its posts, its reveal, and what a person does with it."""

from __future__ import annotations

from core.features.drill import changing, form, gone, reminders, revealing, sharing
from core.features.drill.order import read_ordered
from core.features.handler import AnyHandler, Handler

HANDLERS: dict[str, AnyHandler] = {
    "drill": Handler(read=read_ordered, decide=changing.drill, form=form.form, check=form.check),
    "reveal": Handler(read=revealing.read_revealing, decide=revealing.reveal),
    "undelivered": Handler(read=gone.read_gone, decide=gone.gone),
    "remind": Handler(read=reminders.read_reminding, decide=reminders.remind),
    "nudge": Handler(read=reminders.read_reminding, decide=reminders.nudge),
    "mine": Handler(read=sharing.read_mine, decide=sharing.mine),
    "share": Handler(read=sharing.read_mine, decide=sharing.share),
}
