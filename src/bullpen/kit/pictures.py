"""Pictures that people upload, decoded and written anew: nothing of the file itself is kept.

Pillow is loaded with the first picture, in the thread that decodes it.
"""

import asyncio
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from msgspec import Struct

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.kit.picture_metadata import (
    UPRIGHT,
    WRITERS,
    DamagedPictureError,
    without_locations,
    without_metadata,
)

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = 256
LARGEST_FILE = 8_000_000
MOST_PIXELS = 30_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MEDIA_TYPE = "image/webp"
# Each scan of a progressive JPEG decodes the whole picture once more. Cameras write about ten.
MOST_SCANS = 64
START_OF_SCAN = b"\xff\xda"
# Of the pictures in messages.
THUMBNAIL_SIZE = 720
# Of the pages that messages link to.
PAGE_PICTURE_SIZE = 240
ORIENTATION = 0x0112
MOST_ORIENTATIONS = 8

UNREADABLE = "This is not a JPEG, PNG, WebP or GIF picture. Choose another file."
DAMAGED = "The picture is damaged or incomplete. Choose another file."
TOO_MANY_PIXELS = (
    f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels. Choose a smaller one."
)

# Of a WebP: the picture, with or without transparency, and the header of the latter.
STILL_CHUNKS = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH")

# One at a time: a decoded picture takes up to 120 MB.
_decoder = ThreadPoolExecutor(1, "pictures")


class Picture(Struct, frozen=True):
    """A square WebP. `version` depends on the content alone."""

    content: bytes
    version: str


class CleanPicture(Struct, frozen=True):
    """A picture that could be decoded, as it was uploaded but for its metadata."""

    content: bytes
    width: int
    height: int
    # A WebP, at most `THUMBNAIL_SIZE` wide and high.
    thumbnail: bytes


async def square_picture(file: bytes) -> Picture:
    """A still picture without metadata, made from the middle of an uploaded one."""
    content = await asyncio.get_running_loop().run_in_executor(_decoder, square, file)
    return Picture(content, hashlib.sha256(content).hexdigest()[:32])


async def picture_as_kept(file: bytes) -> Picture:
    """The same picture if `square_picture` made it, so that a copy of it has the same version."""
    return await asyncio.get_running_loop().run_in_executor(_decoder, as_kept, file)


def as_kept(file: bytes) -> Picture:
    made_anew = square(file)
    content = file if is_bare_webp(file) and is_square(file) else made_anew
    return Picture(content, hashlib.sha256(content).hexdigest()[:32])


def is_square(file: bytes) -> bool:
    with opened(file) as picture:
        return picture.size == (SIZE, SIZE)


def is_bare_webp(file: bytes) -> bool:
    """Whether it is a WebP of nothing but one still picture: no metadata, nothing after it."""
    if (
        file[:4] != b"RIFF"
        or file[8:12] != b"WEBP"
        or int.from_bytes(file[4:8], "little") + 8 != (len(file))
    ):
        return False
    place = 12
    while place < len(file):
        if file[place : place + 4] not in STILL_CHUNKS:
            return False
        size = int.from_bytes(file[place + 4 : place + 8], "little")
        place += 8 + size + size % 2
    return place == len(file)


async def clean_picture(file: bytes, media_type: str) -> CleanPicture | None:
    """None for what cannot be shown safely: damaged, or larger than it may be when decoded."""
    return await asyncio.get_running_loop().run_in_executor(_decoder, cleaned, file, media_type)


async def page_picture(file: bytes) -> bytes | None:
    """A small WebP of a picture that somebody else serves; None for what is none."""
    return await asyncio.get_running_loop().run_in_executor(_decoder, small, file)


async def picture_without_locations(file: bytes) -> bytes:
    """For kinds of pictures that are not shown."""
    return await asyncio.get_running_loop().run_in_executor(_decoder, without_locations, file)


def square(file: bytes) -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415 - only a server that gets pictures loads it

    with opened(file) as picture:
        try:
            # A JPEG is decoded at the smallest size that is enough.
            picture.draft("RGB", (2 * SIZE, 2 * SIZE))
            upright = ImageOps.exif_transpose(picture)
            fitted = ImageOps.fit(colored(upright), (SIZE, SIZE), Image.Resampling.LANCZOS)
        except Exception as problem:  # hostile content makes a decoder raise anything
            raise Invalid(ErrorCode.PICTURE_INVALID, DAMAGED) from problem
    return as_webp(fitted, 85)


def cleaned(file: bytes, media_type: str) -> CleanPicture | None:
    try:
        with opened(file) as picture:
            orientation = orientation_of(picture)
        clean = without_metadata(file, media_type, orientation)
        # What is served is what was decoded.
        with opened(clean) as picture:
            return thumbnail_of(picture, clean)
    except (Invalid, DamagedPictureError):
        return None


def small(file: bytes) -> bytes | None:
    try:
        with opened(file) as picture:
            return thumbnail_of(picture, b"", PAGE_PICTURE_SIZE).thumbnail
    except Invalid:
        return None


def opened(file: bytes) -> "Image":
    """A picture whose size is known and bearable, not decoded yet."""
    from PIL import Image  # noqa: PLC0415 - only a server that gets pictures loads it

    # Its own limit would be a warning first; the size is checked below, before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    if file.startswith(b"\xff\xd8") and file.count(START_OF_SCAN) > MOST_SCANS:
        raise Invalid(ErrorCode.PICTURE_INVALID, DAMAGED)
    try:
        picture = Image.open(io.BytesIO(file), formats=FORMATS)
    except Exception as problem:  # hostile content makes a decoder raise anything
        raise Invalid(ErrorCode.PICTURE_INVALID, UNREADABLE) from problem
    if picture.width * picture.height > MOST_PIXELS:
        picture.close()
        raise Invalid(ErrorCode.PICTURE_TOO_LARGE, TOO_MANY_PIXELS)
    return picture


def orientation_of(picture: "Image") -> int:
    try:
        found = picture.getexif().get(ORIENTATION, UPRIGHT)
    except Exception:  # noqa: BLE001 - hostile metadata makes a reader raise anything
        return UPRIGHT
    is_one = isinstance(found, int) and UPRIGHT <= found <= MOST_ORIENTATIONS
    return found if is_one else UPRIGHT


def thumbnail_of(picture: "Image", content: bytes, size: int = THUMBNAIL_SIZE) -> CleanPicture:
    from PIL import ImageOps  # noqa: PLC0415 - as above

    width, height = picture.size
    try:
        if orientation_of(picture) > 4:  # noqa: PLR2004 - from here on it lies on its side
            width, height = height, width
        picture.draft("RGB", (2 * size, 2 * size))
        reduced = colored(ImageOps.exif_transpose(picture))
        reduced.thumbnail((size, size))
        return CleanPicture(content, width, height, as_webp(reduced, 80))
    except Exception as problem:  # hostile content makes a decoder raise anything
        raise Invalid(ErrorCode.PICTURE_INVALID, DAMAGED) from problem


def colored(picture: "Image") -> "Image":
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def as_webp(picture: "Image", quality: int) -> bytes:
    from PIL import Image  # noqa: PLC0415 - as above

    # A new picture has none of the metadata of the old one.
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=quality, method=4)
    return written.getvalue()


def can_be_shown(media_type: str) -> bool:
    return media_type in WRITERS
