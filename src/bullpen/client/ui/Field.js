import { html } from '../core/html.js';
import { locale, plural, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';

/** @import { useSave } from './use-save.js' */

/**
 * A label, what is typed, below it what helps or what is wrong, and an `action`, such as a button.
 * @param {{
 *   label: string, name: string, value: string, onInput: (value: string) => void, error?: string, hint?: string,
 *   tag?: 'input' | 'textarea', limit?: number, hideLabel?: boolean, inputRef?: unknown, action?: unknown, [attribute: string]: unknown
 * }} props the count of characters is shown once it comes near the limit
 */
export function Field({
  label,
  name,
  value,
  onInput,
  error,
  hint,
  tag = 'input',
  limit,
  hideLabel = false,
  inputRef,
  action,
  ...attributes
}) {
  const left = limit === undefined ? null : limit - lengthOf(value);
  const near = left !== null && limit !== undefined && left < limit * 0.9;
  const note =
    error ?? (left !== null && limit !== undefined && left < 0 ? tooLong(-left, limit) : undefined);
  const below = note ?? hint;
  const id = `field-${name}`;
  return html`
    <div class=${`field field--${attributes.type ?? tag}`}>
      <label class=${hideLabel ? 'visually-hidden' : 'field__label'} for=${id}>${label}</label>
      <${tag}
        class="input"
        id=${id}
        name=${name}
        value=${value}
        dir="auto"
        autocomplete="off"
        aria-invalid=${note ? 'true' : undefined}
        aria-describedby=${below ? `${id}-below` : undefined}
        onInput=${(/** @type {globalThis.Event} */ event) => onInput(/** @type {HTMLInputElement} */ (event.target).value)}
        ref=${inputRef}
        ...${attributes}
      />
      ${
        (below || near) &&
        html`<div class="field__below">
          <span id=${`${id}-below`} class=${note ? 'field__error' : 'field__hint'}>${below}</span>
          ${near && html`<span class="field__left">${lengthOf(value).toLocaleString(locale)} / ${limit.toLocaleString(locale)}<span class="visually-hidden"> ${t('characters')}</span></span>`}
        </div>`
      }
      ${action}
    </div>
  `;
}

/** @param {Parameters<typeof Field>[0] & { unit?: string }} props */
export function NumberField({ unit, ...props }) {
  const wrong =
    props.value.trim() === '' || Number.isNaN(Number(props.value)) ? t('Enter a number.') : undefined;
  return html`<${Field} type="number" inputmode="decimal" ...${props} label=${unit ? `${props.label} (${unit})` : props.label} error=${props.error ?? wrong} />`;
}

/** @param {number} excess @param {number} limit */
function tooLong(excess, limit) {
  return plural(
    excess,
    'Too long by {count} character (limit {limit}).',
    'Too long by {count} characters (limit {limit}).',
    { count: excess.toLocaleString(locale), limit: limit.toLocaleString(locale) },
  );
}

/** As Postgres and Python count them. @param {string} text */
export function lengthOf(text) {
  let length = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00) length -= 1;
  }
  return length;
}

/**
 * Stays in sight while there is something to save.
 * @param {{ dirty: boolean, saved: boolean, saving: ReturnType<typeof useSave>, discard: () => void }} props
 */
export function SaveBar({ dirty, saved, saving, discard }) {
  const { problem } = saving;
  const named = Object.keys(problem?.fields ?? {}).length > 0;
  return html`
    <div class=${`save-bar${dirty ? ' save-bar--shown' : ''}`}>
      <p class="save-bar__text" role="status">
        ${dirty && !problem && t('Unsaved changes')}
        ${!dirty && saved && t('Saved')}
      </p>
      ${dirty && problem && html`<p class="save-bar__text field__error" role="alert">${named ? t("Couldn't save. Fix the highlighted fields.") : t("Couldn't save. {reason}", { reason: sentenceOf(problem.failure) })}</p>`}
      ${
        dirty &&
        html`
          <button class="button button--small" type="button" disabled=${saving.busy} onClick=${discard}>${t('Discard')}</button>
          <button class="button button--main" type="submit" data-tip=${t('Save')} data-tip-more=${t('Ctrl Enter')} disabled=${saving.busy}>${saving.busy ? t('Saving…') : t('Save changes')}</button>
        `
      }
    </div>
  `;
}

/** @param {KeyboardEvent} event */
export function submitOnCtrlEnter(event) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  /** @type {HTMLFormElement} */ (event.currentTarget).requestSubmit();
}
