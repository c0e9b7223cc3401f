"""The text that Prometheus reads."""

from bullpen.kit.exposition import Metric, render


def test_samples_are_written_under_their_description():
    metric = Metric("x_total", "counter", "Two\nlines, one \\.")
    metric.add(3, route='/a"b\\c\nd', method="GET")
    metric.add(0.25, "_sum")
    assert render([metric, Metric("none", "gauge", "Nothing.")]) == (
        "# HELP x_total Two\\nlines, one \\\\.\n"
        "# TYPE x_total counter\n"
        'x_total{route="/a\\"b\\\\c\\nd",method="GET"} 3\n'
        "x_total_sum 0.25\n"
        "# HELP none Nothing.\n"
        "# TYPE none gauge\n"
    )


def test_two_metrics_do_not_share_their_samples():
    one, other = Metric("a", "gauge", "A."), Metric("b", "gauge", "B.")
    one.add(1)
    assert other.samples == []
