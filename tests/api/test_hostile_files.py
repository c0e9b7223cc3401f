"""Files that are meant to do harm: nothing runs, nothing leaks. docs/files.md lists them."""

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

BYTES = {"content-type": "application/octet-stream"}
SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
HTML = b"<!doctype html><title>x</title>" + SCRIPT
SECRET = b"51.4778"
GPS = 0x8825
PLACE = {1: "N", 2: (IFDRational(51), IFDRational(28), IFDRational(40)), 29: "2026:03:04"}


def drawn(kind: str, **options) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(file, kind, **options)
    return file.getvalue()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def with_png_text(content: bytes) -> bytes:
    plain = drawn("PNG")
    return plain[:33] + png_chunk(b"tEXt", b"Comment\x00" + content) + plain[33:]


def bomb(kind: str) -> bytes:
    """A small file of many pixels."""
    if kind == "PNG":
        header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
        rows = zlib.compress(bytes(1_000_000), 9)
        parts = png_chunk(b"IHDR", header), png_chunk(b"IDAT", rows), png_chunk(b"IEND", b"")
        return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
    return b"GIF89a" + struct.pack("<HHBBB", 60_000, 60_000, 0x80, 0, 0) + bytes(6) + b"\x3b"


def located(kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Spycam"
    exif[0x9286] = SECRET.decode()
    exif.get_ifd(GPS).update(PLACE)
    if kind == "TIFF":
        # EXIF data is a TIFF file without a picture.
        return exif.tobytes().removeprefix(b"Exif\x00\x00")
    return drawn(kind, exif=exif)


def sent(client, content: bytes, name="photo.png"):
    answer = client.post("/api/files", params={"name": name}, content=content, headers=BYTES)
    assert answer.status_code == 201, answer.text
    file = answer.json()
    return file, client.get(f"/api/files/{file['id']}")


def assert_harmless(answer) -> None:
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; sandbox")
    assert "allow-" not in policy


DOWNLOADED = {
    "an SVG": (SVG, "drawing.svg"),
    "an SVG named as a picture": (SVG, "photo.png"),
    "an SVG behind a comment": (b"\n <!-- a picture --> <?xml version='1.0'?>" + SVG, "photo.jpg"),
    "an SVG behind a byte order mark": (b"\xef\xbb\xbf" + SVG, "photo.webp"),
    "HTML": (HTML, "page.html"),
    "HTML named as text": (HTML, "notes.txt"),
    "HTML without a head": (SCRIPT, "notes.txt"),
    "HTML by its name alone": (b"Hello\n" + SCRIPT, "notes.HTML"),
    "XML with a stylesheet": (b"<?xml-stylesheet href='x'?><a/>", "data"),
    "HTML in UTF-16": ("\ufeff" + HTML.decode()).encode("utf-16"),
    "a PDF": (b"%PDF-1.7\n" + SCRIPT, "photo.png"),
    "a ZIP archive": (b"PK\x03\x04" + HTML, "photo.png"),
    "a bitmap": (b"BM" + HTML, "photo.bmp"),
    "a PNG bomb": (bomb("PNG"), "photo.png"),
    "a GIF bomb": (bomb("GIF"), "photo.gif"),
    "a picture that is cut off": (drawn("PNG")[:60], "photo.png"),
    "HTML that begins as a GIF": (b"GIF89a/*" + HTML, "photo.gif"),
    "HTML that begins as a JPEG": (b"\xff\xd8\xff\xe0" + HTML, "photo.jpg"),
    "HTML that begins as a PNG": (b"\x89PNG\r\n\x1a\n" + HTML, "photo.png"),
    "a JPEG of many scans": (
        drawn("JPEG", progressive=True).replace(b"\xff\xd9", b"\xff\xda" * 80 + b"\xff\xd9"),
        "photo.jpg",
    ),
}


def test_what_could_run_or_overwhelm_is_downloaded_and_never_shown(signed_in):
    mia = signed_in("mia")
    for what, given in DOWNLOADED.items():
        content, name = given if isinstance(given, tuple) else (given, "photo.png")
        file, answer = sent(mia, content, name)
        assert answer.headers["content-type"] == "application/octet-stream", what
        assert answer.headers["content-disposition"].startswith("attachment; "), what
        assert_harmless(answer)
        assert not {"thumbnail", "width", "height"} & file.keys(), what
        assert answer.content == content, what


def test_the_type_is_that_of_the_content(signed_in):
    mia = signed_in("mia")
    for content, name, media_type in (
        (drawn("PNG"), "page.html", "image/png"),
        (drawn("JPEG"), "a.svg", "image/jpeg"),
        (drawn("WEBP"), "a.txt", "image/webp"),
        (drawn("GIF"), "a", "image/gif"),
        (b"alert(1)", "photo.png", "text/plain"),
        (b"alert(1)\x00", "notes.txt", "application/octet-stream"),
        (b"caf\xe9", "notes.txt", "application/octet-stream"),
        (b"a,b\n", "table.csv", "text/csv"),
        (b"# Plan", "plan.md", "text/markdown"),
        (SVG, "photo.png", "image/svg+xml"),
        (HTML, "photo.png", "text/html"),
        (b"ID3\x04", "x", "audio/mpeg"),
        (b"\x00\x00\x00\x18ftypmp42", "x", "video/mp4"),
    ):
        file, answer = sent(mia, content, name)
        assert file["mediaType"] == media_type, name
        assert_harmless(answer)
    shown = sent(mia, b"alert(1)", "photo.png")[1]
    assert shown.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_what_hides_in_or_behind_a_picture_is_removed(signed_in, kind):
    hiding = {
        "behind its end": drawn(kind) + HTML + b"PK\x03\x04",
        "in a comment": {
            "PNG": with_png_text(HTML),
            "JPEG": drawn("JPEG", comment=HTML),
            "WEBP": drawn("WEBP", xmp=HTML),
            "GIF": drawn("GIF", comment=HTML),
        }[kind],
    }
    mia = signed_in("mia")
    for where, content in hiding.items():
        assert b"script" in content
        file, answer = sent(mia, content)
        assert file["mediaType"] == f"image/{kind.lower()}", where
        assert b"script" not in answer.content, where
        assert file["size"] == len(answer.content)
        assert Image.open(io.BytesIO(answer.content)).tobytes() == (
            Image.open(io.BytesIO(content)).tobytes()
        )
        assert_harmless(answer)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_where_a_picture_was_taken_is_removed(signed_in, kind):
    mia = signed_in("mia")
    content = located(kind)
    assert b"2026:03:04" in content
    file, answer = sent(mia, content)
    assert b"2026:03:04" not in answer.content
    if kind != "TIFF":
        kept = Image.open(io.BytesIO(answer.content))
        assert kept.size == (40, 20)
        assert not any(kept.getexif().get_ifd(GPS).values())
    if kind in ("JPEG", "PNG", "WEBP"):
        assert b"Spycam" not in answer.content
        thumbnail = mia.get(file["thumbnail"]).content
        assert dict(Image.open(io.BytesIO(thumbnail)).getexif()) == {}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_stays_upright(signed_in, kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    file, answer = sent(signed_in("mia"), drawn(kind, exif=exif))
    assert (file["width"], file["height"]) == (20, 40)
    assert Image.open(io.BytesIO(answer.content)).getexif()[0x0112] == 6


def test_an_animation_still_moves(signed_in):
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    for kind in ("GIF", "WEBP", "PNG"):
        file = io.BytesIO()
        frames[0].save(file, kind, save_all=True, append_images=frames[1:], loop=0)
        kept = Image.open(io.BytesIO(sent(signed_in("mia"), file.getvalue())[1].content))
        assert (kept.n_frames, kept.info.get("loop")) == (3, 0), kind


NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\Windows\\evil.exe": "evil.exe",
    "/": "file",
    "": "file",
    "..": "file",
    "a\r\nSet-Cookie: x=y.txt": "a Set-Cookie: x=y.txt",
    "photo\u202egnp.exe": "photo gnp.exe",
    "a\u2066b\u200fc.txt": "a b c.txt",
    "tab\tand\x7fdelete.txt": "tab and delete.txt",
    'quote";evil="x.txt': 'quote";evil="x.txt',
    "100%25.txt": "100%25.txt",
    "Zürich 東京 👍.txt": "Zürich 東京 👍.txt",
    "x" * 300 + ".pdf": "x" * 196 + ".pdf",
}


def test_names_are_one_part_and_cannot_end_their_header(signed_in):
    mia = signed_in("mia")
    for given, shown in NAMES.items():
        file, answer = sent(mia, b"\x00", given)
        assert file["name"] == shown, given
        header = answer.headers["content-disposition"]
        quoted = header.partition('filename="')[2].partition('"; filename*=')
        assert quoted[1], header
        assert not set(quoted[0]) & set('"\\;%/'), header
        assert header.isascii()
        assert header.isprintable()
        assert "set-cookie" not in answer.headers
