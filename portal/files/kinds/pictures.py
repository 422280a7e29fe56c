"""PNG and JPEG: their shape from the first byte to the last. Pure."""

from __future__ import annotations

import struct
import zlib

from portal.files.kinds.basis import FileKind, FileProblem, Unfit, refuse_shape

MOST_PIXELS = 100_000_000


def check_png(content: bytes, kind: FileKind) -> None:
    """Raises Unfit for a picture that is cut off, changed or too large."""
    place, seen = 8, list[bytes]()
    while place < len(content):
        length, chunk = struct.unpack_from(">I4s", content, place)
        body = content[place + 4 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, place + 8 + length)
        if checksum != zlib.crc32(body):
            raise Unfit(FileProblem.DAMAGED)
        if not seen:
            refuse_shape(chunk == b"IHDR" and length == 13)
            _refuse_pixels(*struct.unpack_from(">II", body, 4))
        seen.append(chunk)
        place += 12 + length
        if chunk == b"IEND":
            break
    refuse_shape(b"IDAT" in seen and seen[-1] == b"IEND" and place == len(content))


_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def check_jpeg(content: bytes, kind: FileKind) -> None:
    """Raises Unfit for a picture that is cut off, misshapen or too large."""
    place, has_frame = 2, False
    while True:
        refuse_shape(content[place] == 0xFF)
        marker = content[place + 1]
        if marker == 0xFF:  # a fill byte
            place += 1
            continue
        if marker in _STANDALONE:
            place += 2
            continue
        (length,) = struct.unpack_from(">H", content, place + 2)
        refuse_shape(length >= 2 and place + 2 + length <= len(content))
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, place + 5)
            _refuse_pixels(width, height)
            has_frame = True
        if marker == 0xDA:
            break
        place += 2 + length
    refuse_shape(has_frame and content.rstrip(b"\x00").endswith(b"\xff\xd9"))


def _refuse_pixels(width: int, height: int) -> None:
    if not width or not height or width * height > MOST_PIXELS:
        raise Unfit(FileProblem.UNPACKS_TOO_LARGE if width and height else FileProblem.DAMAGED)
