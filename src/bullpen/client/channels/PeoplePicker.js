import { useSignal } from '@preact/signals';
import { fit } from '../core/fuzzy.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { members } from '../core/store/store.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { useOptions } from '../ui/use-options.js';

const most = 8;

/**
 * Somebody of the workspace, by a few letters of the name.
 * @param {{ label: string, name: string, without: string[], pick: (userId: string) => void, hint?: string, error?: string, autofocus?: boolean, disabled?: boolean, submits?: boolean }} props
 *   submits: Enter sends the form where there is nobody to choose
 */
export function PeoplePicker({
  label,
  name,
  without,
  pick,
  hint,
  error,
  autofocus = false,
  disabled = false,
  submits = false,
}) {
  const typed = useSignal('');
  const open = useSignal(false);
  const shown = open.value ? fitting(typed.value, without) : [];
  const options = useOptions({
    id: name,
    count: shown.length,
    choose: (at) => choose(shown[at]?.id),
    first: true,
    key: typed.value,
  });
  const below = error ?? hint;

  /** @param {string | undefined} userId */
  function choose(userId) {
    if (userId === undefined) return;
    typed.value = '';
    open.value = false;
    pick(userId);
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (options.onKeyDown(event)) return;
    if (event.key === 'Escape' && open.value) {
      event.preventDefault();
      open.value = false;
    } else if (event.key === 'ArrowDown') open.value = true;
    else if (event.key === 'Enter' && !(submits && typed.value === '')) event.preventDefault();
  }

  return html`
    <div class="field">
      <label class="field__label" for=${`field-${name}`}>${label}</label>
      <div>
        <input
          class="input"
          id=${`field-${name}`}
          value=${typed.value}
          placeholder=${t('Add by name')}
          autocomplete="off"
          autocapitalize="off"
          spellcheck=${false}
          dir="auto"
          autofocus=${autofocus}
          disabled=${disabled}
          aria-invalid=${error ? 'true' : undefined}
          aria-describedby=${below ? `field-${name}-below` : undefined}
          ...${options.field}
          onInput=${(/** @type {globalThis.Event} */ event) => {
            typed.value = /** @type {HTMLInputElement} */ (event.target).value;
            open.value = true;
          }}
          onClick=${() => {
            open.value = true;
          }}
          onBlur=${() => {
            open.value = false;
          }}
          onKeyDown=${onKeyDown}
        />
        <ul class="options picker__options" ...${options.list} aria-label=${label} hidden=${shown.length === 0}>
          ${shown.map(
            (user, at) => html`
              <li key=${user.id} class="options__option" ...${options.option(at)}>
                <${Avatar} user=${user} size=${24} presence />
                <span class="options__name" dir="auto">${user.displayName}</span> <${AgentBadge} user=${user} /> <span class="options__detail" dir="auto">${user.title}</span>
              </li>
            `,
          )}
        </ul>
      </div>
      ${below && html`<span id=${`field-${name}-below`} class=${error ? 'field__error' : 'field__hint'} role=${error ? 'alert' : undefined}>${below}</span>`}
    </div>
  `;
}

/** @param {string} typed @param {string[]} without */
function fitting(typed, without) {
  return members.value
    .filter((user) => !without.includes(user.id))
    .flatMap((user) => {
      const found = fit(typed, user.displayName);
      return found ? [{ user, score: found.score }] : [];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ user }) => user);
}
