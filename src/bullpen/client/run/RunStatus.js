import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Icon } from '../ui/Icon.js';

/** @import { RunStatus as Status } from '../core/types.js' */

/** @type {Status[]} */
export const statuses = ['created', 'running', 'completed', 'failed', 'cancelled'];

/** @type {Record<Status, string>} */
export const statusLabels = {
  created: t('Queued'),
  running: t('Running'),
  completed: t('Completed'),
  failed: t('Failed'),
  cancelled: t('Cancelled'),
};

/** @type {Record<Status, string>} */
const icons = {
  created: 'circle-dashed',
  running: 'loader-circle',
  completed: 'circle-check',
  failed: 'circle-x',
  cancelled: 'ban',
};

/** @param {{ status: Status }} props */
export function RunStatus({ status }) {
  return html`<span class=${`run-status run-status--${status}`}><${Icon} name=${icons[status]} size=${16} strokeWidth=${2.2} /> ${statusLabels[status]}</span>`;
}
