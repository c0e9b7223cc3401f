"""The five views: fed from the pack alone, and from Postgres through the API."""

import pytest
from playwright.sync_api import Browser
from tests.support.serving import Served

from e2e import report
from e2e.compare import share
from e2e.snapshot import BASELINE, Snapshot
from e2e.take_baseline import from_pack
from e2e.views import VIEWS, View, open_view
from e2e.window import Visit

FILES = sorted(f"{view.name}.{suffix}" for view in VIEWS for suffix in ("png", "yaml"))


@pytest.mark.ac("1.0.5")
def test_the_baseline_has_a_picture_and_a_tree_of_each_view():
    assert sorted(file.name for file in BASELINE.iterdir()) == FILES


@pytest.mark.ac("1.0.5", "1.8.1", "1.8.2")
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_is_the_same_from_the_pack_and_from_postgres(
    view: View, browser: Browser, visit: Visit, shared_server: Served
):
    kept = Snapshot.read(BASELINE, view.name)
    pack_fed = from_pack(browser, view)
    report.check(f"{view.name}-from-pack", kept, pack_fed)

    page = visit(shared_server, view.user_id)
    open_view(page, view)
    database_fed = Snapshot.of(page)
    report.check(f"{view.name}-from-postgres", kept, database_fed)
    # From one browser on one machine not a single block of the picture may differ.
    assert share(pack_fed.picture, database_fed.picture) == 0
