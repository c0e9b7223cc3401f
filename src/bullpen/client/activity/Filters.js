import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { replace } from '../core/router.js';
import { channels, state, titleOf } from '../core/store/store.js';
import { statuses, statusLabels } from '../run/RunStatus.js';
import { Field } from '../ui/Field.js';
import { addressOfActivity } from './filter.js';

/** @import { Chosen } from './filter.js' */

/** @param {{ chosen: Chosen, models: string[] }} props models: that have answered */
export function Filters({ chosen, models }) {
  const agents = Object.values(state.value.users)
    .filter((user) => user.kind === 'agent')
    .toSorted((a, b) => compareNames(a.displayName, b.displayName));
  const places = Object.values(channels.value ?? {}).toSorted((a, b) => compareNames(titleOf(a), titleOf(b)));
  const listed = chosen.model === '' || models.includes(chosen.model) ? models : [...models, chosen.model];

  /** @param {keyof Chosen} name */
  const field = (name) => ({
    name: `activity-${name}`,
    value: chosen[name],
    onInput: (/** @type {string} */ value) => replace(addressOfActivity({ ...chosen, [name]: value })),
  });

  return html`
    <form class="activity__filter" role="search" aria-label=${t('Filter the activity')} onSubmit=${(/** @type {SubmitEvent} */ event) => event.preventDefault()}>
      <${Field} label=${t('Agent')} tag="select" ...${field('agent')}>
        <option value="">${t('All')}</option>
        ${agents.map((user) => html`<option key=${user.id} value=${user.id}>${user.displayName}</option>`)}
      <//>
      <${Field} label=${t('Channel')} tag="select" ...${field('channel')}>
        <option value="">${t('All')}</option>
        ${places.map((channel) => html`<option key=${channel.id} value=${channel.id}>${titleOf(channel)}</option>`)}
      <//>
      <${Field} label=${t('Model')} tag="select" ...${field('model')}>
        <option value="">${t('All')}</option>
        ${listed.map((model) => html`<option key=${model} value=${model}>${model}</option>`)}
      <//>
      <${Field} label=${t('Status')} tag="select" ...${field('status')}>
        <option value="">${t('All')}</option>
        ${statuses.map((status) => html`<option key=${status} value=${status}>${statusLabels[status]}</option>`)}
      <//>
      <${Field} label=${t('From')} type="date" ...${field('from')} />
      <${Field} label=${t('Until')} type="date" ...${field('until')} />
      <${Field} label=${t('Min cost ($)')} type="number" min="0" step="0.01" ...${field('cost')} />
    </form>
  `;
}
