import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { compareNames } from '../core/name-order.js';
import { isBuiltIn, sectionIdOf, sectionsOf, titleOfSection } from '../core/store/sections.js';
import { channels, isMine, layout, preferencesOf, titleOf } from '../core/store/store.js';
import { Dialog } from '../ui/Dialog.js';
import { Field } from '../ui/Field.js';
import { discardTyped, useDraftedSignal } from '../ui/form-drafts.js';
import { Icon } from '../ui/Icon.js';
import {
  addSection,
  arrange,
  changeSection,
  moveSection,
  putIntoSection,
  removeSection,
} from './arrange-sidebar.js';

/** @import { Channel, SidebarSection } from '../core/types.js' */

/** How the sidebar is arranged: its sections, their order, and what is in them. */
export function SectionsDialog() {
  const sections = sectionsOf(layout.value);
  const own = sections.filter(({ id }) => !isBuiltIn(id));
  const mine = Object.values(channels.value ?? {})
    .filter(isMine)
    .toSorted((a, b) => compareNames(titleOf(a), titleOf(b)));
  return html`
    <${Dialog} name="sections" title=${t('Arrange the sidebar')}>
      <div class="dialog__body">
        <label class="switch">
          <input type="checkbox" role="switch" checked=${layout.value.isUnreadOnly} onChange=${() => arrange({ isUnreadOnly: !layout.peek().isUnreadOnly })} />
          <span class="switch__text"><span class="switch__label">${t('Unread only')}</span><span class="quiet">${t('Show only conversations that are unread or open.')}</span></span>
        </label>
        <section>
          <h3 class="form__title" id="sections-order">${t('Sections')}</h3>
          <ol class="rows" aria-labelledby="sections-order">
            ${sections.map((section, at) => html`<${SectionRow} key=${section.id} section=${section} isFirst=${at === 0} isLast=${at === sections.length - 1} />`)}
          </ol>
          <${NewSection} />
        </section>
        ${
          own.length > 0 &&
          html`<section>
            <h3 class="form__title" id="sections-places">${t('Conversations')}</h3>
            <ul class="rows" aria-labelledby="sections-places">
              ${mine.map((channel) => html`<${PlaceRow} key=${channel.id} channel=${channel} own=${own} />`)}
            </ul>
          </section>`
        }
      </div>
    <//>
  `;
}

/** @param {{ section: SidebarSection, isFirst: boolean, isLast: boolean }} props */
function SectionRow({ section, isFirst, isLast }) {
  const { id } = section;
  const title = titleOfSection(section);

  /** Moving an element takes the focus away from what is in it. @param {-1 | 1} by */
  async function move(by) {
    const saving = moveSection(id, by);
    requestAnimationFrame(() => {
      const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (
        document.querySelectorAll(`[data-section="${CSS.escape(id)}"] [data-move]`)
      );
      const [up, down] = buttons;
      const wanted = by < 0 ? up : down;
      (wanted?.disabled ? (by < 0 ? down : up) : wanted)?.focus();
    });
    await saving;
  }

  return html`
    <li class="rows__row" data-section=${id}>
      ${isBuiltIn(id) ? html`<span class="rows__text"><strong>${title}</strong></span>` : html`<${SectionName} section=${section} />`}
      <button class="icon-button" type="button" data-move disabled=${isFirst} aria-label=${t('Move {title} up', { title })} onClick=${() => move(-1)}><${Icon} name="chevron-up" size=${18} /></button>
      <button class="icon-button" type="button" data-move disabled=${isLast} aria-label=${t('Move {title} down', { title })} onClick=${() => move(1)}><${Icon} name="chevron-down" size=${18} /></button>
      ${!isBuiltIn(id) && html`<button class="icon-button" type="button" aria-label=${t('Remove {title}', { title })} onClick=${() => removeSection(id)}><${Icon} name="trash" size=${18} /></button>`}
    </li>
  `;
}

/** @param {{ section: SidebarSection }} props one that the user has made */
function SectionName({ section }) {
  const saved = titleOfSection(section);
  const name = useDraftedSignal(`section:${section.id}`, saved);
  const typed = name.value.trim();

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    if (typed !== '' && typed !== saved) changeSection(section.id, { name: typed });
  }

  return html`
    <form class="sections__name" aria-label=${t('Name of {saved}', { saved })} onSubmit=${submit} novalidate>
      <${Field} label=${t('Name of {saved}', { saved })} hideLabel name=${`section-${section.id}`} value=${name.value} maxlength=${80} error=${typed === '' ? t('Enter a name.') : undefined}
        onInput=${(/** @type {string} */ value) => {
          name.value = value;
        }} />
      ${typed !== saved && html`<button class="button button--small" type="submit" disabled=${typed === ''}>${t('Rename')}</button>`}
    </form>
  `;
}

function NewSection() {
  const name = useDraftedSignal('section-new', '');
  const typed = name.value.trim();

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (typed === '') return;
    if ((await addSection(typed)) && name.peek().trim() === typed) discardTyped(name, '');
  }

  return html`
    <form class="sections__new" aria-label=${t('New section')} onSubmit=${submit} novalidate>
      <${Field} label=${t('New section')} name="section-new" value=${name.value} maxlength=${80} hint=${t('A name for conversations that belong together')}
        onInput=${(/** @type {string} */ value) => {
          name.value = value;
        }} />
      <button class="button" type="submit" disabled=${typed === ''}><${Icon} name="plus" size=${16} />${t('Add')}</button>
    </form>
  `;
}

/** @param {{ channel: Channel, own: SidebarSection[] }} props */
function PlaceRow({ channel, own }) {
  const title = titleOf(channel);
  const chosen = sectionIdOf({ id: channel.id, kind: channel.kind, isStarred: false }, layout.value);
  const id = `section-of-${channel.id}`;
  return html`
    <li class="rows__row">
      <label class="rows__text" for=${id} dir="auto">${title}${preferencesOf(channel.id).isStarred && html` <span class="quiet">${t('(starred)')}</span>`}</label>
      <select class="input sections__place" id=${id} value=${isBuiltIn(chosen) ? '' : chosen} onChange=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ event) => putIntoSection(channel.id, event.currentTarget.value)}>
        <option value="">${isDirect(channel) ? t('Direct messages') : t('Channels')}</option>
        ${own.map((section) => html`<option key=${section.id} value=${section.id}>${titleOfSection(section)}</option>`)}
      </select>
    </li>
  `;
}
