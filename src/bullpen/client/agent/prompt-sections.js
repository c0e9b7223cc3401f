import { t } from '../core/language.js';

/** @import { GivenSection } from '../core/types.js' */

/** @type {Record<GivenSection['name'], string>} */
const names = {
  persona: t('Persona'),
  rules: t('Rules'),
  memory: t('Memory'),
  private_notes: t('Private notes'),
  shared_memory: t('Shared memory'),
  time: t('Time'),
  channel: t('Channel and members'),
  messages: t('Conversation'),
  task: t('Task'),
  instructions: t('Instructions'),
  prompt: t('Prompt'),
};

/** How people read the name of a part of a prompt. @param {string} name */
export const sectionTitle = (name) =>
  names[/** @type {GivenSection['name']} */ (name)] ?? name.charAt(0).toUpperCase() + name.slice(1);
