import { useSignal } from '@preact/signals';
import { Diff } from '../agent/memory/Diff.js';
import { sectionTitle } from '../agent/prompt-sections.js';
import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { Icon } from '../ui/Icon.js';
import { useLoaded } from '../ui/use-loaded.js';
import { getGivenPrompt } from './requests.js';
import { countLabel } from './trace.js';

/** @import { GivenSection } from '../core/types.js' */

/** What the run was given, folded by section; what changed since the agent's run before it is marked. @param {{ runId: string }} props */
export function PromptSections({ runId }) {
  const { data } = useLoaded(`prompt:${runId}`, () => getGivenPrompt(runId));
  if (!data || data.sections.length === 0) return null;
  const total = data.sections.reduce((sum, section) => sum + section.tokens, 0);
  return html`
    <section class="prompt-sections" aria-label=${t('Prompt')}>
      <p class="prompt-sections__head"><strong>${t('Prompt')}</strong> <span class="quiet">${size(total, data.previousRunId)}</span></p>
      <ul>
        ${data.sections.map((section) => html`<${Section} key=${section.name} section=${section} />`)}
      </ul>
    </section>
  `;
}

/** @param {number} total @param {string | null} previousRunId */
function size(total, previousRunId) {
  const count = countLabel(total);
  if (!previousRunId) return t('about {count} tokens', { count });
  return sentence(t('about {count} tokens, against <link>the previous run</link>'), {
    count,
    link: (/** @type {string} */ words) =>
      html`<a class="plain-link" href=${addressOfRun(previousRunId)}>${words}</a>`,
  });
}

/** @param {{ section: GivenSection }} props */
function Section({ section }) {
  const differs = useSignal(section.before !== null);
  return html`
    <li>
      <details class="prompt-sections__section">
        <summary>
          <${Icon} name="chevron-right" size=${14} />
          <span class="prompt-sections__name">${sectionTitle(section.name)}</span>
          <span class="quiet">${t('about {count} tokens', { count: countLabel(section.tokens) })}</span>
          ${section.change && section.change !== 'same' && html`<span class="prompt-sections__mark">${changes[section.change]}</span>`}
        </summary>
        ${
          section.before !== null &&
          html`<button class="folded__more" type="button" aria-pressed=${differs.value} onClick=${() => {
            differs.value = !differs.value;
          }}>${differs.value ? t('Show all of it') : t('Show what changed')}</button>`
        }
        ${
          differs.value && section.before !== null
            ? html`<${Diff} before=${section.before} after=${section.text} label=${t('Changes in {section}', { section: sectionTitle(section.name) })} />`
            : html`<pre class="trace-message__json" dir="auto">${section.text}</pre>`
        }
      </details>
    </li>
  `;
}

/** Against the run before. @type {Record<string, string>} */
const changes = { changed: t('changed'), new: t('new') };
