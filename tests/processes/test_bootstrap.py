"""What the program makes ready before it serves."""

import pytest

from bullpen.processes.bootstrap import connections_for


@pytest.mark.parametrize(
    ("web_processes", "connections"),
    [(1, 100), (6, 100), (7, 108), (16, 207), (64, 735)],
)
def test_the_embedded_postgres_has_room_for_each_process(web_processes, connections):
    """Ten connections of each web process and of the worker, and one each to listen."""
    assert connections_for(web_processes) == connections
