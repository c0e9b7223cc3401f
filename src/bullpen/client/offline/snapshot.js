// What a window keeps of what it shows, and what of it is shown without a connection. Pure.

/** @import { Message, Page, Session, State, ThreadReply, User } from '../core/types.js' */

/**
 * @typedef {{ format: number, ownerId: string, savedAt: string, state: SeenState }} Snapshot
 * @typedef {Pick<State, typeof slices[number] | 'users' | 'memberIds' | 'messages' | 'threads'>} SeenState
 */

/** Another one cannot be read: it was kept by another version. */
const format = 1;
/** As long as an unused session lasts. */
const longestAge = 14 * 24 * 60 * 60 * 1000;
export const mostPlaces = 10;
const mostMessages = 50;
const mostUsers = 1_000;
const mostCharacters = 2_000_000;

/** What the sidebar shows. Nothing else is kept, such as keywords, runs, or what only administrators see. */
const slices = /** @type {const} */ ([
  'session',
  'channels',
  'unreads',
  'mentions',
  'preferences',
  'unreadThreads',
  'follows',
  'layout',
  'inbox',
  'pauses',
]);

/** Whether something of what is kept has changed. @param {State} before @param {State} after */
export const isOther = (before, after) =>
  before.messages !== after.messages ||
  before.threads !== after.threads ||
  before.users !== after.users ||
  slices.some((name) => before[name] !== after[name]);

/** Only of a member that the session is of: who is merely viewed has not seen anything here. @param {Session | null} session */
export const seerOf = (session) => (session && session.userId === session.ownId ? session.userId : null);

/**
 * @param {State} state @param {string[]} places the channels that were read, the last one first
 * @param {string} ownerId @param {Date} now @returns {Snapshot}
 */
export function snapshotOf(state, places, ownerId, now) {
  for (let most = mostPlaces; ; most = Math.floor(most / 2)) {
    const snapshot = { format, ownerId, savedAt: now.toISOString(), state: seenOf(state, places, most) };
    if (most === 0 || JSON.stringify(snapshot).length <= mostCharacters) return snapshot;
  }
}

/** @param {State} state @param {string[]} places @param {number} most of channels and of threads @returns {SeenState} */
function seenOf(state, places, most) {
  const isListed = (/** @type {string} */ channelId) => Object.hasOwn(state.channels ?? {}, channelId);
  const pages = places.flatMap((id) => {
    const page = state.messages[id];
    return isListed(id) && page && isPresent(page) ? [/** @type {const} */ ([id, endOf(page)])] : [];
  });
  const threads = Object.values(state.threads)
    .reverse()
    .flatMap(({ root, replies }) =>
      isListed(root.channelId) && isPresent(replies)
        ? [/** @type {const} */ ([root.id, { root, replies: endOf(replies) }])]
        : [],
    );
  const messages = Object.fromEntries(pages.slice(0, most));
  return {
    .../** @type {Pick<State, typeof slices[number]>} */ (
      Object.fromEntries(slices.map((name) => [name, state[name]]))
    ),
    messages,
    threads: Object.fromEntries(threads.slice(0, most)),
    ...peopleOf(state, messages),
  };
}

/** Up to the present, and as the server has it now. @param {Page<Message> | Page<ThreadReply>} page */
const isPresent = (page) => !page.hasNewer && !page.stale;

/** @template T @param {Page<T>} page @returns {Page<T>} */
function endOf(page) {
  const isCut = page.items.length > mostMessages;
  return { items: page.items.slice(-mostMessages), hasOlder: page.hasOlder || isCut, hasNewer: false };
}

/** Everybody, or in a large workspace those who are shown. @param {State} state @param {Record<string, Page<Message>>} messages */
function peopleOf({ users, memberIds, session, channels }, messages) {
  const shown = new Set([session?.userId ?? '']);
  for (const { items } of Object.values(messages))
    for (const { userId, threadParticipantIds = [] } of items)
      for (const id of [userId, ...threadParticipantIds]) shown.add(id);
  for (const { kind, memberIds: ids } of Object.values(channels ?? {}))
    if (kind !== 'public' && kind !== 'private') for (const id of ids) shown.add(id);
  const ids = [...new Set([...shown, ...memberIds])].filter((id) => users[id]).slice(0, mostUsers);
  const kept = new Set(ids);
  return {
    users: /** @type {Record<string, User>} */ (Object.fromEntries(ids.map((id) => [id, users[id]]))),
    memberIds: memberIds.filter((id) => kept.has(id)),
  };
}

/** @param {any} snapshot whatever was kept @param {string} ownerId @param {Date} now @returns {Snapshot | null} what may be shown */
export function readable(snapshot, ownerId, now) {
  if (snapshot?.format !== format || snapshot.ownerId !== ownerId) return null;
  const age = now.getTime() - Date.parse(snapshot.savedAt);
  return age < longestAge ? snapshot : null;
}

/** As the store has it: what the server answers takes its place. @param {SeenState} seen @returns {SeenState} */
export function asStale(seen) {
  return {
    ...seen,
    messages: mapped(seen.messages, (page) => ({ ...page, stale: true })),
    threads: mapped(seen.threads, (thread) => ({ ...thread, replies: { ...thread.replies, stale: true } })),
  };
}

/** Without what the server has not answered since. @param {State} state @returns {Pick<State, 'messages' | 'threads'>} */
export function withoutStale({ messages, threads }) {
  return {
    messages: filtered(messages, (page) => !page.stale),
    threads: filtered(threads, ({ replies }) => !replies.stale),
  };
}

/** @template T @param {Record<string, T>} record @param {(value: T) => T} change @returns {Record<string, T>} */
const mapped = (record, change) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

/** @template T @param {Record<string, T>} record @param {(value: T) => boolean} admits @returns {Record<string, T>} */
const filtered = (record, admits) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => admits(value)));
