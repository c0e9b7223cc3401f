"""A program on a data folder, run by the tests as a process of its own.

Starts the server and then does what it reads: one word a line, one line of JSON as the answer.
"""

import json
import subprocess
import sys
from pathlib import Path

from bullpen.kit.errors import StartupError
from bullpen.kit.postgres import EmbeddedPostgres, binaries, process


def answer(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def told(server: EmbeddedPostgres) -> dict[str, object]:
    return {"owned": server.owned, "url": server.url("postgres")}


def obey(server: EmbeddedPostgres) -> None:
    for line in sys.stdin:
        try:
            getattr(server, line.strip())()
            answer(**told(server))
        except StartupError as error:
            answer(error=str(error))


def do_not_follow() -> None:
    """As on systems where a process cannot ask for a signal at its parent's death."""
    command = process._command

    def with_no_signal(program, arguments, around, death_signal):
        return command(program, arguments, around, 0)

    process._command = with_no_signal


def main() -> None:
    if "lingering" in sys.argv:
        do_not_follow()
    try:
        server = EmbeddedPostgres.start(Path(sys.argv[1]))
    except StartupError as error:
        answer(error=str(error))
        return
    try:
        answer(**told(server))
        obey(server)
    except KeyboardInterrupt:
        psql = binaries.find().program("psql")
        asked = [psql, server.url("postgres"), "-Atc", "select 'still here'"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        answer(interrupted=done.stdout.strip())
    finally:
        server.stop()


if __name__ == "__main__":
    main()
