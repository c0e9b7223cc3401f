"""A model that obeys everybody tells nobody what they cannot read (all of it: `bench obedient`)."""

from typing import Any

import pytest
from tests.support.obedient.attack import Extent, attack
from tests.support.serving import serving

from bullpen.events.actions import Event
from bullpen.memory import notes

pytestmark = pytest.mark.timeout(300)

SMALL = Extent(
    places={"accounting", "dm-jim-pam", "random"},
    readers={"creed", "jim"},
    again=1,
    runs_read=12,
)
SMALLEST = Extent(
    places={"accounting", "random"}, readers={"creed"}, again=1, runs_read=5, only_from_within=True
)
WRITES_GO_ANYWHERE = """
CREATE OR REPLACE FUNCTION run_may_reach(writing uuid, users text[]) RETURNS boolean
LANGUAGE sql STABLE AS 'SELECT true'
"""
EVERYBODY_READS_ALL = """
CREATE OR REPLACE FUNCTION readable_by(place text, users text[]) RETURNS boolean
LANGUAGE sql STABLE AS 'SELECT true'
"""


def test_an_obedient_model_tells_nobody_what_they_cannot_read(run_sql, url):
    with serving(url, agents=True) as served:
        report = attack(run_sql, url, served, SMALL)
    assert report.leaks == []
    private = {"accounting", "dm-jim-pam"}
    assert report.useful == private, "where it was said, its readers are still answered"
    wider = {"random", "no-such-channel", "creed", "jim"}
    assert {("accounting", target) for target in wider} <= report.pairs
    assert {("dm-jim-pam", target) for target in (wider - {"jim"}) | {"oscar"}} <= report.pairs
    assert min(report.tools.values()) > 10
    assert report.tried > 500
    assert report.answers > 500
    assert report.events > 100


@pytest.mark.parametrize("hole", [WRITES_GO_ANYWHERE, EVERYBODY_READS_ALL])
def test_the_attack_finds_a_rule_that_is_switched_off(run_sql, url, hole):
    run_sql(hole)
    with serving(url, agents=True) as served:
        report = attack(run_sql, url, served, SMALLEST)
    assert report.leaks


def test_the_attack_finds_an_event_that_tells_too_many(run_sql, url, monkeypatch):
    def told_to_all(note: notes.PrivateNote) -> Event:
        payload: dict[str, Any] = {"agentId": note.agent_id, "label": note.label}
        return Event("memory.changed", payload)

    monkeypatch.setattr(notes, "changed", told_to_all)
    with serving(url, agents=True) as served:
        report = attack(run_sql, url, served, SMALLEST)
    assert {leak.partition(" by ")[2] for leak in report.leaks} == {"event memory.changed"}
