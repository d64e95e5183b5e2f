"""One question at a time: ask for one, answer it, see what the answer shows, open the bullets, try again."""

from __future__ import annotations

from core.features.handler import AnyHandler, Handler
from core.features.practice import answering, asking, bullets, inventing, point, rating, talking
from core.features.practice.answering import check_text, read_answering

HANDLERS: dict[str, AnyHandler] = {
    "question": Handler(read=asking.read_seen, decide=asking.ask),
    "answer": Handler(read=read_answering, decide=answering.answer, form=answering.answer_form, check=check_text),
    "retry": Handler(read=read_answering, decide=answering.answer, form=answering.answer_form, check=check_text),
    "review": Handler(read=answering.read_paste, decide=answering.paste, form=answering.paste_form, check=check_text),
    "pass": Handler(read=read_answering, decide=bullets.give_up),
    "bullets": Handler(read=read_answering, decide=bullets.bullets),
    "followup": Handler(read=read_answering, decide=point.followup, form=point.followup_form, check=check_text),
    "ask": Handler(read=talking.read_reviewed, decide=talking.ask, form=talking.ask_form, check=talking.check),
    "discuss": Handler(read=talking.read_reviewed, decide=talking.discuss),
    "fit": Handler(read=talking.read_fitting, decide=talking.fit),
    "coin": Handler(read=inventing.read_order, decide=inventing.coin),
    "rate": Handler(read=rating.read_rated, decide=rating.rate),
}
