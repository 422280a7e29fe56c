"""An archive as a file of pieces in the database: written once from front to end, read anywhere."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

from sqlalchemy import insert, select
from sqlalchemy.engine import Engine

from portal.billing.models import ArchiveChunk
from portal.core.db import db
from portal.core.transaction import transaction

PIECE = 1 << 20


class PieceWriter(io.RawIOBase):
    """Takes bytes and writes them in pieces of a MB, each in a transaction of its own: no lock is held in between."""

    def __init__(self, archive_id: int, attempt: int) -> None:
        super().__init__()
        self._key = {"archive_id": archive_id, "attempt": attempt}
        self._waiting = bytearray()
        self._hash = hashlib.sha256()
        self.pieces = self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        """Take `content` in."""
        view = memoryview(content)  # type: ignore[arg-type]
        self._waiting += view
        while len(self._waiting) >= PIECE:
            self._put(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]
        return len(view)

    def finish(self) -> str:
        """Write what is left; the SHA-256 of everything."""
        if self._waiting:
            self._put(bytes(self._waiting))
            self._waiting.clear()
        return self._hash.hexdigest()

    def _put(self, piece: bytes) -> None:
        with transaction() as session:
            session.execute(insert(ArchiveChunk).values(**self._key, position=self.pieces, content=piece))
        self._hash.update(piece)
        self.pieces += 1
        self.size += len(piece)


class PieceReader(io.RawIOBase):
    """The pieces of an archive as a file that can be read from anywhere; holds one piece in memory."""

    def __init__(self, archive_id: int, attempt: int, size: int) -> None:
        super().__init__()
        self._where = (ArchiveChunk.archive_id == archive_id, ArchiveChunk.attempt == attempt)
        self._size, self._at = size, 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, target: object) -> int:
        """Fill `target` with what stands here, up to the end of the piece."""
        view = memoryview(target).cast("B")  # type: ignore[arg-type]
        if self._at >= self._size:
            return 0
        position, within = divmod(self._at, PIECE)
        if self._held[0] != position:
            piece = db.session.scalar(
                select(ArchiveChunk.content).where(*self._where, ArchiveChunk.position == position)
            )
            self._held = (position, piece or b"")
        part = self._held[1][within : within + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)


def stream_pieces(engine: Engine, archive_id: int, attempt: int) -> Iterator[bytes]:
    """The pieces in their order on a connection of their own: an answer is sent after its request is over."""
    of_it = (ArchiveChunk.archive_id == archive_id, ArchiveChunk.attempt == attempt)
    position = 0
    while True:
        statement = select(ArchiveChunk.content).where(*of_it, ArchiveChunk.position == position)
        with engine.connect() as connection:
            piece = connection.scalar(statement)
        if piece is None:
            return
        yield piece
        position += 1
