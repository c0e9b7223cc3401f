"""What a file is, by its content: neither its name nor what the client says decides.

Only the types in `INLINE` are ever shown by a browser from Bullpen's address; everything else is
downloaded.
"""

import codecs
import re

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")
# Pictures of this list are shown only once they have been decoded.
INLINE = frozenset(
    {
        *PICTURES, TEXT, "audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4",
        "audio/aac", "video/mp4", "video/webm", "video/ogg", "video/quicktime",
    }
)  # fmt: skip
# As much of the beginning as decides.
HEAD = 4096

# Where each begins with what.
SIGNS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"fLaC", "audio/flac"),
)
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
# Of ISO media files, by their major brand; other brands are video.
BRANDS = {
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime",
    b"heic": "image/heic", b"heix": "image/heic", b"hevc": "image/heic", b"mif1": "image/heic",
    b"msf1": "image/heic", b"avif": "image/avif", b"avis": "image/avif", b"crx ": UNKNOWN,
}  # fmt: skip
OGG_VIDEO = b"\x80theora"
EBML = b"\x1aE\xdf\xa3"
# Text that a browser would run if it were served as what it is.
MARKUP = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*"
    rb"<(!doctype|\?xml|html|head|body|script|svg|iframe|math|style|meta|link|img|object|embed)",
    re.IGNORECASE | re.DOTALL,
)
SVG = "image/svg+xml"
HTML = "text/html"
BY_ENDING = {
    "md": "text/markdown", "markdown": "text/markdown", "csv": "text/csv",
    "json": "application/json", "svg": SVG, "html": HTML, "htm": HTML, "xhtml": HTML, "xml": HTML,
}  # fmt: skip


def type_by_signature(head: bytes) -> str:
    """`UNKNOWN` also for text, which has no signature."""
    for place, sign, media_type in SIGNS:
        if head.startswith(sign, place):
            return media_type
    if head.startswith(b"RIFF"):
        return RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"OggS"):
        return "video/ogg" if OGG_VIDEO in head[:512] else "audio/ogg"
    if head.startswith(EBML) and b"webm" in head[:64]:
        return "video/webm"
    return UNKNOWN


def type_of_text(head: bytes, name: str) -> str:
    """Of content that is text as a whole. Markup is named, and so is never shown by a browser."""
    if MARKUP.match(head):
        return SVG if b"<svg" in head.lower() else HTML
    return BY_ENDING.get(name.rpartition(".")[2].lower(), TEXT)


class TextCheck:
    """Whether content that comes in portions is text: UTF-8 without control characters."""

    CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.is_text = True

    def add(self, portion: bytes, *, last: bool = False) -> None:
        if not self.is_text:
            return
        try:
            self._decoder.decode(portion, final=last)
        except UnicodeDecodeError:
            self.is_text = False
            return
        self.is_text = self.CONTROLS.search(portion) is None
