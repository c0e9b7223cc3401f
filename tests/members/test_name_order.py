"""Names stand in one order, in the API as in the client, whatever the database's locale is."""

import json
from pathlib import Path

from bullpen.members.name_order import name_key

IN_ORDER = json.loads((Path(__file__).parents[1] / "cases" / "name_order.json").read_text())


def test_names_stand_as_people_sort_them():
    assert sorted(sorted(IN_ORDER), key=name_key) == IN_ORDER


def test_channels_are_listed_in_that_order(acting, run_sql):
    run_sql("DELETE FROM channels")
    run_sql(
        "INSERT INTO channels (id, name, kind) SELECT 'c' || place, name, 'public'"
        " FROM unnest($1::text[]) WITH ORDINALITY made (name, place) ORDER BY name DESC",
        IN_ORDER,
    )
    names = [channel["name"] for channel in acting("michael").get("/api/channels").json()]
    assert names == IN_ORDER
