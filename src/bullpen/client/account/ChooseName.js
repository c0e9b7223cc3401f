import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Field } from '../ui/Field.js';
import { useSave } from '../ui/use-save.js';
import { CookiesBlocked } from './CookiesBlocked.js';
import { EntryForm } from './EntryForm.js';
import { EntryFrame } from './EntryFrame.js';
import { enter, useEntering } from './entering.js';
import { entryProblems } from './entry-problems.js';
import { joinByProvider } from './requests.js';

/**
 * Somebody has signed in at a provider and may join, but another member has their name.
 * @param {{ taken: string, wanted: string }} props taken: that name; wanted: where to go on
 */
export function ChooseName({ taken, wanted }) {
  const displayName = useSignal(taken);
  const checked = useSignal(/** @type {Record<string, string>} */ ({}));
  const saving = useSave();
  const entering = useEntering();
  const { fields, general } = entryProblems(saving.problem);
  const wrong = { ...fields, ...checked.value };

  async function submit() {
    const name = displayName.value.trim();
    checked.value = name === '' ? { displayName: t('Enter a name.') } : {};
    if (name === '') return saving.forget();
    if (await saving.save(() => joinByProvider(name))) await enter(entering, wanted);
  }

  if (entering.value === 'blocked') return html`<${CookiesBlocked} wanted=${wanted} />`;
  if (saving.problem?.failure.code === 'oidc_refused')
    return html`
      <${EntryFrame} title=${t('This took too long')} intro=${t('Sign in again to choose a name.')}>
        <a class="button entry__submit" href="/sign-in">${t('Go to sign-in')}</a>
      <//>
    `;
  return html`
    <${EntryFrame} title=${t('Choose a name')} intro=${t('You are almost in. Another member already has your name, or one that looks the same, so choose a different one.')}>
      <${EntryForm} label=${t('Choose a name')} action=${t('Join')} busyAction=${t('One moment…')} busy=${saving.busy || entering.value === 'entering'} general=${general} fields=${wrong} submit=${submit}>
        <${Field} label=${t('Name')} name="display-name" autocomplete="name" required autofocus limit=${80} value=${displayName.value} error=${wrong.displayName} onInput=${(
          /** @type {string} */ value,
        ) => {
          displayName.value = value;
        }} />
      <//>
    <//>
  `;
}
