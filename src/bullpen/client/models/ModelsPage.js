import { sentence, t } from '../core/language.js';
import '../ui/page-icons.js';
import { useSignal } from '@preact/signals';
import { learnWhoReplies } from '../composer/scripted-replies.js';
import { html } from '../core/html.js';
import { setupNote, standInNote } from '../settings/fallback-note.js';
import { getProviders } from '../settings/requests.js';
import { MenuButton } from '../shell/Header.js';
import { Empty } from '../ui/Empty.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { ProviderCard } from './ProviderCard.js';
import { getConnections } from './requests.js';

/** @import { ModelTest, ProviderConnection } from '../core/types.js' */

/** Connects the models that agents answer with: what is ready first, then what could be. */
export function ModelsPage() {
  const connections = useLoaded('provider-connections', getConnections);
  const providers = useLoaded('providers', getProviders);
  const results = useSignal(/** @type {Record<string, ModelTest | null>} */ ({}));
  const saved = useSignal('');
  const failure = connections.failure ?? providers.failure;
  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1"><span class="header__name-text">${t('Connect a model')}</span></h1>
    </header>
    ${body()}
  `;

  function body() {
    if (failure?.status === 403)
      return html`<${Empty} icon="lock" title=${t('Only for owners and admins')} text=${t('Ask an owner of this workspace to connect a model.')} />`;
    if (failure) return html`<${Failed} failure=${failure} retry=${retry} />`;
    if (!connections.data || !providers.data) return html`<${PageSkeleton} />`;
    const states = new Map(providers.data.providers.map((each) => [each.id, each]));
    const isReady = (/** @type {ProviderConnection} */ { providerId }) =>
      states.get(providerId)?.ready ?? false;
    const ready = connections.data.filter(isReady);
    const others = connections.data.filter((each) => !isReady(each));
    const notes = providers.data.models.map((each) => ({
      id: each.modelId,
      note: each.retired ?? standInNote(each),
    }));
    return html`
      <div class="page__scroller">
        <div class="page__content">
          <p class="page__intro">
            ${sentence(t('Agents answer with a model of one of these providers. Connect one, and test it with one short call. Keys are stored encrypted and are never shown again. <link>Models in use and budgets</link>'), { link: (/** @type {string} */ words) => html`<a class="plain-link" href="/settings">${words}</a>` })}
          </p>
          ${
            notes.some(({ note }) => note) &&
            html`<ul class="models__notes" aria-label=${t('Models in use')}>${notes
              .filter(({ note }) => note)
              .map(({ id, note }) => html`<li key=${id}><code>${id}</code> ${note}</li>`)}</ul>`
          }
          ${ready.length > 0 && section(t('Set up'), 'models-ready', ready)}
          ${section(ready.length > 0 ? t('More providers') : t('Choose a provider'), 'models-others', others)}
        </div>
      </div>
    `;

    /** @param {string} title @param {string} id @param {ProviderConnection[]} shown */
    function section(title, id, shown) {
      return html`
        <section class="models" aria-labelledby=${id}>
          <h2 class="form__title" id=${id}>${title}</h2>
          <ul class="models__list">
            ${shown.map(
              (
                each,
              ) => html`<${ProviderCard} key=${each.providerId} connection=${each} ready=${isReady(each)} missing=${setupNote(states.get(each.providerId)?.missing ?? [])} moved=${isReady(each) && saved.value === each.providerId}
              changed=${(/** @type {ProviderConnection[]} */ all) => changed(all, each.providerId)}
              result=${results.value[each.providerId] ?? null} tested=${(
                /** @type {ModelTest | null} */ result,
              ) => {
                results.value = { ...results.peek(), [each.providerId]: result };
              }} />`,
            )}
          </ul>
        </section>
      `;
    }
  }

  function retry() {
    connections.reload();
    providers.reload();
  }

  /** @param {ProviderConnection[]} all @param {string} providerId */
  function changed(all, providerId) {
    saved.value = providerId;
    connections.set(() => all);
    providers.reload();
    learnWhoReplies();
  }
}
