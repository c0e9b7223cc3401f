from tests.support.report_texts import sendable


def test_a_report_with_half_of_a_surrogate_pair_can_be_sent():
    report = {"longrepr": ["a\ud800b", ("é", 1, None)], "outcome": "failed"}
    assert sendable(report) == {"longrepr": ["a\\ud800b", ("é", 1, None)], "outcome": "failed"}
