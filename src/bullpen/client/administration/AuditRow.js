import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { userOf } from '../core/store/store.js';
import { momentLabel } from '../core/time-format.js';
import { Avatar } from '../ui/Avatar.js';
import { actionWords, detailWords } from './audit-words.js';

/** @import { AuditEntry } from '../core/types.js' */

/** @param {{ entry: AuditEntry }} props */
export function AuditRow({ entry }) {
  const { at, actorId, action, targetKind, targetId, details, address } = entry;
  const actor = actorId === null ? null : userOf(actorId);
  const moment = new Date(at);
  return html`
    <li class="audit__row">
      <time class="audit__time" datetime=${at}>${momentLabel(moment, new Date())}</time>
      <span class="audit__actor">${actor ? html`<${Avatar} user=${actor} size=${20} /><span dir="auto">${actor.displayName}</span>` : t('Command line')}</span>
      <span class="audit__what">
        <strong>${actionWords(action)}</strong> ${targetId !== null && html`<span class="audit__target" dir="auto">${nameOf(targetKind, targetId)}</span>`}
        ${detailWords(details).length > 0 && html`<span class="rows__detail">${detailWords(details).join(' · ')}</span>`}
      </span>
      <span class="audit__address">${address ?? ''}</span>
    </li>
  `;
}

/** Ids that nobody gave a name tell a reader nothing. @param {string | null} kind @param {string} id */
function nameOf(kind, id) {
  if (kind === 'person' || kind === 'agent') return userOf(id).displayName;
  return kind === 'channel' ? `#${id}` : '';
}
