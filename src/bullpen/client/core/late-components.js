// What is loaded after the first view: the parts of it that others' components leave room for.
import { signal } from '@preact/signals';

/**
 * @typedef {{
 *   ChannelPreferences: unknown, CodeTools: unknown, Composer: unknown, Actions: unknown, Editor: unknown, EditNote: unknown, FollowThread: unknown, KeptTexts: unknown, NoticeActions: unknown, PartialAnswers: unknown, PendingNote: unknown, SavedSign: unknown, StoppedNote: unknown, MindLine: unknown, MindSwitch: unknown, WhySlot: unknown,
 *   Layer: unknown,
 *   arrange: (change: Partial<import('./types.js').SidebarLayout>) => void,
 *   changeSection: (id: string, change: Partial<import('./types.js').SidebarSection>) => void,
 *   toggleReaction: (message: import('./types.js').Message | import('./types.js').ThreadReply, channelId: string, emoji: string) => void,
 *   removePreview: (messageId: string, previewId: string) => void,
 *   markRead: (channelId: string, messageId: string) => Promise<unknown>,
 *   markThreadRead: (channelId: string, rootId: string) => Promise<unknown>,
 * }} Parts
 */

export const parts = signal(/** @type {Parts | null} */ (null));

/**
 * One message may be shown in its channel and as the root of its thread.
 * @param {string} messageId @param {boolean} inThread
 */
export const shownAs = (messageId, inThread) => `${inThread ? 'thread' : 'list'}:${messageId}`;

/** The messages that the pointer is over, and that the focus is in; the actions are shown at the first of them. */
export const hovered = signal(/** @type {string | null} */ (null));
export const focused = signal(/** @type {string | null} */ (null));

/** The message that is being edited in its place. */
export const editing = signal(/** @type {string | null} */ (null));
