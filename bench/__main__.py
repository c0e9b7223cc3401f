"""Prints the figures that documents quote: `make bench`, or `python -m bench rates` for one."""

import sys
import tempfile
from pathlib import Path

from bench import (
    activity,
    archive,
    browser,
    crashes,
    files,
    kills,
    mailbox,
    obedient,
    outages,
    pages,
    pathological,
    posting,
    providers,
    resuming,
    search,
    starts,
    steps,
    stock,
    streaming,
    streams,
)

from bullpen.kit.postgres import EmbeddedPostgres

FIGURES = {
    "starts": starts.starts,
    "rates": pages.rates,
    "latencies": pages.latencies,
    "posting": posting.posting,
    "streams": streams.streams,
    "streaming": streaming.streaming,
    "pathological": pathological.pathological,
    "resuming": resuming.resuming,
    "outages": outages.outages,
    "search": search.search,
    "browser": browser.first_load,
    "archive": archive.archive,
    "activity": activity.activity,
    "trace": browser.trace,
    "mailbox": mailbox.mailbox,
    "steps": steps.steps,
    "kills": kills.kills,
    "crashes": crashes.crashes,
    "files": files.files,
    "obedient": obedient.obedient,
    "stock": stock.stock,
    "providers": providers.providers,
}


def main() -> None:
    wanted = sys.argv[1:] or list(FIGURES)
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        raise SystemExit(f"no such figure: {', '.join(unknown)}; expected {', '.join(FIGURES)}")
    with tempfile.TemporaryDirectory(prefix="bullpen-bench-") as folder:
        postgres = EmbeddedPostgres.start(Path(folder))
        try:
            for name in wanted:
                print(f"== {name}")
                FIGURES[name](postgres)
                sys.stdout.flush()
        finally:
            postgres.stop()


if __name__ == "__main__":
    main()
