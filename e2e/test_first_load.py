"""What the first page with messages costs to transfer."""

from collections import defaultdict
from typing import Any

from tests.support.serving import Served

from e2e.first_load import AFTERWARDS
from e2e.views import open_general
from e2e.window import Visit

MOST_BYTES = 100_000


def test_the_first_load_is_at_most_100_kb_besides_fonts(visit: Visit, shared_server: Served):
    page = visit(shared_server)
    kinds: dict[str, str] = {}
    transferred: dict[str, int] = defaultdict(int)

    def received(answer: Any) -> None:
        if not AFTERWARDS.search(answer["response"]["url"]):
            kinds[answer["requestId"]] = answer["type"]

    network = page.context.new_cdp_session(page)
    network.on("Network.responseReceived", received)
    network.on(
        "Network.loadingFinished",
        lambda it: transferred.update({it["requestId"]: it["encodedDataLength"]}),
    )
    network.send("Network.enable")
    open_general(page)
    assert set(kinds.values()) >= {"Document", "Script", "Stylesheet", "Font", "Fetch"}
    assert set(kinds) <= set(transferred)
    costs: dict[str, int] = defaultdict(int)
    for request, kind in kinds.items():
        costs[kind] += transferred[request]
    assert min(costs.values()) > 0
    fonts = costs.pop("Font")
    assert sum(costs.values()) <= MOST_BYTES, (dict(costs), fonts)
