// Changes of how the sidebar is arranged: shown at once, taken back where the server refuses them.

import { send } from '../core/http.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { isBuiltIn, sectionsOf } from '../core/store/sections.js';
import { dispatch, layout } from '../core/store/store.js';
import { say } from '../ui/prompts.js';

/** @import { SidebarLayout, SidebarSection } from '../core/types.js' */

/** @param {Partial<SidebarLayout>} change @returns {Promise<boolean>} whether it is saved */
export async function arrange(change) {
  const before = layout.peek();
  const next = { ...before, ...change };
  dispatch({ type: 'layout', layout: next });
  try {
    await send('PUT', '/api/sidebar/layout', next);
    return true;
  } catch (error) {
    if (layout.peek() === next) dispatch({ type: 'layout', layout: before });
    say(t('Couldn’t change the sidebar: {reason}.', { reason: reasonOf(error) }));
    return false;
  }
}

/** @param {(sections: SidebarSection[]) => SidebarSection[]} change of all sections, in their order */
export const arrangeSections = (change) => arrange({ sections: change(sectionsOf(layout.peek())) });

/** @param {string} id @param {Partial<SidebarSection>} change */
export const changeSection = (id, change) =>
  arrangeSections((sections) => sections.map((one) => (one.id === id ? { ...one, ...change } : one)));

/** @param {string} id @param {-1 | 1} by */
export function moveSection(id, by) {
  return arrangeSections((sections) => {
    const from = sections.findIndex((one) => one.id === id);
    const moved = sections[from];
    const others = sections.filter((one) => one !== moved);
    return moved ? others.toSpliced(Math.max(from + by, 0), 0, moved) : sections;
  });
}

/** @param {string} channelId @param {string} sectionId one's own, or '' for the section it would be in otherwise */
export function putIntoSection(channelId, sectionId) {
  return arrangeSections((sections) =>
    sections.map((one) => {
      if (isBuiltIn(one.id)) return one;
      const others = (one.channelIds ?? []).filter((id) => id !== channelId);
      return { ...one, channelIds: one.id === sectionId ? [...others, channelId] : others };
    }),
  );
}

/** @param {string} name */
export function addSection(name) {
  const made = { id: crypto.randomUUID(), name, isCollapsed: false, channelIds: [] };
  return arrangeSections((sections) => {
    const at = sections.findIndex((one) => one.id === 'channels');
    return sections.toSpliced(at, 0, made);
  });
}

/** Its conversations are in the sections they were in before. @param {string} id */
export const removeSection = (id) => arrangeSections((sections) => sections.filter((one) => one.id !== id));
