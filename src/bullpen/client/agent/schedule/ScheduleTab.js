import { addressOf } from '../../core/addresses.js';
import { html } from '../../core/html.js';
import { sentence, t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { channels, titleBeside } from '../../core/store/store.js';
import { distanceLabel, inlineMomentLabel, momentLabel } from '../../core/time-format.js';
import { Collapsible } from '../../ui/Collapsible.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Empty } from '../../ui/Empty.js';
import { useDraft } from '../../ui/form-drafts.js';
import { Icon } from '../../ui/Icon.js';
import { Failed } from '../../ui/Notice.js';
import { PageSkeleton } from '../../ui/Skeleton.js';
import { useLoaded } from '../../ui/use-loaded.js';
import { useSave } from '../../ui/use-save.js';
import { OriginLinks } from '../../why/OriginLinks.js';
import { ownZone, zoneName } from './cron-presets.js';
import { NewScheduled, nothingYet } from './NewScheduled.js';
import { Recurring } from './Recurring.js';
import { cancelScheduled, getRecurring, getScheduled } from './requests.js';

/** @import { Agent, ScheduledMessage } from '../../core/types.js' */

/** @type {{ status: ScheduledMessage['status'], title: string }[]} */
const groups = [
  { status: 'pending', title: t('Upcoming') },
  { status: 'fired', title: t('Done') },
  { status: 'cancelled', title: t('Cancelled') },
];

/** @param {{ agent: Agent }} props */
export function ScheduleTab({ agent }) {
  const scheduled = useLoaded(`schedule:${agent.id}`, () => getScheduled(agent.id));
  const recurring = useLoaded(`recurring:${agent.id}`, () => getRecurring(agent.id));
  const [adding, setAdding] = useDraft(/** @type {string} */ (`new-scheduled:${agent.id}`));
  const all = scheduled.data;

  /** @param {ScheduledMessage} one */
  const changed = (one) => scheduled.set((known) => known.map((each) => (each.id === one.id ? one : each)));

  function reload() {
    scheduled.reload();
    recurring.reload();
  }

  return html`
    <div class="page__head">
      <p class="page__intro">${t('Scheduled prompts. Times in {zone}.', { zone: zoneName(ownZone()) })}</p>
      ${
        !adding &&
        html`<button class="button button--small" type="button" onClick=${() => setAdding(nothingYet)}>
          <${Icon} name="plus" size=${16} /> ${t('Schedule a prompt')}
        </button>`
      }
    </div>
    ${Boolean(adding) && html`<${NewScheduled} agent=${agent} added=${reload} />`}
    ${list()}
  `;

  function list() {
    const failure = scheduled.failure ?? recurring.failure;
    if (failure) return html`<${Failed} failure=${failure} retry=${reload} />`;
    if (!all || !recurring.data) return html`<${PageSkeleton} label=${t('Loading the schedule')} />`;
    if (all.length + recurring.data.length === 0 && !adding)
      return html`<${Empty} icon="calendar-clock" title=${t('Nothing scheduled')} text=${t('A scheduled prompt runs the agent at the time you choose.')} />`;
    return html`<${Recurring} all=${recurring.data} changed=${reload} />${groups.map(group)}`;

    /** @param {typeof groups[number]} group */
    function group({ status, title }) {
      const some = (all ?? []).filter((each) => each.status === status);
      if (status !== 'pending') some.reverse();
      if (some.length === 0) return null;
      return html`
        <section key=${status} class="schedule" aria-labelledby=${`schedule-${status}`}>
          <h2 class="section-title" id=${`schedule-${status}`}>${title} <span class="section-title__count">${some.length}</span></h2>
          <ul class="schedule__list">
            ${some.map((one) => html`<${Scheduled} key=${one.id} one=${one} changed=${changed} />`)}
          </ul>
        </section>
      `;
    }
  }
}

/** @param {{ one: ScheduledMessage, changed: (one: ScheduledMessage) => void }} props */
function Scheduled({ one, changed }) {
  const saving = useSave();
  const at = new Date(one.triggerAt);
  const now = new Date();
  const channel = one.targetChannelId ? channels.value?.[one.targetChannelId] : undefined;
  const due = one.status === 'pending' && at <= now;

  async function cancel() {
    const answer = await saving.save(() => cancelScheduled(one.id));
    if (answer) changed(answer);
  }

  return html`
    <li class=${`schedule__row schedule__row--${one.status}`}>
      <div class="schedule__when">
        <time class="schedule__at" datetime=${one.triggerAt}>${momentLabel(at, now)}</time>
        <span class="quiet">${due ? t('due') : distanceLabel(at, now)}</span>
      </div>
      <div class="schedule__what">
        <${Collapsible} text=${one.prompt} class="schedule__prompt" most=${500} lines=${6} />
        <p class="quiet">
          ${channel ? sentence(t('to {channel}'), { channel: html`<a class="plain-link" href=${addressOf(channel)}>${titleBeside(channel, one.agentId)}</a>` }) : t('No channel (agent decides)')}
          <span class="schedule__origin"><${OriginLinks} kind="scheduled" name=${one.id} /></span>
        </p>
        ${saving.problem && html`<p class="quiet field__error" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      </div>
      ${
        one.status === 'pending' &&
        html`<${ConfirmButton} icon="ban" label=${t('Cancel')} name=${t('the run scheduled for {time}', { time: inlineMomentLabel(at, now) })}
          question=${t('Cancel this run?')} yes=${t('Cancel run')} no=${t('Keep it')} act=${cancel} busy=${saving.busy} />`
      }
    </li>
  `;
}
