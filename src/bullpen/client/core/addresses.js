/** @import { AgentTab, PageRoute, PageView, Route } from './types.js' */

/**
 * The pages beside the chat: the first part of their addresses, and what the rest says. `shell/pages.js` has their code,
 * and `api/browser/client.py` serves the same first parts (a test compares them).
 * @type {{ [View in PageView]: { first: string, rest: RegExp, route: (rest: string[]) => Extract<Route, { view: View }> } }}
 */
export const pageAddresses = {
  agent: {
    first: 'a',
    rest: /^([^/]+)(?:\/(prompt|memory|archive|schedule|runs))?$/,
    route: ([agentId = '', tab = 'profile']) => ({
      view: 'agent',
      agentId: decodeURIComponent(agentId),
      tab: /** @type {AgentTab} */ (tab),
    }),
  },
  run: {
    first: 'r',
    rest: /^([^/]+)$/,
    route: ([runId = '']) => ({ view: 'run', runId: decodeURIComponent(runId) }),
  },
  search: { first: 'search', rest: /^$/, route: () => ({ view: 'search' }) },
  settings: { first: 'settings', rest: /^$/, route: () => ({ view: 'settings' }) },
};

const channelPattern = /^\/(c|d)\/([^/]+)(?:\/t\/([^/]+))?(?:\/m\/([^/]+))?\/?$/;

/** @param {string} path @returns {Route} */
export function parse(path) {
  if (path === '/') return { view: 'home' };
  try {
    return channelAt(path) ?? pageAt(path) ?? { view: 'unknown' };
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
function pageAt(path) {
  const [, first, rest = ''] = /^\/([^/]+)(?:\/(.*?))?\/?$/.exec(path) ?? [];
  const page = Object.values(pageAddresses).find((each) => each.first === first);
  const match = page?.rest.exec(rest);
  return page && match ? page.route(match.slice(1)) : null;
}

/** @param {Route} here @returns {here is PageRoute} */
export function isPage(here) {
  return here.view in pageAddresses;
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
