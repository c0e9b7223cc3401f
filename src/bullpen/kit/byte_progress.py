"""Shows how much of a long piece of work is done: a bar in a terminal, nothing elsewhere."""

import sys
from typing import Any, Self


class ByteProgress:
    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self, text: str, total: int) -> None:
        """`total` is in bytes, and may be an estimate."""
        self.close()
        if not sys.stderr.isatty():
            return
        # Loaded here: where there is no terminal, it is not needed.
        from rich import console, progress  # noqa: PLC0415

        self._bar = progress.Progress(
            progress.TextColumn("{task.description}…"),
            progress.BarColumn(),
            progress.DownloadColumn(),
            console=console.Console(stderr=True),
            transient=True,
        )
        self._bar.add_task(text, total=total)
        self._bar.start()

    def advance(self, size: int) -> None:
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0], size)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
