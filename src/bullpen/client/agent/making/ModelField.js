import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { wordsOf } from '../../models/provider-words.js';
import { getModels } from '../../models/requests.js';
import { getProviders } from '../../settings/requests.js';
import { Field } from '../../ui/Field.js';
import { useLoaded } from '../../ui/use-loaded.js';

const most = 300;

/**
 * The model of an agent: chosen from what the connected providers list, or typed.
 * @param {{ name: string, value: string, error?: string, onInput: (value: string) => void }} props
 */
export function ModelField({ name, value, error, onInput }) {
  const offered = useLoaded('models-offered', loadOffered);
  const problems = offered.data?.problems ?? [];
  return html`
    <${Field} label=${t('Model')} name=${name} value=${value} error=${error} spellcheck=${false} required list=${`${name}-offered`}
      hint=${problems.length > 0 ? problems.join(' ') : undefined} onInput=${onInput} />
    <datalist id=${`${name}-offered`}>
      <option value="scripted">${t('Scripted replies')}</option>
      ${(offered.data?.models ?? []).map((each) => html`<option key=${each} value=${each} />`)}
    </datalist>
  `;
}

/** Of each provider that is connected. A list that does not come is said, and not waited for by the others. */
async function loadOffered() {
  const { providers } = await getProviders();
  const ready = providers.filter(({ ready: isReady, id }) => isReady && id !== 'claude');
  const lists = await Promise.all(ready.map(({ id }) => getModels(id)));
  return {
    models: lists
      .flatMap(({ providerId, models }) => models.map((each) => `${providerId}:${each}`))
      .slice(0, most),
    problems: lists.flatMap(({ providerId, problem }) =>
      problem ? [`${wordsOf(providerId).name}: ${problem}`] : [],
    ),
  };
}
