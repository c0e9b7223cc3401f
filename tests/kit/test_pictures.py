"""What becomes of a file that somebody uploads as a picture."""

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from bullpen.kit import pictures
from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import Invalid
from bullpen.kit.pictures import square

RED, BLUE, GREEN = (220, 20, 20), (20, 20, 220), (20, 200, 20)


def written(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def stripes(width: int, height: int) -> Image.Image:
    """Red at the left, green in the middle, blue at the right: a third each."""
    picture = Image.new("RGB", (width, height), GREEN)
    picture.paste(RED, (0, 0, width // 3, height))
    picture.paste(BLUE, (width * 2 // 3, 0, width, height))
    return picture


def read(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    assert (picture.format, picture.size) == ("WEBP", (256, 256))
    assert not getattr(picture, "is_animated", False)
    assert not {"exif", "icc_profile", "xmp"} & picture.info.keys()
    return picture.convert("RGBA")


def near(color: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 25 for one, other in zip(color, wanted, strict=False))


def png(width: int, height: int, *, data: bytes = b"") -> bytes:
    """A PNG whose header says any size, whatever pixels follow."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_the_middle_of_a_picture_becomes_a_square(kind: str):
    picture = read(square(written(stripes(900, 300), kind)))
    for x in (5, 128, 250):
        assert near(picture.getpixel((x, 128)), GREEN)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 2), (256, 256), (5000, 5000)])
def test_pictures_of_any_shape_become_a_square(size: tuple[int, int]):
    read(square(written(Image.new("RGB", size, RED), "PNG")))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
def test_pictures_of_any_color_mode_become_a_square(mode: str):
    read(square(written(Image.new(mode, (40, 40)), "JPEG" if mode == "CMYK" else "PNG")))


def test_a_transparent_picture_stays_transparent():
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    picture.paste(RED, (0, 0, 150, 300))
    shown = read(square(written(picture, "PNG")))
    assert shown.getpixel((250, 128))[3] == 0
    assert near(shown.getpixel((20, 128)), RED)


def test_an_animated_picture_becomes_its_first_frame():
    frames = [Image.new("RGB", (80, 80), color) for color in (RED, BLUE)]
    for kind in ("GIF", "WEBP"):
        file = written(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
        assert near(read(square(file)).getpixel((128, 128)), RED)


def test_a_photo_is_turned_upright_and_loses_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Dana"
    exif.get_ifd(0x8825)[1] = "N"
    file = written(stripes(300, 300), "JPEG", exif=exif, quality=95)
    assert b"Camera of Dana" in file
    content = square(file)
    assert b"Camera" not in content
    # What was at the left is at the top.
    assert near(read(content).getpixel((128, 20)), RED)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing that is a picture": lambda: b"Hello, this is text",
    "a drawing of elements": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "a page": lambda: b"<!doctype html><script>alert(1)</script>",
    "another kind of picture": lambda: written(Image.new("RGB", (9, 9)), "BMP"),
    "the beginning alone": lambda: b"\x89PNG\r\n\x1a\n",
    "a photo that was cut off": lambda: written(stripes(900, 900), "JPEG")[:4000],
    "a picture that was cut off": lambda: written(stripes(900, 900), "PNG")[:-800],
    "a frame that was cut off": lambda: written(stripes(900, 900), "GIF")[:500],
    "a WebP that was cut off": lambda: written(stripes(900, 900), "WEBP")[:200],
    "a size without pixels": lambda: png(4000, 4000),
    "a photo that is decoded hundreds of times": lambda: (
        written(stripes(90, 90), "JPEG") + b"\xff\xda" * 100
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_whole_picture_is_refused(name: str):
    with pytest.raises(Invalid) as refused:
        square(HOSTILE[name]())
    assert refused.value.code is ErrorCode.PICTURE_INVALID
    assert refused.value.message in (pictures.UNREADABLE, pictures.DAMAGED)


@pytest.mark.parametrize("size", [(60_000, 60_000), (30_000_001, 1), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(size: tuple[int, int]):
    with pytest.raises(Invalid) as refused:
        square(png(*size, data=bytes(1000)))
    assert refused.value.code in (ErrorCode.PICTURE_TOO_LARGE, ErrorCode.PICTURE_INVALID)
    if size[1] != 2**31 - 1:
        assert refused.value.code is ErrorCode.PICTURE_TOO_LARGE


def test_what_is_hidden_behind_a_picture_is_gone():
    file = written(stripes(300, 300), "PNG") + b"<script>alert('hello')</script>"
    content = square(file)
    assert b"script" not in content
    read(content)


def test_the_program_starts_without_the_decoder():
    code = "import sys, bullpen.app, bullpen.api.routers; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
