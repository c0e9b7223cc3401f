import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { userOf } from '../core/store/store.js';
import { Avatar } from '../ui/Avatar.js';
import { Part } from './Part.js';

/** @import { OtherRun } from '../core/types.js' */

/** @type {Record<OtherRun['outcome'], string>} */
const outcomes = {
  replied: t('replied'),
  reacted: t('reacted'),
  silent: t('stayed silent'),
  waiting: t('has not finished'),
  failed: t('failed'),
  cancelled: t('was cancelled'),
  hidden: t('worked where you can’t read'),
};

/** @param {{ others: OtherRun[] }} props */
export function Others({ others }) {
  return html`
    <${Part} title=${t('Who else was asked')} count=${others.length}>
      ${others.length === 0 && html`<p class="quiet">${t('Nobody.')}</p>`}
      <ul class="why__list">
        ${others.map((other) => {
          const user = userOf(other.agentId);
          return html`
            <li key=${other.runId} class="why__other">
              <${Avatar} user=${user} size=${20} />
              <span><a class="plain-link" href=${addressOfRun(other.runId)}>${user.displayName}</a> ${outcomes[other.outcome]}${other.reason && html`<span class="why__reason" dir="auto">${other.reason}</span>`}</span>
            </li>
          `;
        })}
      </ul>
    <//>
  `;
}
