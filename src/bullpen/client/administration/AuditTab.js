import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { state } from '../core/store/store.js';
import { Empty } from '../ui/Empty.js';
import { Field } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';
import { More } from '../ui/More.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { usePages } from '../ui/use-loaded.js';
import { AuditRow } from './AuditRow.js';
import { areas } from './audit-words.js';
import { addressOfExport, getAudit } from './requests.js';

/** Who did what, when and from where. */
export function AuditTab() {
  const actor = useSignal('');
  const action = useSignal('');
  const from = useSignal('');
  const until = useSignal('');
  const filter = {
    actor: actor.value,
    action: action.value,
    from: startOfDay(from.value),
    to: endOfDay(until.value),
  };
  const entries = usePages(
    `audit:${JSON.stringify(filter)}`,
    (/** @type {number | undefined} */ cursor) => getAudit(filter, cursor),
    {
      keep: true,
    },
  );
  const filtered = Object.values(filter).some(Boolean);
  const users = Object.values(state.value.users).toSorted((a, b) =>
    compareNames(a.displayName, b.displayName),
  );

  /** @param {import('@preact/signals').Signal<string>} text */
  const setting = (text) => (/** @type {string} */ value) => {
    text.value = value;
  };

  return html`
    <section class="account__part" aria-labelledby="audit-title">
      <div class="page__head">
        <h2 class="form__title" id="audit-title">${t('Audit log')}</h2>
        <a class="button button--small" href=${addressOfExport(filter)} download="audit.csv"><${Icon} name="download" size=${16} />${t('Export CSV')}</a>
      </div>
      <p class="page__intro">${t('Sign-ins, roles, tokens, deletions, and changes of agents and budgets. Entries can’t be changed or removed.')}</p>
      <form class="audit__filter" role="search" aria-label=${t('Filter the audit log')} onSubmit=${(/** @type {SubmitEvent} */ event) => event.preventDefault()}>
        <${Field} label=${t('By')} name="audit-actor" tag="select" value=${actor.value} onInput=${setting(actor)}>
          <option value="">${t('Anyone')}</option>
          ${users.map((user) => html`<option key=${user.id} value=${user.id}>${user.displayName}</option>`)}
        <//>
        <${Field} label=${t('Action')} name="audit-action" tag="select" value=${action.value} onInput=${setting(action)}>
          <option value="">${t('All')}</option>
          ${areas.map(({ area, name }) => html`<option key=${area} value=${area}>${name}</option>`)}
        <//>
        <${Field} label=${t('From')} name="audit-from" type="date" value=${from.value} onInput=${setting(from)} />
        <${Field} label=${t('Until')} name="audit-until" type="date" value=${until.value} onInput=${setting(until)} />
      </form>
      ${body()}
    </section>
  `;

  function body() {
    if (entries.failure) return html`<${Failed} failure=${entries.failure} retry=${entries.reload} />`;
    if (!entries.items) return html`<${PageSkeleton} />`;
    if (entries.items.length === 0) {
      return filtered
        ? html`<${Empty} icon="scroll-text" title=${t('No entries match')} text=${t('Choose other days, another person or another action.')} />`
        : html`<${Empty} icon="scroll-text" title=${t('No entries yet')} text=${t('What is done from now on appears here.')} />`;
    }
    return html`
      <ol class="audit" aria-busy=${entries.busy}>
        ${entries.items.map((entry) => html`<${AuditRow} key=${entry.id} entry=${entry} />`)}
      </ol>
      <${More} pages=${entries} label=${t('Older entries')} />
    `;
  }
}

/** @param {string} day as the field has it, in the reader's own zone @returns {string} */
const startOfDay = (day) => (day ? new Date(`${day}T00:00`).toISOString() : '');

/** @param {string} day @returns {string} */
function endOfDay(day) {
  if (!day) return '';
  const end = new Date(`${day}T00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}
