import { html } from '../core/html.js';
import { locale, t } from '../core/language.js';
import { Collapsible } from '../ui/Collapsible.js';
import { Icon } from '../ui/Icon.js';
import { iconOfTool } from './tool-icons.js';
import { prettyJson } from './trace.js';

/** @import { RunMessage } from '../core/types.js' */

/** @type {Record<string, { icon: string, label: string }>} */
const kinds = {
  system_message: { icon: 'scroll-text', label: t('System') },
  user_message: { icon: 'user-round', label: t('User') },
  assistant_message: { icon: 'bot', label: t('Assistant') },
  tool_call_message: { icon: 'wrench', label: t('Tool call') },
  tool_return_message: { icon: 'undo-2', label: t('Tool result') },
  thinking_message: { icon: 'brain', label: t('Thinking') },
};

/** @param {{ message: RunMessage, linked?: boolean, folded?: boolean }} props linked: it has an address; folded: at first only its length is shown */
export function TraceMessage({ message, linked = false, folded = false }) {
  const { messageType, content, toolName, toolInput } = message;
  const { icon, label } = kinds[messageType] ?? { icon: 'circle-question-mark', label: messageType };
  const json = messageType === 'tool_return_message' ? prettyJson(content) : null;
  const system = messageType === 'system_message';
  const folds = folded || messageType === 'thinking_message';
  const id = linked ? `entry-${message.id}` : undefined;
  return html`
    <li id=${id} tabindex=${linked ? '-1' : undefined} class=${`trace-message trace-message--${messageType.replace('_message', '').replace('_', '-')}`}>
      <div class="trace-message__head">
        <span class="trace-message__icon"><${Icon} name=${messageType === 'tool_call_message' ? iconOfTool(toolName) : icon} size=${14} strokeWidth=${2.2} /></span>
        <span class="trace-message__kind">${label}</span>
        ${toolName && html`<code class="trace-message__tool">${toolName}</code>`}
        ${linked && html`<a class="trace-message__link" href=${`#${id}`} tabindex="-1" aria-label=${t('Link to this entry')}>#</a>`}
      </div>
      <div class="trace-message__body">
        ${json !== null && html`<${Collapsible} tag="pre" class="trace-message__json" text=${json} />`}
        ${folds && html`<details class="trace-message__fold"><summary>${t('{count} characters', { count: content.length.toLocaleString(locale) })}</summary><div class="folded trace-message__text" dir="auto">${content}</div></details>`}
        ${!folds && json === null && content.trim() !== '' && html`<${Collapsible} class="trace-message__text" text=${content} most=${system ? 500 : 1600} lines=${system ? 6 : 24} />`}
        ${toolInput && html`<${Collapsible} tag="pre" class="trace-message__json" text=${JSON.stringify(toolInput, null, 2)} />`}
      </div>
    </li>
  `;
}
