"""Removes what cameras and programs write into pictures, such as where one was taken.

What is drawn stays as it is, byte by byte: nothing is decoded and compressed again. Only parts
that are known to be needed for drawing are kept, so nothing can hide in others, and nothing stands
behind the end of the picture.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator

UPRIGHT = 1


class DamagedPictureError(Exception):
    """The parts of the picture cannot be told apart."""


def without_metadata(file: bytes, media_type: str, orientation: int = UPRIGHT) -> bytes:
    """`orientation`: how the picture is to be turned, as EXIF numbers it. It is kept."""
    try:
        return WRITERS[media_type](file, orientation)
    except (IndexError, struct.error) as problem:
        raise DamagedPictureError from problem


def turned(orientation: int) -> bytes:
    """The least EXIF data that says how a picture is turned."""
    return struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)


# JPEG: markers with a length, and the compressed data behind each start of a scan.
JPEG_END = 0xD9
JPEG_SCAN = 0xDA
JPEG_COMMENT = 0xFE
JPEG_NEXT = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# Parts for programs that are needed: colors (ICC profiles, and what Adobe's encoder has done).
JPEG_KEPT = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}


def jpeg(file: bytes, orientation: int) -> bytes:
    exif = b"Exif\x00\x00" + turned(orientation)
    parts = [b"\xff\xd8"]
    if orientation != UPRIGHT:
        parts.append(b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    at = 2
    while True:
        while file[at] == 0xFF and file[at + 1] == 0xFF:  # noqa: PLR2004 - fill bytes
            at += 1
        if file[at] != 0xFF:  # noqa: PLR2004 - every marker begins so
            raise DamagedPictureError
        marker = file[at + 1]
        if marker == JPEG_END:
            parts.append(b"\xff\xd9")
            return b"".join(parts)
        end = at + 2 + struct.unpack_from(">H", file, at + 2)[0]
        if end > len(file):
            raise DamagedPictureError
        if marker == JPEG_SCAN:
            found = JPEG_NEXT.search(file, end)
            if found is None:
                raise DamagedPictureError
            end = found.start()
        if is_needed(marker, file, at + 4):
            parts.append(file[at:end])
        at = end


def is_needed(marker: int, file: bytes, at: int) -> bool:
    is_for_programs = 0xE0 <= marker <= 0xEF  # noqa: PLR2004 - APP0 to APP15
    if not is_for_programs:
        return marker != JPEG_COMMENT
    return marker in JPEG_KEPT and file.startswith(JPEG_KEPT[marker], at)


PNG_SIGN = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = frozenset(
    (
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"iCCP",
        b"cICP", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
    )
)  # fmt: skip


def png(file: bytes, orientation: int) -> bytes:
    parts = [PNG_SIGN]
    for kind, chunk in png_chunks(file):
        if kind in PNG_KEPT:
            parts.append(chunk)
        if kind == b"IHDR" and orientation != UPRIGHT:
            parts.append(png_chunk(b"eXIf", turned(orientation)))
    return b"".join(parts)


def png_chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG_SIGN)
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", file, at)
        end = at + 12 + length
        if end > len(file):
            raise DamagedPictureError
        yield kind, file[at:end]
        at = end


def png_chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
WEBP_HAS_EXIF, WEBP_HAS_XMP = 0x08, 0x04


def webp(file: bytes, orientation: int) -> bytes:
    end = 8 + struct.unpack_from("<I", file, 4)[0]
    if end > len(file):
        raise DamagedPictureError
    parts = []
    is_turned = False
    at = 12
    while at < end:
        kind, length = struct.unpack_from("<4sI", file, at)
        following = at + 8 + length + length % 2
        if at + 8 + length > end:
            raise DamagedPictureError
        chunk = bytearray(file[at:following].ljust(following - at, b"\x00"))
        if kind == b"VP8X":
            # Without this part, there is no room for saying how it is turned.
            is_turned = orientation != UPRIGHT
            chunk[8] = chunk[8] & ~(WEBP_HAS_EXIF | WEBP_HAS_XMP) | is_turned * WEBP_HAS_EXIF
        if kind in WEBP_KEPT:
            parts.append(bytes(chunk))
        at = following
    if is_turned:
        exif = turned(orientation)
        parts.append(struct.pack("<4sI", b"EXIF", len(exif)) + exif)
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


GIF_END, GIF_EXTENSION, GIF_PICTURE = 0x3B, 0x21, 0x2C
GIF_CONTROL, GIF_PROGRAM = 0xF9, 0xFF
# How often an animation repeats.
GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def gif(file: bytes, _: int) -> bytes:
    at = 13 + gif_colors(file[10])
    parts = [file[:at]]
    while file[at] != GIF_END:
        begin = at
        if file[at] == GIF_EXTENSION:
            label, name = file[at + 1], file[at + 3 : at + 14]
            at = gif_blocks_end(file, at + 2)
            if label == GIF_CONTROL or (label == GIF_PROGRAM and name in GIF_KEPT):
                parts.append(file[begin:at])
        elif file[at] == GIF_PICTURE:
            at = gif_blocks_end(file, at + 11 + gif_colors(file[at + 9]))
            parts.append(file[begin:at])
        else:
            raise DamagedPictureError
    return b"".join(parts) + b"\x3b"


def gif_colors(flags: int) -> int:
    """How many bytes the table of colors has."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def gif_blocks_end(file: bytes, at: int) -> int:
    while file[at]:
        at += file[at] + 1
    return at + 1


WRITERS: dict[str, Callable[[bytes, int], bytes]] = {
    "image/jpeg": jpeg,
    "image/png": png,
    "image/webp": webp,
    "image/gif": gif,
}

# Other kinds of pictures are kept as they are, with their EXIF data overwritten where it is.
TIFF = re.compile(rb"II\*\x00|MM\x00\*")
GPS = 0x8825
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
MOST_ENTRIES = 1000


def without_locations(file: bytes) -> bytes:
    """For HEIC, AVIF and TIFF: overwrites where the picture was taken, wherever EXIF data is."""
    changed = bytearray(file)
    for found in TIFF.finditer(file):
        order = "<" if found[0].startswith(b"II") else ">"
        base = found.start()
        try:
            blank_locations(changed, base, order)
        except struct.error:
            continue
    return bytes(changed)


def blank_locations(file: bytearray, base: int, order: str) -> None:
    (first,) = struct.unpack_from(f"{order}I", file, base + 4)
    for kind, at in entries(file, base + first, order):
        if kind == GPS:
            (table,) = struct.unpack_from(f"{order}I", file, at + 8)
            for _, entry in list(entries(file, base + table, order)):
                blank_entry(file, base, entry, order)


def entries(file: bytearray, at: int, order: str) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(f"{order}H", file, at)
    for number in range(min(count, MOST_ENTRIES)):
        place = at + 2 + 12 * number
        yield struct.unpack_from(f"{order}H", file, place)[0], place


def blank_entry(file: bytearray, base: int, at: int, order: str) -> None:
    _, kind, count, place = struct.unpack_from(f"{order}HHII", file, at)
    length = SIZES.get(kind, 0) * count
    fits_within = 4
    if length > fits_within and base + place + length <= len(file):
        file[base + place : base + place + length] = bytes(length)
    file[at : at + 12] = bytes(12)
