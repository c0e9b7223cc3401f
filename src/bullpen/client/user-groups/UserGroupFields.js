import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Field } from '../ui/Field.js';

/** @import { Signal } from '@preact/signals' */
/** @import { Problem } from '../ui/use-save.js' */

const longestHandle = 40;
const longestDescription = 200;

/** What a refusal says of the fields. @param {Problem | null} problem @returns {{ handle?: string, description?: string }} */
export function fieldErrors(problem) {
  if (!problem) return {};
  const { handle, description } = problem.fields;
  const taken = problem.failure.code === 'name_taken' ? problem.failure.message : undefined;
  return { ...((handle ?? taken) && { handle: handle ?? taken }), ...(description && { description }) };
}

/**
 * What a user group is called, and what it is for.
 * @param {{ handle: Signal<string>, description: Signal<string>, problem: Problem | null, autofocus?: boolean, onInput?: () => void }} props
 */
export function UserGroupFields({
  handle,
  description,
  problem,
  autofocus = false,
  onInput = () => undefined,
}) {
  const errors = fieldErrors(problem);
  const nameless = errors.handle && handle.value.trim() === '' ? t('Enter a name.') : undefined;

  /** @param {Signal<string>} text */
  const editing = (text) => (/** @type {string} */ value) => {
    onInput();
    text.value = value;
  };

  return html`
    <${Field} label=${t('Name')} name="user-group-handle" value=${handle.value} error=${nameless ?? errors.handle} maxlength=${longestHandle + 1} required autofocus=${autofocus}
      autocapitalize="off" spellcheck=${false} hint=${t('One word that is nobody’s name. Messages mention it after an @.')} onInput=${editing(handle)} />
    <${Field} label=${t('Description')} name="user-group-description" value=${description.value} error=${errors.description} limit=${longestDescription} onInput=${editing(description)} />
  `;
}
