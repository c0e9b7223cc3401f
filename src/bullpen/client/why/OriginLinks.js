import { useEffect } from 'preact/hooks';
import { addressOf, addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { channels } from '../core/store/store.js';
import { keyOfOrigin, origins, wantOrigin } from './origins.js';
import { addressOfCall } from './Reactions.js';

/**
 * From something that a run made back to the run and to the message that it answered; nothing where no run made it.
 * @param {{ kind: 'memory' | 'note' | 'passage' | 'scheduled', name: string, runId?: string | null }} props
 *   runId: the run, where it is known already
 */
export function OriginLinks({ kind, name, runId = null }) {
  const origin = origins.value[keyOfOrigin(kind, name)];
  useEffect(() => wantOrigin(kind, name), [kind, name]);
  const run = origin ? addressOfCall(origin) : runId && addressOfRun(runId);
  if (!run) return null;
  const channel = origin?.answeredChannelId ? channels.value?.[origin.answeredChannelId] : undefined;
  const message =
    channel && origin?.answeredMessageId
      ? addressOf(channel, origin.answeredParentId, origin.answeredMessageId)
      : null;
  return html`
    <span class="origin">
      <a class="plain-link" href=${run}>${t('View run')}</a>
      ${message && html` · <a class="plain-link" href=${message}>${t('View message')}</a>`}
    </span>
  `;
}
