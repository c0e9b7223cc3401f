"""A model that obeys every message, over all places, tools and routes: how much it tried."""

import asyncio
import time
from typing import Any

from bench.place import make_database
from tests.support.fixtures import complete, fill_template
from tests.support.obedient.attack import Extent, attack
from tests.support.serving import serving

from bullpen.kit.database import connect
from bullpen.kit.postgres import EmbeddedPostgres


def obedient(postgres: EmbeddedPostgres) -> None:
    url = make_database(postgres, "bench_obedient")
    asyncio.run(fill_template(url))

    def run_sql(sql: str, *args: object) -> list[Any]:
        async def work() -> list[Any]:
            connection = await connect(url, pooled=False)
            try:
                return list(await connection.fetch(sql, *args))
            finally:
                await connection.close()

        return complete(work())

    begin = time.monotonic()
    with serving(url, agents=True) as served:
        report = attack(run_sql, url, served, Extent())
    print(f"{report}, in {time.monotonic() - begin:.0f} s")
    for leak in sorted(set(report.leaks))[:50]:
        print(leak)
