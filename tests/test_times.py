from types import SimpleNamespace

from tests.support.times import Times, clock, pytest_collection_modifyitems


def report(test: str, start: float, stop: float) -> SimpleNamespace:
    return SimpleNamespace(nodeid=test, duration=stop - start, start=start, stop=stop)


def test_the_slowest_come_first_with_all_their_phases_and_the_time_of_all_at_the_end():
    times = Times(2)
    for phase in (
        report("a.py::test_a", 100, 101),
        report("a.py::test_b", 100, 103),
        report("a.py::test_a", 101, 104),
        report("a.py::test_c", 104, 165.4),
        report("a.py::test_a", 104, 104.5),
    ):
        times.pytest_runtest_logreport(phase)
    assert times.lines() == [
        "  61.4 s  a.py::test_c",
        "   4.5 s  a.py::test_a",
        "3 tests in 1:05 minutes",
    ]


def test_minutes_have_two_digits_of_seconds():
    assert [clock(seconds) for seconds in (0, 9.6, 59.7, 360)] == ["0:00", "0:10", "1:00", "6:00"]


def test_tests_with_a_limit_of_their_own_begin_and_the_others_keep_their_order():
    def item(name: str, marker: object = None) -> SimpleNamespace:
        return SimpleNamespace(name=name, get_closest_marker=lambda _: marker)

    items = [item("a"), item("b", "marked"), item("c"), item("d", "marked")]
    pytest_collection_modifyitems(items)
    assert [each.name for each in items] == ["b", "d", "a", "c"]
