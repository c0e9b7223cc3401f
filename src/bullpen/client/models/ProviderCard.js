import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { userOf } from '../core/store/store.js';
import { inlineMomentLabel } from '../core/time-format.js';
import { settle } from '../ui/after-save.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { Field } from '../ui/Field.js';
import { Icon } from '../ui/Icon.js';
import { useSave } from '../ui/use-save.js';
import { wordsOf } from './provider-words.js';
import { getModels, removeConnection, setConnection, testConnection } from './requests.js';

/** @import { ModelTest, ProviderConnection } from '../core/types.js' */

/**
 * One provider: whether it is connected, its key or address, and a test with one real call.
 * @param {{
 *   connection: ProviderConnection, ready: boolean, missing: string, changed: (all: ProviderConnection[]) => void,
 *   result: ModelTest | null, tested: (result: ModelTest | null) => void, moved: boolean
 * }} props result: of the last test; it stays where the card moves to the connected ones; moved: there, since it was saved
 */
export function ProviderCard({ connection, ready, missing, changed, result, tested, moved }) {
  const name = useRef(/** @type {HTMLElement | null} */ (null));
  const { providerId, source, takesKey, takesAddress } = connection;
  const words = wordsOf(providerId);
  const key = useSignal('');
  const address = useSignal(source === 'stored' ? (connection.baseUrl ?? '') : '');
  const trimmed = useSignal(false);
  const model = useSignal('');
  const open = useSignal(false);
  const saving = useSave();
  const testing = useSave();
  const silence = useSignal(/** @type {string | null} */ (null));
  useEffect(() => {
    if (moved) name.current?.focus();
  }, [moved]);
  useEffect(() => {
    if (ready) learnWhetherItWorks();
  }, [ready, connection]);
  const entered = () => ({
    ...(takesKey && key.value.trim() ? { key: key.value.trim() } : {}),
    ...(takesAddress && address.value.trim() ? { baseUrl: address.value.trim() } : {}),
  });
  const isChanged =
    key.value.trim() !== '' || (takesAddress && address.value.trim() !== (connection.baseUrl ?? ''));
  const needed = takesAddress ? address.value.trim() !== '' : key.value.trim() !== '';
  const fields = { ...testing.problem?.fields, ...saving.problem?.fields };
  const problem = saving.problem ?? testing.problem;
  const named = Object.keys(fields).length > 0;
  const byEnvironment = source === 'environment';
  const shown = open.value || connection.problem !== null;
  const isSilent = ready && silence.value !== null && !result?.ok;
  const state = stateOf(ready, isSilent);

  /** What is copied along is left out where everybody can see it. @param {string} value */
  function typeKey(value) {
    const bare = value
      .trim()
      .replace(/^(['"])(.*)\1$/, '$2')
      .trim();
    trimmed.value = bare !== value;
    key.value = bare;
    tested(null);
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    testing.forget();
    const sent = key.value;
    const all = await saving.save(() => setConnection(providerId, entered()));
    if (!all) return;
    settle(key, sent, '');
    trimmed.value = false;
    await test(false);
    changed(all);
  }

  /** A provider that was set up may be switched off since: reading its list of models shows that, at no cost. */
  async function learnWhetherItWorks() {
    silence.value = null;
    try {
      const { isWorking, problem } = await getModels(providerId);
      if (!isWorking) silence.value = problem;
    } catch {
      // Then nothing is said about it.
    }
  }

  /** @param {boolean} unsaved whether what is typed is to be tested */
  async function test(unsaved) {
    saving.forget();
    tested(null);
    const given = unsaved && isChanged ? entered() : {};
    const answer = await testing.save(() =>
      testConnection(providerId, { ...given, ...(model.value ? { model: model.value } : {}) }),
    );
    if (answer) tested(answer);
  }

  async function remove() {
    const all = await saving.save(() => removeConnection(providerId));
    if (!all) return;
    address.value = '';
    tested(null);
    changed(all);
  }

  return html`
    <li class="card provider" aria-labelledby=${`provider-${providerId}`}>
      <div class="provider__head">
        <h3 class="provider__name" tabindex="-1" ref=${name} id=${`provider-${providerId}`}>${words.name}</h3>
        <span class=${`providers__state ${state.isGood ? 'providers__state--ready' : ''}`}>
          <${Icon} name=${state.icon} size=${14} strokeWidth=${2.4} /> ${state.words}
        </span>
        <span class="provider__buttons">
          ${ready && html`<button class="button button--small" type="button" aria-label=${t('Test {name}', { name: words.name })} disabled=${testing.busy} onClick=${() => test(true)}>${testing.busy ? t('Testing…') : t('Test')}</button>`}
          ${source === 'stored' && html`<${ConfirmButton} icon="trash" label=${t('Remove')} name=${words.name} question=${t('Remove {name}? Agents that use it answer from a script.', { name: words.name })} yes=${t('Remove')} busy=${saving.busy} act=${remove} />`}
          ${
            !byEnvironment &&
            html`<button class="button button--small" type="button" aria-expanded=${shown} aria-label=${source ? t('Change {name}', { name: words.name }) : t('Connect {name}', { name: words.name })} onClick=${() => {
              open.value = !open.value;
            }}>${source ? t('Change') : t('Connect')}</button>`
          }
        </span>
      </div>
      <p class="quiet">${words.detail} ${origin()}</p>
      ${isSilent && html`<p class="field__error" role="status">${silence.value}</p>`}
      ${connection.problem && html`<p class="alert" role="alert">${connection.problem}</p>`}
      ${!byEnvironment && shown && form()}
      ${byEnvironment && problem && html`<p class="alert" role="alert">${sentenceOf(problem.failure)}</p>`}
      ${source === 'stored' && !ready && !connection.problem && missing && html`<p class="field__error">${missing}</p>`}
      <div aria-live="polite">${result && outcome(result)}</div>
    </li>
  `;

  function origin() {
    if (byEnvironment)
      return sentence(t('Set by {variable} in the environment.'), {
        variable: html`<code>${connection.variable}</code>`,
      });
    if (source !== 'stored') return '';
    const who = userOf(connection.enteredBy ?? '').displayName;
    const end = connection.lastCharacters;
    const what =
      end === null ? connection.baseUrl : end ? t('The key ends with {end}', { end }) : t('A key is stored');
    const when = inlineMomentLabel(new Date(connection.enteredAt ?? ''), new Date());
    return html`<span dir="auto">${t('{what}, entered by {who}, {when}.', { what, who, when })}</span>`;
  }

  function form() {
    return html`
      <form class="provider__form" aria-label=${t('Connect {name}', { name: words.name })} novalidate onSubmit=${submit}>
        ${
          takesAddress &&
          html`<${Field} label=${t('Address')} name=${`${providerId}-address`} type="url" value=${address.value} placeholder=${words.address} spellcheck=${false} error=${fields.baseUrl}
            hint=${t('As this server reaches it.')} onInput=${(/** @type {string} */ value) => {
              address.value = value;
              tested(null);
            }} />`
        }
        ${
          takesKey &&
          html`<${Field} label=${takesAddress ? t('Key (optional)') : t('Key')} name=${`${providerId}-key`} type="password" value=${key.value} autocomplete="off" spellcheck=${false} error=${fields.key}
            hint=${trimmed.value ? t('Spaces and quotes around the key were left out.') : words.keyPlace ? t('From {keyPlace}.', { keyPlace: words.keyPlace }) : undefined}
            onInput=${typeKey} />`
        }
        <${Field} label=${t('Model to test with')} name=${`${providerId}-model`} value=${model.value} spellcheck=${false} list=${`${providerId}-models`} placeholder=${t('Any')}
          onInput=${(/** @type {string} */ value) => {
            model.value = value;
          }} />
        <datalist id=${`${providerId}-models`}>${(result?.models ?? []).map((each) => html`<option key=${each} value=${each} />`)}</datalist>
        ${problem && !named && html`<p class="alert" role="alert">${sentenceOf(problem.failure)}</p>`}
        <div class="form__buttons">
          <button class="button button--main" type="submit" disabled=${saving.busy || testing.busy || !needed}>${saving.busy ? t('Saving…') : t('Save and test')}</button>
          <button class="button button--small" type="button" disabled=${testing.busy || !needed} onClick=${() => test(true)}>${testing.busy ? t('Testing…') : t('Test only')}</button>
        </div>
      </form>
    `;
  }
}

/** @param {boolean} ready @param {boolean} isSilent */
function stateOf(ready, isSilent) {
  if (isSilent) return { words: t('Does not work now'), icon: 'circle-alert', isGood: false };
  if (ready) return { words: t('Connected'), icon: 'check', isGood: true };
  return { words: t('Not connected'), icon: 'circle-dashed', isGood: false };
}

/** @param {ModelTest} result */
function outcome({ ok, modelId, problem, seconds }) {
  if (ok && problem === null)
    return html`<p class="provider__outcome provider__outcome--good"><${Icon} name="check" size=${16} />${t('{modelId} answered in {seconds} seconds.', { modelId, seconds })}</p>`;
  return html`<p class=${ok ? 'provider__outcome' : 'alert'} role=${ok ? undefined : 'alert'}>${problem}</p>`;
}
