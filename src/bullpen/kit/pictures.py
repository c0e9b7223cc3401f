"""Pictures that people upload, decoded and written anew: nothing of the file itself is kept.

Pillow is loaded with the first picture, in the thread that decodes it.
"""

import asyncio
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid

SIZE = 256
LARGEST_FILE = 8_000_000
MOST_PIXELS = 30_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MEDIA_TYPE = "image/webp"
# Each scan of a progressive JPEG decodes the whole picture once more. Cameras write about ten.
MOST_SCANS = 64
START_OF_SCAN = b"\xff\xda"

UNREADABLE = "This is not a JPEG, PNG, WebP or GIF picture. Choose another file."
DAMAGED = "The picture is damaged or incomplete. Choose another file."
TOO_MANY_PIXELS = (
    f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels. Choose a smaller one."
)

# One at a time: a decoded picture takes up to 120 MB.
_decoder = ThreadPoolExecutor(1, "pictures")


class Picture(Struct, frozen=True):
    """A square WebP. `version` depends on the content alone."""

    content: bytes
    version: str


async def square_picture(file: bytes) -> Picture:
    """A still picture without metadata, made from the middle of an uploaded one."""
    content = await asyncio.get_running_loop().run_in_executor(_decoder, square, file)
    return Picture(content, hashlib.sha256(content).hexdigest()[:32])


def square(file: bytes) -> bytes:
    from PIL import Image, ImageOps  # noqa: PLC0415 - only a server that gets pictures loads it

    # Its own limit would be a warning first; the size is checked below, before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    if file.startswith(b"\xff\xd8") and file.count(START_OF_SCAN) > MOST_SCANS:
        raise Invalid(ErrorCode.PICTURE_INVALID, DAMAGED)
    try:
        picture = Image.open(io.BytesIO(file), formats=FORMATS)
    except Exception as problem:  # hostile content makes a decoder raise anything
        raise Invalid(ErrorCode.PICTURE_INVALID, UNREADABLE) from problem
    with picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Invalid(ErrorCode.PICTURE_TOO_LARGE, TOO_MANY_PIXELS)
        try:
            # A JPEG is decoded at the smallest size that is enough.
            picture.draft("RGB", (2 * SIZE, 2 * SIZE))
            upright = ImageOps.exif_transpose(picture)
            mode = "RGBA" if upright.has_transparency_data else "RGB"
            fitted = ImageOps.fit(upright.convert(mode), (SIZE, SIZE), Image.Resampling.LANCZOS)
        except Exception as problem:
            raise Invalid(ErrorCode.PICTURE_INVALID, DAMAGED) from problem
    # A new picture has none of the metadata of the old one.
    bare = Image.frombytes(mode, (SIZE, SIZE), fitted.tobytes())
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=85, method=4)
    return written.getvalue()
