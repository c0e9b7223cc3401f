import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { isTeam } from '../core/mode.js';
import { useEvents } from '../core/store/use-events.js';
import { Field } from '../ui/Field.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { Invitations } from './Invitations.js';
import { PersonRow } from './PersonRow.js';
import { getPeople } from './requests.js';

/** @import { Me, Person } from '../core/types.js' */

/** The people of the workspace, and who is invited. @param {{ me: Me | null }} props */
export function PeopleTab({ me }) {
  const people = useLoaded('people', getPeople);
  const typed = useSignal('');
  useEvents((event) => event.type === 'reset' || event.type === 'user.changed', people.reload);
  if (people.failure) return html`<${Failed} failure=${people.failure} retry=${people.reload} />`;
  if (!people.data) return html`<${PageSkeleton} />`;
  const words = typed.value.trim().toLowerCase();
  const shown = people.data.filter(({ displayName, title, email }) =>
    `${displayName} ${title} ${email ?? ''}`.toLowerCase().includes(words),
  );
  const groups = [
    { name: t('Active'), of: shown.filter(({ isActive }) => isActive) },
    { name: t('Deactivated'), of: shown.filter(({ isActive }) => !isActive) },
  ].filter(({ of }) => of.length > 0);

  /** @param {Person} person */
  const changed = (person) =>
    people.set((all) =>
      all.map((each) => {
        if (each.id !== person.id) return each;
        const { picture: _before, ...others } = each;
        return { ...others, ...person };
      }),
    );

  return html`
    ${isTeam && html`<${Invitations} me=${me} />`}
    <section class="account__part" aria-labelledby="people-title">
      <div class="page__head">
        <h2 class="form__title" id="people-title">${t('People')} <span class="section-title__count">${people.data.length}</span></h2>
        ${
          people.data.length > 5 &&
          html`<${Field} label=${t('Find a person')} name="find-person" type="search" hideLabel placeholder=${t('Find a person')} value=${typed.value} onInput=${(
            /** @type {string} */ value,
          ) => {
            typed.value = value;
          }} />`
        }
      </div>
      ${people.data.length === 0 && html`<p class="page__intro">${t('Nobody has joined yet. Agents are under Agents.')}</p>`}
      ${groups.map(
        ({ name, of }) => html`
          <h3 class="people__group" id=${`people-${name}`}>${name}</h3>
          <ul class="facts-list" aria-labelledby=${`people-${name}`}>
            ${of.map((person) => html`<${PersonRow} key=${person.id} person=${person} me=${me} changed=${changed} />`)}
          </ul>
        `,
      )}
      ${people.data.length > 0 && shown.length === 0 && html`<p class="quiet" role="status">${t('Nobody matches.')}</p>`}
    </section>
  `;
}
