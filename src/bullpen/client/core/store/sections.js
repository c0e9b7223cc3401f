// How the sidebar is arranged. `api/browser/frame_sections.py` draws the same; tests/cases/sections.json holds for both.

import { isDirect } from '../kinds.js';
import { t } from '../language.js';

/** @import { SidebarLayout, SidebarSection } from '../types.js' */

/** Those that everybody has, by their ids. */
export const builtIn = { starred: t('Starred'), channels: t('Channels'), direct: t('Direct messages') };

/** @param {string} id */
export const isBuiltIn = (id) => Object.hasOwn(builtIn, id);

/** All sections in their order: those that nobody has moved are where they always were. @param {SidebarLayout} layout @returns {SidebarSection[]} */
export function sectionsOf({ sections }) {
  const has = (/** @type {string} */ id) => sections.some((one) => one.id === id);
  const missing = (/** @type {string} */ id) => (has(id) ? [] : [{ id, isCollapsed: false, channelIds: [] }]);
  return [...missing('starred'), ...sections, ...missing('channels'), ...missing('direct')];
}

/** @param {SidebarSection} section */
export function titleOfSection({ id, name }) {
  return isBuiltIn(id) ? builtIn[/** @type {keyof typeof builtIn} */ (id)] : (name ?? id);
}

/** In which section a conversation is. @param {{ id: string, kind: string, isStarred: boolean }} conversation @param {SidebarLayout} layout */
export function sectionIdOf({ id, kind, isStarred }, { sections }) {
  if (isStarred) return 'starred';
  const chosen = sections.find((one) => !isBuiltIn(one.id) && one.channelIds?.includes(id));
  return chosen?.id ?? (isDirect({ kind }) ? 'direct' : 'channels');
}

/** Whether a row is shown in its section. @param {{ isCollapsed: boolean, isUnreadOnly: boolean, isBold: boolean, isOpen: boolean }} row */
export const isShown = ({ isCollapsed, isUnreadOnly, isBold, isOpen }) =>
  isBold || isOpen || !(isCollapsed || isUnreadOnly);
