"""Transport compression: one context for the life of a connection, flushed after every frame."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

Press = Callable[[bytes], bytes]


def press(name: str | None) -> Press | None:
    """How to write frames for `compress=name`; None for plain text. Raises LookupError for what this fake lacks."""
    if name is None:
        return None
    if name == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda data: deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if name == "zstd-stream":
        return _zstd()
    raise LookupError(name)


def _zstd() -> Press:
    """discord.py asks for it where `zstandard` is installed; then it is here as well."""
    try:
        import zstandard
    except ImportError:
        raise LookupError("zstd-stream") from None
    context: Any = zstandard.ZstdCompressor().compressobj()
    return lambda data: bytes(context.compress(data) + context.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))
