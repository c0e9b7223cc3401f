import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { reachedBy, reachOf } from '../../src/bullpen/client/composer/reach.js';

const cases = JSON.parse(readFileSync(new URL('../cases/routing.json', import.meta.url), 'utf8'));

for (const one of cases.filter((/** @type {{ byRun?: boolean }} */ { byRun }) => !byRun)) {
  test(`the reach of a message: ${one.case}`, () => {
    const members = one.kind === 'dm' ? ['ann', 'bob'] : ['ann', 'bob', 'cy', 'dee'];
    const channelPolicy = one.kind === 'dm' ? 'all' : one.policy;
    const agents = members.map((agentId) => ({
      agentId,
      policy: one.policies?.[agentId] ?? channelPolicy,
      answersBy: 'scripted',
      likelyUsd: 0,
    }));
    const { certain, fitting } = reachedBy(agents, {
      kind: one.kind ?? 'public',
      authorId: one.author,
      named: one.named ?? [],
      authors: one.thread ?? null,
    });
    const asked = Object.keys(one.asks).sort();
    // Which one fits is the server's to say.
    assert.deepEqual(
      certain,
      asked.filter((id) => certain.includes(id)),
    );
    const chosen = asked.filter((id) => !certain.includes(id));
    assert.equal(chosen.length, fitting.length > 0 ? 1 : 0);
    assert.ok(chosen.every((id) => fitting.includes(id)));
    assert.equal(reachOf(agents, { certain, fitting }).number, asked.length);
  });
}

test('what a message is likely to cost: all who are certain, and the average of those who fit', () => {
  /** @type {import('../../src/bullpen/client/core/types.js').ReachedAgent[]} */
  const agents = [
    { agentId: 'ann', policy: 'all', answersBy: 'm', likelyUsd: 0.01 },
    { agentId: 'bob', policy: 'best_fit', answersBy: 'm', likelyUsd: 0.02 },
    { agentId: 'cy', policy: 'best_fit', answersBy: 'm', likelyUsd: 0.04 },
  ];
  const reach = reachOf(agents, { certain: ['ann'], fitting: ['bob', 'cy'] });
  assert.equal(reach.number, 2);
  assert.ok(Math.abs((reach.usd ?? 0) - 0.04) < 1e-9);
  const unpriced = agents.map((one) => (one.agentId === 'cy' ? { ...one, likelyUsd: null } : one));
  assert.equal(reachOf(unpriced, { certain: ['ann'], fitting: ['bob', 'cy'] }).usd, null);
  assert.deepEqual(reachOf(agents, { certain: [], fitting: [] }), { number: 0, usd: 0 });
});
