// What an address says, and the addresses of what the client shows.
import { isDirect } from './kinds.js';

/** @import { AgentTab, InboxKind, PageEntry, Route } from './types.js' */

const channelPattern = /^\/(c|d)\/([^/]+)(?:\/t\/([^/]+))?(?:\/m\/([^/]+))?\/?$/;

/** @param {string} path @param {Record<string, PageEntry>} pages those beside the chat @returns {Route} */
export function parse(path, pages) {
  if (path === '/') return { view: 'home' };
  try {
    return channelAt(path) ?? pageAt(path, pages) ?? { view: 'unknown' };
  } catch {
    // An escape that stands for no character.
    return { view: 'unknown' };
  }
}

/** @param {string} path @returns {Route | null} */
function channelAt(path) {
  const match = channelPattern.exec(path);
  if (!match) return null;
  const [, kind, channelId = '', threadId, messageId] = match;
  return {
    view: 'channel',
    channelId: decodeURIComponent(channelId),
    dm: kind === 'd',
    threadId: threadId === undefined ? null : decodeURIComponent(threadId),
    messageId: messageId === undefined ? null : decodeURIComponent(messageId),
  };
}

/** @param {string} path @param {Record<string, PageEntry>} pages @returns {Route | null} */
function pageAt(path, pages) {
  for (const [page, { path: pattern }] of Object.entries(pages)) {
    const match = patternOf(pattern).exec(path);
    if (!match) continue;
    const found = Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined);
    const params = Object.fromEntries(found.map(([name, value]) => [name, decodeURIComponent(value)]));
    return { view: 'page', page, params };
  }
  return null;
}

/** @param {string} path as `routes.js` writes it */
function patternOf(path) {
  const pattern = path.replace(/\/:(\w+)(\([^)]+\))?(\?)?/g, (_all, name, values = '([^/]+)', maybe = '') => {
    const parameter = `/(?<${name}>${values.slice(1, -1)})`;
    return maybe ? `(?:${parameter})?` : parameter;
  });
  return new RegExp(`^${pattern}/?$`);
}

/** The message of the channel itself that an address leads to. @param {Route} here */
export function linkedMessage(here) {
  return here.view === 'channel' && here.threadId === null ? here.messageId : null;
}

/**
 * @param {{ id: string, kind: string }} channel
 * @param {string | null} [threadId]
 * @param {string | null} [messageId] shown in its place, among those around it
 */
export function addressOf(channel, threadId, messageId) {
  const base = `/${isDirect(channel) ? 'd' : 'c'}/${encodeURIComponent(channel.id)}`;
  const thread = threadId ? `/t/${encodeURIComponent(threadId)}` : '';
  const message = messageId ? `/m/${encodeURIComponent(messageId)}` : '';
  return base + thread + message;
}

/** @param {string} agentId @param {AgentTab} [tab] */
export function addressOfAgent(agentId, tab = 'profile') {
  const base = `/a/${encodeURIComponent(agentId)}`;
  return tab === 'profile' ? base : `${base}/${tab}`;
}

/** @param {string} agentId whose page it is @param {string} ownerId @param {string} label */
export function addressOfBlock(agentId, ownerId, label) {
  return `${addressOfAgent(agentId, 'memory')}#${encodeURIComponent(nameOfBlock(ownerId, label))}`;
}

/** @param {string} agentId @param {string} channelId the private place @param {string} label */
export function addressOfNote(agentId, channelId, label) {
  return `${addressOfAgent(agentId, 'memory')}#${encodeURIComponent(nameOfNote(channelId, label))}`;
}

/** @param {string} agentId @param {string} passageId */
export function addressOfPassage(agentId, passageId) {
  return `${addressOfAgent(agentId, 'archive')}#${encodeURIComponent(nameOfPassage(passageId))}`;
}

/** How an address names a memory block: other agents' blocks may have the same label. @param {string} ownerId @param {string} label */
export const nameOfBlock = (ownerId, label) => `block:${ownerId}:${label}`;

/** @param {string} channelId @param {string} label */
export const nameOfNote = (channelId, label) => `note:${channelId}:${label}`;

/** @param {string} passageId */
export const nameOfPassage = (passageId) => `passage:${passageId}`;

/** @param {string} personId */
export function addressOfPerson(personId) {
  return `/p/${encodeURIComponent(personId)}`;
}

/** @param {string} runId */
export function addressOfRun(runId) {
  return `/r/${encodeURIComponent(runId)}`;
}

/** A run tried again without effect. @param {string} runId */
export function addressOfDryRun(runId) {
  return `${addressOfRun(runId)}/dry-run`;
}

/** Two runs beside each other. @param {string} runId @param {string} besideId the one before */
export function addressOfComparison(runId, besideId) {
  return `${addressOfRun(runId)}?beside=${encodeURIComponent(besideId)}`;
}

/** @param {string} [text] @param {'relevance' | 'newest'} [sort] */
export function addressOfSearch(text = '', sort = 'relevance') {
  const query = new URLSearchParams();
  if (text !== '') query.set('q', text);
  if (sort !== 'relevance') query.set('sort', sort);
  return query.size > 0 ? `/search?${query}` : '/search';
}

/** @param {{ kind?: InboxKind | null, unread?: boolean }} [shown] */
export function addressOfInbox({ kind = null, unread = false } = {}) {
  const query = new URLSearchParams();
  if (kind !== null) query.set('kind', kind);
  if (unread) query.set('unread', 'true');
  return query.size > 0 ? `/inbox?${query}` : '/inbox';
}

/** A channel, its queue and an agent's memory as of a moment. @param {{ channel: string, at?: string, agent?: string }} shown */
export function addressOfHistory({ channel, at = '', agent = '' }) {
  const query = new URLSearchParams(
    Object.entries({ channel, at, agent }).filter(([, value]) => value !== ''),
  );
  return query.size > 0 ? `/history?${query}` : '/history';
}
