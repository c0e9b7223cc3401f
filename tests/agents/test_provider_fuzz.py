"""Whatever a provider answers, a run ends with the right reason and words to act on."""

from tests.support.fixtures import complete
from tests.support.provider_runs import play

SEED = 20261126
# `python -m bench providers` plays 2,000.
CASES = 60


def test_every_answer_ends_a_run_with_its_reason_and_words(url):
    ended, wrong = complete(play(url, SEED, CASES))
    assert wrong == []
    assert sum(ended.values()) == CASES
