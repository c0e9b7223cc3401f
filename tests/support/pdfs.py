"""PDFs written by hand: plain ones, and such as a hostile program would send."""

import io
import zlib
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGE = b"""<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources %b /Contents %d 0 R >>"""


def written(objects: Sequence[bytes]) -> bytes:
    """A file of these objects, numbered from 1; the first is the catalog."""
    file = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        file
        + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(file))
    )


def stream(content: bytes, about: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    head = b"<< /Filter /FlateDecode /Length %d %b >>" % (len(packed), about)
    return b"%b\nstream\n%b\nendstream" % (head, packed)


def drawing(text: str) -> bytes:
    lines = text.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(")
    return b"BT /F1 12 Tf 72 720 Td (%b) Tj ET" % lines.replace(b")", b"\\)")


def pages(contents: Sequence[bytes], *, shared: Sequence[bytes] = (), forms: bytes = b"") -> bytes:
    """A page for each content stream; `shared` are objects from number 4 on."""
    first = 4 + len(shared)
    kids = b" ".join(b"%d 0 R" % (first + 2 * place) for place in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(contents)),
        FONT,
        *shared,
    ]
    for content in contents:
        resources = b"<< /Font << /F1 3 0 R >> %b >>" % forms
        objects.append(PAGE % (resources, len(objects) + 2))
        objects.append(content)
    return written(objects)


def pdf(*texts: str) -> bytes:
    """A page for each text."""
    return pages([stream(drawing(text)) for text in texts])


def locked(file: bytes, password: str) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(file)))
    writer.encrypt(password, "owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def forms_of_forms(depth: int, times: int) -> bytes:
    """Each form draws the next one several times: little to write, much to draw."""
    forms = []
    for place in range(depth):
        here = 4 + place
        uses = b"/Resources << /Font << /F1 3 0 R >> /XObject << /X %d 0 R >> >>" % (here + 1)
        about = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + uses
        forms.append(stream(b"/X Do " * times, about))
    forms.append(stream(drawing("deep"), b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"))
    return pages([stream(b"/X Do")], shared=forms, forms=b"/XObject << /X 4 0 R >>")


def form_that_draws_itself() -> bytes:
    about = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >>"
    )
    itself = stream(b"/X Do /X Do", about)
    return pages([stream(b"/X Do")], shared=[itself], forms=b"/XObject << /X 4 0 R >>")


def tree_that_holds_itself() -> bytes:
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>",
        ]
    )


def same_page(times: int, content: bytes) -> bytes:
    """A small file with that many pages, all of them one."""
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b"4 0 R " * times, times),
            FONT,
            PAGE % (b"<< /Font << /F1 3 0 R >> >>", 5),
            stream(content),
        ]
    )
