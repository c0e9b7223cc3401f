import { addressOf } from '../../core/addresses.js';
import { html } from '../../core/html.js';
import { sentence, t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { channels, titleBeside } from '../../core/store/store.js';
import { inlineMomentLabel } from '../../core/time-format.js';
import { Collapsible } from '../../ui/Collapsible.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { useSave } from '../../ui/use-save.js';
import { wordsOf, zoneName } from './cron-presets.js';
import { stopRecurring } from './requests.js';

/** @import { RecurringMessage } from '../../core/types.js' */

/** What comes again and again. Its next time is also among what is coming. @param {{ all: RecurringMessage[], changed: () => void }} props */
export function Recurring({ all, changed }) {
  if (all.length === 0) return null;
  return html`
    <section class="schedule" aria-labelledby="schedule-recurring">
      <h2 class="section-title" id="schedule-recurring">${t('Repeating')} <span class="section-title__count">${all.length}</span></h2>
      <ul class="schedule__list">
        ${all.map((one) => html`<${RecurringRow} key=${one.id} one=${one} changed=${changed} />`)}
      </ul>
    </section>
  `;
}

/** @param {{ one: RecurringMessage, changed: () => void }} props */
function RecurringRow({ one, changed }) {
  const saving = useSave();
  const channel = one.targetChannelId ? channels.value?.[one.targetChannelId] : undefined;
  const words = wordsOf(one.cron);

  async function stop() {
    if (await saving.save(() => stopRecurring(one.id))) changed();
  }

  return html`
    <li class="schedule__row">
      <div class="schedule__when">
        <span class="schedule__at">${words ?? html`<code>${one.cron}</code>`}</span>
        <span class="quiet">${zoneName(one.timeZone)}</span>
      </div>
      <div class="schedule__what">
        <${Collapsible} text=${one.prompt} class="schedule__prompt" most=${500} lines=${6} />
        <p class="quiet">
          ${channel ? sentence(t('to {channel}'), { channel: html`<a class="plain-link" href=${addressOf(channel)}>${titleBeside(channel, one.agentId)}</a>` }) : t('No channel (agent decides)')}
          ${one.nextAt && html` · ${sentence(t('next {time}'), { time: html`<time datetime=${one.nextAt}>${inlineMomentLabel(new Date(one.nextAt), new Date())}</time>` })}`}
        </p>
        ${saving.problem && html`<p class="quiet field__error" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      </div>
      <${ConfirmButton} icon="ban" label=${t('Stop')} name=${t('repeating: {rhythm}', { rhythm: words ?? one.cron })}
        question=${t('Stop repeating?')} yes=${t('Stop')} act=${stop} busy=${saving.busy} />
    </li>
  `;
}
