// Which entries of a trace are shown: those of some kinds that hold some words.
import { t } from '../core/language.js';

/** @import { RunMessage } from '../core/types.js' */
/** @import { Section } from './trace.js' */

/** @typedef {'all' | 'text' | 'thinking' | 'tools' | 'failed'} Kind */

/** @type {{ kind: Kind, label: string }[]} */
export const kinds = [
  { kind: 'all', label: t('All') },
  { kind: 'text', label: t('Text') },
  { kind: 'thinking', label: t('Thinking') },
  { kind: 'tools', label: t('Tools') },
  { kind: 'failed', label: t('Failures') },
];

/** @type {Record<Kind, (message: RunMessage) => boolean>} */
const shows = {
  all: () => true,
  text: ({ messageType }) => !messageType.startsWith('tool_') && messageType !== 'thinking_message',
  thinking: ({ messageType }) => messageType === 'thinking_message',
  tools: ({ messageType }) => messageType.startsWith('tool_'),
  failed: ({ messageType, content }) =>
    messageType === 'tool_return_message' && content.startsWith('Error: '),
};

/** The same sections where nothing is filtered. @param {Section[]} sections @param {string} words @param {Kind} kind @returns {Section[]} */
export function filtered(sections, words, kind) {
  const wanted = words.trim().toLowerCase();
  if (wanted === '' && kind === 'all') return sections;
  return sections
    .map((section) => ({
      ...section,
      messages: section.messages.filter(
        (message) => shows[kind](message) && (wanted === '' || textOf(message).includes(wanted)),
      ),
    }))
    .filter(({ messages }) => messages.length > 0);
}

/** @param {RunMessage} message */
function textOf({ content, toolName, toolInput }) {
  return `${content}\n${toolName ?? ''}\n${toolInput == null ? '' : JSON.stringify(toolInput)}`.toLowerCase();
}
