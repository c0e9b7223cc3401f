import { addressOfBlock, addressOfNote } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { channels, titleOf } from '../core/store/store.js';
import { Collapsible } from '../ui/Collapsible.js';
import { Icon } from '../ui/Icon.js';
import { Part } from './Part.js';

/** @import { UsedMemory as Used } from '../core/types.js' */

/** The blocks and notes in the prompt, as they were then. @param {{ memory: Used[], agentId: string }} props */
export function UsedMemory({ memory, agentId }) {
  if (memory.length === 0) return null;
  return html`
    <${Part} title=${t('Memory in its prompt')} count=${memory.length}>
      <ul class="why__list">
        ${memory.map(
          (one) => html`
            <li key=${`${one.kind}:${one.channelId ?? ''}:${one.label}`}>
              <details class="why__fold">
                <summary>
                  <${Icon} name="notebook-text" size=${14} />
                  <span class="why__label">${one.label}</span>
                  <span class="quiet">${noteOf(one)}</span>
                </summary>
                <${Collapsible} class="why__text" text=${one.content || t('Empty')} most=${800} lines=${12} />
                ${one.currentVersion !== null && html`<a class="plain-link" href=${addressOfToday(one, agentId)}>${one.currentVersion === one.version ? t('Unchanged since; open it today') : t('Version {currentVersion} today; open it', { currentVersion: one.currentVersion })}</a>`}
              </details>
            </li>
          `,
        )}
      </ul>
    <//>
  `;
}

/** @param {Used} one @param {string} agentId */
const addressOfToday = ({ kind, channelId, ownerId, label }, agentId) =>
  kind === 'note'
    ? addressOfNote(agentId, channelId ?? '', label)
    : addressOfBlock(agentId, ownerId ?? agentId, label);

/** @param {Used} one */
function noteOf(one) {
  const channel = one.channelId ? channels.value?.[one.channelId] : undefined;
  const version = t('version {version}', { version: one.version });
  if (one.currentVersion === null)
    return `${kindOf(one, channel)}${t('{version}, deleted since', { version })}`;
  if (one.currentVersion > one.version)
    return `${kindOf(one, channel)}${t('{version}, changed since', { version })}`;
  return kindOf(one, channel) + version;
}

/** @param {Used} one @param {import('../core/types.js').Channel | undefined} channel */
function kindOf({ kind }, channel) {
  if (kind === 'block') return '';
  if (kind === 'shared') return `${t('shared')} · `;
  return `${channel ? t('note of {channel}', { channel: titleOf(channel) }) : t('note')} · `;
}
