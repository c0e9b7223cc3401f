import { sentence, t } from '../core/language.js';
import '../ui/page-icons.js';
import { html } from '../core/html.js';
import { MenuButton } from '../shell/Header.js';
import { notForGuests } from '../shell/not-for-guests.js';
import { Icon } from '../ui/Icon.js';
import { Failed } from '../ui/Notice.js';
import { useLoaded } from '../ui/use-loaded.js';
import { Budgets } from './Budgets.js';
import { setupNote, standInNote } from './fallback-note.js';
import { getProviders } from './requests.js';

/** @import { Answering, Provider } from '../core/types.js' */

function Settings() {
  const loaded = useLoaded('providers', getProviders);
  const { providers = [], models = [] } = loaded.data ?? {};
  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1"><span class="header__name-text">${t('Settings')}</span></h1>
    </header>
    <div class="page__scroller">
      <div class="page__content">
        ${loaded.failure && html`<${Failed} failure=${loaded.failure} retry=${loaded.reload} />`}
        ${loaded.data && lists()}
        <${Budgets} />
      </div>
    </div>
  `;

  function lists() {
    return html`
      <section class="providers" aria-labelledby="models-used">
        <h2 class="form__title" id="models-used">${t('Models in use')}</h2>
        <p class="page__intro">${t("Set each agent's model on its profile. If it isn't ready, the fallback answers.")}</p>
        <ul class="providers__list">${models.map((answering) => html`<${Model} key=${answering.modelId} answering=${answering} />`)}</ul>
      </section>
      <section class="providers" aria-labelledby="models-there">
        <h2 class="form__title" id="models-there">${t('Providers')}</h2>
        <p class="page__intro">${sentence(t('Keys come from the environment, or are entered by an admin. <link>Connect a model</link>'), { link: (/** @type {string} */ words) => html`<a class="plain-link" href="/models">${words}</a>` })}</p>
        <ul class="providers__list">
          <${ProviderRow} provider=${script} />
          ${providers.map((provider) => html`<${ProviderRow} key=${provider.id} provider=${provider} />`)}
        </ul>
      </section>
    `;
  }
}

export const SettingsPage = notForGuests(Settings, t('Settings'));

/** @type {Provider} */
const script = {
  id: 'scripted',
  name: t('Scripted replies'),
  ready: true,
  missing: [],
  example: 'scripted',
  variables: [],
  extra: null,
};

/** @param {{ answering: Answering }} props */
function Model({ answering }) {
  return html`
    <li class="providers__row">
      <code class="providers__name">${answering.modelId}</code>
      <${Ready} ready=${answering.isOwn} />
      <span class="providers__note">${answering.retired ?? (standInNote(answering) || t('In use'))}</span>
    </li>
  `;
}

/** @param {{ provider: Provider }} props */
function ProviderRow({ provider }) {
  const note = provider.ready ? '' : setupNote(provider.missing);
  return html`
    <li class="providers__row">
      <span class="providers__name">${provider.name}</span>
      <${Ready} ready=${provider.ready} />
      <span class="providers__note">${note} <span class="providers__example">${sentence(t('Model name: {example}'), { example: html`<code>${provider.example}</code>` })}</span></span>
    </li>
  `;
}

/** @param {{ ready: boolean }} props */
function Ready({ ready }) {
  return html`<span class=${`providers__state ${ready ? 'providers__state--ready' : ''}`}>
    <${Icon} name=${ready ? 'check' : 'x'} size=${14} strokeWidth=${2.4} /> ${ready ? t('Ready') : t('Not set up')}
  </span>`;
}
