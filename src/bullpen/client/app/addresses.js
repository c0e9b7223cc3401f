/** @import { Route } from './types.js' */

const pattern = /^\/(c|d)\/([^/]+)(?:\/t\/([^/]+))?\/?$/;

/** @param {string} path @returns {Route} */
export function parse(path) {
  if (path === '/') return { view: 'home' };
  const match = pattern.exec(path);
  if (!match) return { view: 'unknown' };
  const [, kind, channelId = '', threadId] = match;
  try {
    return {
      view: 'channel',
      channelId: decodeURIComponent(channelId),
      dm: kind === 'd',
      threadId: threadId === undefined ? null : decodeURIComponent(threadId),
    };
  } catch {
    return { view: 'unknown' };
  }
}

/**
 * @param {{ id: string, kind: string }} channel
 * @param {string} [threadId]
 */
export function addressOf(channel, threadId) {
  const base = `/${channel.kind === 'dm' ? 'd' : 'c'}/${encodeURIComponent(channel.id)}`;
  return threadId === undefined ? base : `${base}/t/${encodeURIComponent(threadId)}`;
}
