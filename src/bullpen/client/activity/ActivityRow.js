import { addressOf, addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { channels, titleBeside, userOf } from '../core/store/store.js';
import { distanceLabel, durationLabel, momentLabel } from '../core/time-format.js';
import { plainText } from '../messages/plain-text.js';
import { costLabel } from '../run/cost.js';
import { RunStatus } from '../run/RunStatus.js';
import { spanOf, tokenLabel } from '../run/trace.js';
import { Avatar } from '../ui/Avatar.js';

/** @import { ActivityRow as Row } from '../core/types.js' */

/** One run: who did it, what it answered and what came of it. @param {{ row: Row }} props */
export function ActivityRow({ row }) {
  const { run } = row;
  const now = new Date();
  const agent = userOf(run.agentId);
  const created = new Date(run.createdAt);
  const span = spanOf(run, now);
  const numbers = [
    row.modelId,
    tokenLabel(run.tokenUsage),
    row.costUsd ? costLabel(row.costUsd) : '',
    span === null ? '' : durationLabel(span),
  ];
  return html`
    <li class="activity__row">
      <${Avatar} user=${agent} size=${24} />
      <div class="activity__what">
        <a class="activity__link" href=${addressOfRun(run.id)}><strong dir="auto">${agent.displayName}</strong> · <span dir="auto">${askedWords(row)}</span></a>
        <p class="activity__outcome" dir="auto">→ ${outcome(row)}</p>
        <p class="activity__numbers">${numbers.filter(Boolean).join(' · ')}</p>
      </div>
      <div class="activity__side">
        <${RunStatus} status=${run.status} />
        <time datetime=${run.createdAt} data-tip=${momentLabel(created, now)}>${distanceLabel(created, now)}</time>
      </div>
    </li>
  `;
}

/** @param {Row} row */
export function askedWords({ askedBy, asked, kind }) {
  const text = asked === null ? '' : plainText(asked).replaceAll(/\s+/g, ' ').trim();
  if (askedBy !== null) return `${userOf(askedBy).displayName}: ${text}`;
  if (text) return t('By schedule: {text}', { text });
  return kind === 'schedule' ? t('By schedule') : t('A message that was deleted');
}

/** @param {Row} row */
function outcome({ run, posted, problem }) {
  const [first] = posted;
  if (first) {
    const channel = channels.value?.[first.channelId];
    const place = channel ? titleBeside(channel, run.agentId) : first.channelId;
    const replied = first.parentMessageId
      ? t('replied in a thread in {place}', { place })
      : t('replied in {place}', { place });
    const more = posted.length > 1 ? ` ${t('and {count} more', { count: posted.length - 1 })}` : '';
    const address = channel
      ? addressOf(channel, first.parentMessageId, first.messageId)
      : `/c/${encodeURIComponent(first.channelId)}`;
    return html`<a class="activity__posted" href=${address}>${replied}</a>${more}`;
  }
  if (problem) return problem;
  return silentWords[run.status];
}

/** @type {Record<Row['run']['status'], string>} */
const silentWords = {
  created: t('waits for its turn'),
  running: t('is working'),
  completed: t('said nothing'),
  failed: t('failed'),
  cancelled: t('was stopped'),
};
