import { useSignal } from '@preact/signals';
import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { reasonOf } from '../core/refusals.js';
import { runAgain } from '../run/requests.js';
import { say } from '../ui/prompts.js';

/** @import { RunNotice } from '../core/types.js' */

/** What can be done about an answer that failed. @param {{ notice: RunNotice, name: string, member: boolean }} props name: the agent's */
export function NoticeActions({ notice, name, member }) {
  const busy = useSignal(false);
  const retried = useSignal(false);

  async function onRetry() {
    if (busy.peek()) return;
    busy.value = true;
    try {
      await runAgain(notice.runId);
      retried.value = true;
    } catch (error) {
      say(t('Couldn’t retry: {reason}.', { reason: reasonOf(error) }));
    } finally {
      busy.value = false;
    }
  }

  return html`
    <span class="system__actions">
      ${member && (retried.value ? html`<span role="status">${t('Asked again')}</span>` : html`<button class="pending__act" type="button" aria-label=${t('Retry: ask {name} again', { name })} aria-disabled=${busy.value} onClick=${onRetry}>${t('Retry')}</button>`)}
      <a class="system__details" href=${addressOfRun(notice.runId)} aria-label=${t('Details of {name}’s run', { name })}>${t('Details')}</a>
    </span>
  `;
}
