import { addressOfAgent } from '../core/addresses.js';
import { html } from '../core/html.js';
import { locale, t } from '../core/language.js';
import { go, query } from '../core/router.js';
import { channels, titleBeside } from '../core/store/store.js';
import { Collapsible } from '../ui/Collapsible.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { sectionTitle } from './prompt-sections.js';
import { getPrompt } from './requests.js';

/** @import { Agent, Prompt } from '../core/types.js' */

/** What the agent would be given if it were asked now. @param {{ agent: Agent }} props */
export function PromptTab({ agent }) {
  const channelId = query.value.get('channel') ?? '';
  const loaded = useLoaded(`prompt:${agent.id}:${channelId}`, () => getPrompt(agent.id, channelId), {
    keep: true,
  });
  const possible = Object.values(channels.value ?? {}).filter(
    (channel) => channel.kind === 'public' || channel.memberIds.includes(agent.id),
  );

  /** @param {globalThis.Event} event */
  function choose(event) {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    const address = addressOfAgent(agent.id, 'prompt');
    go(value ? `${address}?channel=${encodeURIComponent(value)}` : address);
  }

  return html`
    <div class="page__head">
      <p class="page__intro">${t('The exact prompt {name} gets, as of now.', { name: agent.displayName })}</p>
    </div>
    <div class="field">
      <label class="field__label" for="field-prompt-channel">${t('Preview for')}</label>
      <select class="input" id="field-prompt-channel" value=${channelId} onChange=${choose}>
        <option value="">${t('Scheduled run (no channel)')}</option>
        ${possible.map((channel) => html`<option key=${channel.id} value=${channel.id}>${titleBeside(channel, agent.id)}</option>`)}
      </select>
    </div>
    ${loaded.failure && html`<${Failed} failure=${loaded.failure} retry=${loaded.reload} />`}
    ${!loaded.failure && !loaded.data && html`<${PageSkeleton} label=${t('Loading the prompt')} />`}
    ${!loaded.failure && loaded.data && html`<${Sections} prompt=${loaded.data} />`}
  `;
}

/** @param {{ prompt: Prompt }} props */
function Sections({ prompt }) {
  const count = `${prompt.isEstimate ? '≈ ' : ''}${prompt.tokens.toLocaleString(locale)}`;
  return html`
    <p class="quiet prompt__sum">${t('{count} tokens', { count })} · ${prompt.modelId}</p>
    ${prompt.sections.map(
      (section) => html`
        <section class="prompt__section" key=${section.name} aria-label=${sectionTitle(section.name)}>
          <h2 class="section-title">${sectionTitle(section.name)} <span class="section-title__count">${t('{count} tokens', { count: section.tokens.toLocaleString(locale) })}</span></h2>
          <${Collapsible} tag="pre" class="prompt__text" text=${section.text} most=${1600} lines=${24} />
        </section>
      `,
    )}
  `;
}
