"""Shows the steps of a slow start: a bar in a terminal, nothing elsewhere."""

import sys
from typing import Any, Self

STEPS = ("Starting Postgres for the first time", "Creating the tables", "Adding the workspace")


class Progress:
    """Draws nothing until the first step begins; the lines printed afterwards take its place."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def step(self, name: str) -> None:
        """`name` is one of STEPS; those before it count as done."""
        if self._bar is None:
            if not sys.stderr.isatty():
                return
            # Loaded here: most starts have nothing to show.
            from rich import console, progress  # noqa: PLC0415

            self._bar = progress.Progress(
                progress.TextColumn("{task.description}…"),
                progress.BarColumn(),
                console=console.Console(stderr=True),
                transient=True,
            )
            self._bar.add_task(name, total=len(STEPS))
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], description=name, completed=STEPS.index(name))

    def detail(self, text: str) -> None:
        """How far a step is that takes minutes: a line of its own where there is no terminal."""
        if self._bar is None:
            sys.stderr.write(f"bullpen: {text}\n")
        else:
            self._bar.update(self._bar.task_ids[0], description=text)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
