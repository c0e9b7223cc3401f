import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bare } from '../../src/bullpen/client/core/bare.js';
import { applyLive } from '../../src/bullpen/client/core/store/reducer.js';
import { nothing } from '../../src/bullpen/client/core/store/state.js';
import { dispatch, state, userOf } from '../../src/bullpen/client/core/store/store.js';
import { render } from '../../src/bullpen/client/messages/MessageText.js';
import { tokensOf } from '../../src/bullpen/client/messages/markdown/markdown.js';
import { noticeOf } from '../../src/bullpen/client/shell/notification-content.js';

const inherited = ['constructor', 'isPrototypeOf', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'];

/** What is drawn, with components called. @param {any} node @returns {string} */
function drawn(node) {
  if (Array.isArray(node)) return node.map(drawn).join('');
  if (node === null || typeof node !== 'object') return String(node ?? '');
  if (typeof node.type === 'function') return drawn(node.type(node.props));
  const href = node.props.href ? ` href="${node.props.href}"` : '';
  return `<${node.type}${href}>${drawn(node.props.children)}</${node.type}>`;
}

test('what objects inherit is nobody and no channel, before anything is known and after', () => {
  // The tests of other files in this process know something already.
  state.value = bare({ ...nothing });
  for (const known of [false, true]) {
    if (known) {
      const user = {
        id: 'jim',
        displayName: 'Jim',
        title: '',
        avatarColor: '',
        presence: /** @type {const} */ ('active'),
        kind: /** @type {const} */ ('agent'),
      };
      dispatch({ type: 'users', users: [user] });
      dispatch({
        type: 'channels',
        channels: [{ id: 'sales', name: 'sales', kind: 'public', topic: '', memberIds: [] }],
      });
    }
    for (const name of inherited) {
      if (name !== '__proto__')
        assert.equal(drawn(render(tokensOf(`@${name} #${name}`))), `<p>@${name} #${name}</p>`);
      assert.equal(userOf(name).displayName, name);
      for (const records of [
        state.value.channels,
        state.value.messages,
        state.value.threads,
        state.value.loads,
      ])
        assert.equal(records?.[name], undefined);
    }
  }
});

test('events of a channel that is called like what objects inherit change nothing that is not loaded', () => {
  const before = applyLive(state.value, { type: 'stream.began', after: 0 });
  for (const [at, id] of inherited.entries()) {
    const message = {
      id: `m${at}`,
      userId: 'jim',
      channelId: id,
      text: 'x',
      timestamp: '2026-03-04T12:00:00Z',
      reactions: [],
      threadReplyCount: 0,
      threadParticipantIds: [],
      lastReplyAt: null,
    };
    const events = [
      { id: 2 * at + 1, type: 'message.created', channelId: 'sales', parentMessageId: null, message },
      { id: 2 * at + 2, type: 'message.created', channelId: id, parentMessageId: null, message },
    ];
    const after = applyLive(before, /** @type {any} */ ({ type: 'stream.events', events }));
    assert.deepEqual(Object.keys(after.messages), Object.keys(before.messages));
    const known = { me: 'pam', channels: state.value.channels ?? {}, nameOf: String, now: 0 };
    assert.equal(noticeOf(/** @type {any} */ (events[1]), known), null);
  }
});
