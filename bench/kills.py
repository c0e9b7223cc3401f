"""Workers killed with SIGKILL under load: what is lost, doubled or out of order."""

import asyncio
import os
import tempfile
import time
from pathlib import Path

from bench.place import make_database
from tests.support.fixtures import fill_template
from tests.support.kills import kill_under_load

from bullpen.kit.postgres import EmbeddedPostgres

KILLS = int(os.environ.get("BENCH_KILLS", "200"))
WORKERS = 3


def kills(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_kills")
    asyncio.run(fill_template(url))
    with tempfile.TemporaryDirectory() as folder:
        begin = time.monotonic()
        written, wrong = asyncio.run(
            kill_under_load(url, Path(folder), kills=KILLS, workers=WORKERS, pause=(0.3, 1.5))
        )
    print(
        f"{KILLS} SIGKILLs of {WORKERS} workers in {time.monotonic() - begin:.0f} s, "
        f"{written} messages written meanwhile: {wrong or 'nothing lost, doubled or out of order'}"
    )
