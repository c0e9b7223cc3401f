import { useSignal } from '@preact/signals';
import { nameOfPassage } from '../../core/addresses.js';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { sentenceOf } from '../../core/refusals.js';
import { channels, titleOf } from '../../core/store/store.js';
import { inlineMomentLabel, momentLabel } from '../../core/time-format.js';
import { Collapsible } from '../../ui/Collapsible.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Icon } from '../../ui/Icon.js';
import { useLinked } from '../../ui/use-linked.js';
import { useSave } from '../../ui/use-save.js';
import { OriginLinks } from '../../why/OriginLinks.js';
import { deletePassage } from './requests.js';

/** @import { Agent, Passage as ArchivedPassage } from '../../core/types.js' */

/**
 * @param {{
 *   agent: Agent, passage: ArchivedPassage, tags: string[], toggleTag: (tag: string) => void,
 *   removed: (passage: ArchivedPassage) => void
 * }} props
 */
export function Passage({ agent, passage, tags, toggleTag, removed }) {
  const whole = useSignal(false);
  const saving = useSave();
  const { ref, linked } = useLinked(nameOfPassage(passage.id));
  const { content, snippet } = passage;
  const isPart = snippet && snippet.map(({ text }) => text).join('').length < content.length;

  async function remove() {
    if (await saving.save(() => deletePassage(agent.id, passage.id))) removed(passage);
  }

  return html`
    <li class=${`passage${linked ? ' passage--linked' : ''}`} tabindex=${linked ? -1 : undefined} ref=${ref}>
      ${text()}
      ${
        isPart &&
        html`<button class="folded__more" type="button" aria-expanded=${whole.value} onClick=${() => {
          whole.value = !whole.value;
        }}>${whole.value ? t('Show matches') : t('Show full text')}</button>`
      }
      <div class="passage__foot">
        <span class="quiet">${momentLabel(new Date(passage.createdAt), new Date())}</span>
        <span class="quiet"><${OriginLinks} kind="passage" name=${passage.id} /></span>
        ${passage.channelId && html`<${KeptFor} channelId=${passage.channelId} />`}
        ${passage.tags.map(
          (tag) =>
            html`<button key=${tag} class="chip" type="button" aria-pressed=${tags.includes(tag)} onClick=${() => toggleTag(tag)}>${tag}</button>`,
        )}
        ${saving.problem && html`<span class="quiet field__error" role="alert">${sentenceOf(saving.problem.failure)}</span>`}
        <${ConfirmButton} icon="trash" label=${t('Delete')} name=${t('passage from {time}', { time: inlineMomentLabel(new Date(passage.createdAt), new Date()) })} iconOnly
          question=${t('Delete permanently?')} yes=${t('Delete')} act=${remove} busy=${saving.busy} />
      </div>
    </li>
  `;

  function text() {
    if (!snippet)
      return html`<${Collapsible} text=${content} class="passage__text" most=${700} lines=${8} />`;
    if (whole.value) return html`<p class="passage__text" dir="auto">${content}</p>`;
    return html`<p class="passage__text" dir="auto">
      ${snippet.map(({ text, hit }, at) => (hit ? html`<mark key=${at}>${text}</mark>` : text))}
    </p>`;
  }
}

/** @param {{ channelId: string }} props */
function KeptFor({ channelId }) {
  const channel = channels.value?.[channelId];
  const place = channel ? titleOf(channel) : channelId;
  return html`<span class="chip" data-tip=${t('Private: only members of this conversation can see it')}><${Icon} name="lock" size=${12} /> ${place}</span>`;
}
