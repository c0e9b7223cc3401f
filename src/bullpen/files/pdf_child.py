"""A program of its own that takes the text out of one PDF: the file on its stdin, lines of JSON
on its stdout, one for each page that has text and one for the end.

PDFs are programs in effect, and hostile ones take all the time and memory there is. So this runs
as a process with limits, without an environment, which `pdf_process` starts and may end at any
moment: each page is reported when it has been read.
"""

import io
import json
import logging
import re
import sys
from contextlib import suppress
from typing import Any

import pypdf

CPU_SECONDS = 10
MOST_MEMORY = 512 * 1024 * 1024
# Of the text of all pages, in bytes.
MOST_TEXT = 1_000_000
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def limit() -> None:
    """Where the system has such limits. `pdf_process` limits the time everywhere."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not there on Windows

    for kind, most, hard in (
        # Ended by SIGXCPU: SIGKILL would look as if the system were short of memory.
        (resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 1),
        (resource.RLIMIT_AS, MOST_MEMORY, MOST_MEMORY),
        # It writes no file, starts no program and leaves no core behind.
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, hard))


def report(**line: Any) -> None:
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    sys.stdout.buffer.flush()


def readable(text: str) -> str:
    """Without what neither JSON for a model nor Postgres takes."""
    return CONTROLS.sub("", text).encode(errors="replace").decode().strip()


def report_pages(reader: pypdf.PdfReader) -> None:
    left = MOST_TEXT
    failed = 0
    count = len(reader.pages)
    for number in range(1, count + 1):
        try:
            text = readable(reader.pages[number - 1].extract_text())
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - hostile content makes a parser raise anything
            failed += 1
            continue
        if not text:
            continue
        content = text.encode()
        report(page=number, text=content[:left].decode(errors="ignore"))
        left -= len(content)
        if left <= 0:
            report(end="text" if number == count and left == 0 else "cut")
            return
    report(end="damaged" if failed == count else "text")


def main() -> None:
    # All that it finds wrong with a file it would say there.
    logging.disable()
    limit()
    try:
        file = sys.stdin.buffer.read()
        reader = pypdf.PdfReader(io.BytesIO(file))
        if reader.is_encrypted and not reader.decrypt(""):
            report(end="encrypted")
            return
        report_pages(reader)
    except MemoryError:
        report(end="cut")
    except Exception:  # noqa: BLE001 - as above
        report(end="damaged")


if __name__ == "__main__":
    main()
