// What concerns the current user in particular.
import { get, queryOf, send } from '../core/http.js';

/** @import { InboxItem, InboxKind, InboxPage, InboxUnread } from '../core/types.js' */

/** @typedef {{ kind: InboxKind | null, unread: boolean }} InboxFilter */

/** The newest first. @param {InboxFilter} filter @param {string | undefined} before */
export async function getInbox({ kind, unread }, before) {
  const query = { kind: kind ?? undefined, unread: unread ? 'true' : undefined, before };
  /** @type {InboxPage} */
  const { items, nextCursor } = await get(
    `/api/inbox${queryOf(/** @type {Record<string, string | undefined>} */ (query))}`,
  );
  return { items, next: nextCursor };
}

/** @returns {Promise<InboxUnread>} */
export const getInboxUnread = () => get('/api/inbox/unread');

/** @param {Pick<InboxItem, 'kind' | 'id'>} item @param {boolean} isRead @returns {Promise<InboxUnread>} */
export const markItem = ({ kind, id }, isRead) =>
  send('POST', `/api/inbox/${isRead ? 'mark-read' : 'mark-unread'}`, { kind, id });

/** @param {InboxKind | null} kind null: all @returns {Promise<InboxUnread>} */
export const markAllRead = (kind) => send('POST', '/api/inbox/mark-all-read', kind === null ? {} : { kind });
