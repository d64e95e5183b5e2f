"""The scripted interviewer: what it says next."""

from core.interview.move import Mark, Move

__all__ = ["Mark", "Move"]
