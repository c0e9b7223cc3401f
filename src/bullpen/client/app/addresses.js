/** @import { AgentTab, Route } from './types.js' */

const channelPattern = /^\/(c|d)\/([^/]+)(?:\/t\/([^/]+))?(?:\/m\/([^/]+))?\/?$/;
const agentPattern = /^\/a\/([^/]+)(?:\/(prompt|memory|archive|schedule|runs))?\/?$/;
const runPattern = /^\/r\/([^/]+)\/?$/;

/** @param {string} path @returns {Route} */
export function parse(path) {
  if (path === '/') return { view: 'home' };
  try {
    return (
      channelAt(path) ??
      agentAt(path) ??
      runAt(path) ??
      searchAt(path) ??
      settingsAt(path) ?? { view: 'unknown' }
    );
  } catch {
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

/** @param {string} path @returns {Route | null} */
function agentAt(path) {
  const match = agentPattern.exec(path);
  if (!match) return null;
  const [, agentId = '', tab = 'profile'] = match;
  return { view: 'agent', agentId: decodeURIComponent(agentId), tab: /** @type {AgentTab} */ (tab) };
}

/** @param {string} path @returns {Route | null} */
function runAt(path) {
  const match = runPattern.exec(path);
  return match && { view: 'run', runId: decodeURIComponent(match[1] ?? '') };
}

/** @param {string} path @returns {Route | null} what is searched for is in the address's query */
function searchAt(path) {
  return /^\/search\/?$/.test(path) ? { view: 'search' } : null;
}

/** @param {string} path @returns {Route | null} */
function settingsAt(path) {
  return /^\/settings\/?$/.test(path) ? { view: 'settings' } : null;
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
  const base = `/${channel.kind === 'dm' ? 'd' : 'c'}/${encodeURIComponent(channel.id)}`;
  const thread = threadId ? `/t/${encodeURIComponent(threadId)}` : '';
  const message = messageId ? `/m/${encodeURIComponent(messageId)}` : '';
  return base + thread + message;
}

/** @param {string} agentId @param {AgentTab} [tab] */
export function addressOfAgent(agentId, tab = 'profile') {
  const base = `/a/${encodeURIComponent(agentId)}`;
  return tab === 'profile' ? base : `${base}/${tab}`;
}

/** @param {string} runId */
export function addressOfRun(runId) {
  return `/r/${encodeURIComponent(runId)}`;
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
