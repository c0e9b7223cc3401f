"""The text of PDFs, taken out by a process that hostile files cannot do harm with."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
from tests.support import pdfs
from tests.support.fixtures import complete

from bullpen.files import pdf_process
from bullpen.files.pdf_child import MOST_TEXT
from bullpen.files.pdf_process import CUT, PdfText, result_of, text_of_pdf

HELLO = pdfs.drawing("Hello")
SLOW = pdfs.stream(b" " * 20_000_000)
# What stands in for the child, and says what environment it has.
TELLING = """
import json, os
print(json.dumps({"page": 1, "text": " ".join(sorted(os.environ))}))
print(json.dumps({"end": "text"}))
"""
TEXT = PdfText("[page 1]\nHello (World)\n\n[page 2]\nSecond")


async def portions(file: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(file), 65_536):
        yield file[start : start + 65_536]


def extracted(file: bytes) -> PdfText | None:
    return complete(text_of_pdf(portions(file)))


FILES = {
    "pages": (pdfs.pdf("Hello (World)", "Second"), TEXT),
    "a page without text between": (
        pdfs.pages([pdfs.stream(HELLO), pdfs.stream(b""), pdfs.stream(HELLO)]),
        PdfText("[page 1]\nHello\n\n[page 3]\nHello"),
    ),
    "no text": (pdfs.pages([pdfs.stream(b"")]), PdfText(None, "scan")),
    "a password": (pdfs.locked(pdfs.pdf("Secret"), "word"), PdfText(None, "encrypted")),
    "a password for changes alone": (
        pdfs.locked(pdfs.pdf("Open"), ""),
        PdfText("[page 1]\nOpen"),
    ),
    "no PDF": (b"%PDF-1.7\nnothing of the kind", PdfText(None, "damaged")),
    "cut off": (pdfs.pdf("Hello")[:400], PdfText(None, "damaged")),
    "one damaged page": (
        pdfs.pages([pdfs.stream(HELLO), b"<< /Length 9 /Filter /None >>\nstream\nx\nendstream"]),
        PdfText("[page 1]\nHello"),
    ),
    "a tree that holds itself": (pdfs.tree_that_holds_itself(), PdfText(None, "damaged")),
    "a form that draws itself": (pdfs.form_that_draws_itself(), PdfText(None, "scan")),
    "forms of forms of forms": (pdfs.forms_of_forms(10, 10), PdfText(None, "scan")),
    "a bomb": (pdfs.pages([pdfs.stream(b" " * 100_000_000)]), PdfText(None, "damaged")),
    "brackets in brackets": (pdfs.pages([pdfs.stream(b"[" * 1_000_000)]), PdfText(None, "scan")),
}


@pytest.mark.parametrize("name", FILES)
def test_a_pdf_has_text_with_a_mark_for_each_page_or_a_reason(name):
    file, expected = FILES[name]
    assert extracted(file) == expected


def test_no_more_text_is_kept_than_there_is_room_for():
    found = extracted(pdfs.same_page(1000, pdfs.drawing("x" * 200_000)))
    assert found is not None
    assert found.text is not None
    pages, cut = found.text.rsplit("\n\n", 1)
    assert (cut, pages.count("x"), pages.count("[page ")) == (CUT, MOST_TEXT, 5)


def test_a_file_that_takes_too_long_keeps_what_was_read_by_then(monkeypatch):
    monkeypatch.setattr(pdf_process, "SECONDS", 2.0)
    found = extracted(pdfs.pages([pdfs.stream(HELLO), *[SLOW] * 400]))
    assert found == PdfText(f"[page 1]\nHello\n\n{CUT}")


def test_its_process_ends_with_the_one_that_waits_for_it(monkeypatch):
    """Canceled, as at the end of a worker. Nothing is kept, and the next reader begins anew."""
    started = []

    async def cancelled() -> None:
        create = asyncio.create_subprocess_exec
        has_started = asyncio.Event()

        async def noted(*command, **options):
            process = await create(*command, **options)
            # Servers of other tests that are still up in this process start some as well.
            if asyncio.current_task() is reading:
                started.append(process)
                has_started.set()
            return process

        monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
        reading = asyncio.create_task(text_of_pdf(portions(pdfs.pages([SLOW] * 400))))
        await has_started.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    complete(cancelled())
    assert started[0].returncode == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(started[0].pid, 0)


def test_the_process_is_told_no_secrets(monkeypatch):
    monkeypatch.setenv("BULLPEN_SECRET_KEY", "word")
    monkeypatch.setattr(pdf_process, "COMMAND", (*pdf_process.COMMAND[:2], "-c", TELLING))
    found = extracted(b"")
    assert found is not None
    assert found.text is not None
    assert set(found.text.split("\n")[1].split()) <= {"LC_CTYPE", "PATH"}


PAGE = b'{"page": 2, "text": "Hello"}\n'


def test_a_machine_that_starts_no_process_says_nothing_about_the_file(monkeypatch):
    monkeypatch.setattr(pdf_process, "COMMAND", ("/nowhere/python",))
    assert extracted(b"") is None


@pytest.mark.parametrize(
    ("output", "code", "is_stopped", "expected"),
    [
        (PAGE + b'{"end": "text"}\n', 0, False, PdfText("[page 2]\nHello")),
        (PAGE + b'{"end": "cut"}\n', 0, False, PdfText(f"[page 2]\nHello\n\n{CUT}")),
        (PAGE + b'{"page": 3, "te', -9, True, PdfText(f"[page 2]\nHello\n\n{CUT}")),
        (b"", -signal.SIGXCPU, False, PdfText(None, "too_costly")),
        (b"", -9, True, PdfText(None, "too_costly")),
        (b'{"end": "cut"}\n', 0, False, PdfText(None, "too_costly")),
        # Somebody else has ended it.
        (PAGE, -9, False, None),
        # Its modules are not there.
        (b"", 1, False, None),
    ],
)
def test_what_a_process_told_until_it_ended(output, code, is_stopped, expected):
    assert result_of(output, code, is_stopped=is_stopped) == expected
