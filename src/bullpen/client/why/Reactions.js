import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { userOf } from '../core/store/store.js';
import { Part } from './Part.js';

/** @import { Origin } from '../core/types.js' */

/** The runs whose agents reacted to the message. @param {{ reactions: Origin[] }} props */
export function Reactions({ reactions }) {
  if (reactions.length === 0) return null;
  return html`
    <${Part} title=${t('Agents that reacted')} count=${reactions.length}>
      <ul class="why__list">
        ${reactions.map(
          (one) => html`
            <li key=${`${one.userId}:${one.emoji}`}>${one.emoji} <a class="plain-link" href=${addressOfCall(one)}>${t('{name}’s run', { name: userOf(one.agentId).displayName })}</a></li>
          `,
        )}
      </ul>
    <//>
  `;
}

/** The tool call in the trace, or the run where the call is not known. @param {Origin} origin */
export function addressOfCall(origin) {
  return addressOfRun(origin.runId) + (origin.callId ? `#entry-${origin.callId}` : '');
}
