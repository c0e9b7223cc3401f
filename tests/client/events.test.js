import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { applyLive as apply } from '../../src/bullpen/client/core/store/reducer.js';
import { nothing } from '../../src/bullpen/client/core/store/state.js';

/** @import { Channel, LogEvent, Message, Pause, ReadCursor, Session, State, ThreadReply, UnreadThread, User, UserGroup } from '../../src/bullpen/client/core/types.js' */

/**
 * @typedef {{
 *   eventId: number, users: User[], userGroups: UserGroup[], channels: Channel[], unreads: Record<string, number>,
 *   workspace: Session['workspace'],
 *   cursors: Record<string, ReadCursor>, mentions: Record<string, number>, preferences: State['preferences'], saved: State['saved'], scheduled: NonNullable<State['scheduled']>, unreadThreads: Record<string, UnreadThread>, follows: State['follows'], layout: State['layout'], notifications: State['notifications'], pauses: Pause[], messages: Record<string, Message[]>, threads: Record<string, ThreadReply[]>,
 * }} Snapshot  what the API answers, and the number of the newest event in it
 */

/** @type {{ name: string, userId: string, before: Snapshot, events: LogEvent[], after: Snapshot }[]} */
const cases = JSON.parse(readFileSync(new URL('fixtures/events.json', import.meta.url), 'utf8'));

/** @param {Snapshot} snapshot @param {string} userId @returns {State} */
function loaded(snapshot, userId) {
  const asOf = snapshot.eventId;
  let state = apply(nothing, { type: 'session', session: { userId, workspace: snapshot.workspace } });
  state = apply(state, { type: 'users', users: snapshot.users, asOf });
  state = apply(state, { type: 'userGroups', groups: snapshot.userGroups, asOf });
  state = apply(state, { type: 'channels', channels: snapshot.channels, asOf });
  state = apply(state, { type: 'unreads', unreads: snapshot.unreads, asOf });
  state = apply(state, { type: 'cursors', cursors: snapshot.cursors, asOf });
  const { mentions, preferences, follows, layout, notifications, unreadThreads: threads } = snapshot;
  const own = { mentions, preferences, follows, layout, notifications, threads };
  state = apply(state, { type: 'sidebar', ...own, asOf });
  state = apply(state, { type: 'saved', marks: Object.values(snapshot.saved), asOf });
  state = apply(state, { type: 'scheduled', posts: Object.values(snapshot.scheduled), asOf });
  state = apply(state, { type: 'pauses', pauses: snapshot.pauses, asOf });
  for (const [channelId, items] of Object.entries(snapshot.messages))
    state = apply(state, { type: 'messages', channelId, page: { items, hasOlder: false }, asOf });
  for (const [rootId, items] of Object.entries(snapshot.threads)) {
    const root = Object.values(snapshot.messages)
      .flat()
      .find((message) => message.id === rootId);
    assert.ok(root);
    state = apply(state, { type: 'thread', root, page: { items, hasOlder: false }, asOf });
  }
  return state;
}

/** What is shown, without what only the client knows. @param {State} state */
function shown({ loads: _loads, kept: _kept, counted: _counted, threadsCounted: _threads, users, ...rest }) {
  // Where the unread replies of a thread begin is known to whoever counts them, and not shown.
  const unreadThreads = Object.fromEntries(
    Object.entries(rest.unreadThreads).map(([id, { unreadCount }]) => [id, unreadCount]),
  );
  // Who left keeps a name on what they wrote.
  const members = Object.fromEntries(rest.memberIds.map((id) => [id, users[id]]));
  const order = Object.keys(rest.channels ?? {});
  return { ...rest, unreadThreads, members, order };
}

/** Pages and threads that were not there before are loaded when somebody opens them. @param {State} state */
const told = (state, /** @type {LogEvent[]} */ events) => apply(state, { type: 'stream.events', events });

for (const { name, userId, before, events, after } of cases) {
  test(`state and events are a fresh load: ${name}`, () => {
    const began = apply(loaded(before, userId), { type: 'stream.began', after: before.eventId });
    const live = told(began, events);
    assert.deepEqual(shown(live), shown(loaded(after, userId)));
  });

  test(`an event that comes again changes nothing: ${name}`, () => {
    const began = apply(loaded(before, userId), { type: 'stream.began', after: before.eventId });
    const once = told(began, events);
    assert.deepEqual(told(once, events), once);
    // Also where what it tells was in the answers already.
    const late = apply(loaded(after, userId), { type: 'stream.began', after: before.eventId });
    assert.deepEqual(shown(told(late, events)), shown(loaded(after, userId)));
  });

  test(`answers from before the events do not undo them: ${name}`, () => {
    const began = apply(loaded(before, userId), { type: 'stream.began', after: before.eventId });
    const asOf = before.eventId;
    let live = told(began, events);
    live = apply(live, { type: 'users', users: before.users, asOf });
    live = apply(live, { type: 'userGroups', groups: before.userGroups, asOf });
    live = apply(live, { type: 'channels', channels: before.channels, asOf });
    live = apply(live, { type: 'unreads', unreads: before.unreads, asOf });
    live = apply(live, { type: 'cursors', cursors: before.cursors, asOf });
    const { mentions, preferences, follows, layout, notifications, unreadThreads: threads } = before;
    const own = { mentions, preferences, follows, layout, notifications, threads };
    live = apply(live, { type: 'sidebar', ...own, asOf });
    live = apply(live, { type: 'saved', marks: Object.values(before.saved), asOf });
    live = apply(live, { type: 'scheduled', posts: Object.values(before.scheduled), asOf });
    live = apply(live, { type: 'pauses', pauses: before.pauses, asOf });
    for (const [channelId, items] of Object.entries(before.messages)) {
      if (!live.messages[channelId]) continue;
      live = apply(live, { type: 'messages', channelId, page: { items, hasOlder: false }, asOf });
    }
    assert.deepEqual(shown(live), shown(loaded(after, userId)));
  });
}

test('every kind of change that people can make is among the cases', () => {
  const kinds = new Set(cases.flatMap(({ events }) => events.map((event) => event.type)));
  for (const kind of ['message.created', 'message.updated', 'message.deleted', 'reaction.added'])
    assert.ok(kinds.has(/** @type {LogEvent['type']} */ (kind)), kind);
  assert.ok(kinds.size >= 14, [...kinds].join());
});
