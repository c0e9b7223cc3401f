import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { channels, members, session, titleOf } from '../core/store/store.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Icon } from '../ui/Icon.js';
import { useOptions } from '../ui/use-options.js';
import { completed, operators, partAt, suggestionsFor, withOperator } from './search-words.js';

/** What is searched for, and what helps to say it. @param {{ text: string, error?: string, search: (text: string) => void }} props */
export function SearchField({ text, error, search }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const draft = useSignal(text);
  const caret = useSignal(text.length);
  const open = useSignal(false);
  const part = partAt(draft.value, caret.value);
  const suggestions = open.value ? suggestionsFor(part.text, known()) : [];
  const options = useOptions({
    id: 'search',
    count: suggestions.length,
    choose: (at) => take(suggestions[at]?.insert ?? ''),
    key: part.text,
  });

  useEffect(() => {
    draft.value = text;
    open.value = false;
    if (text === '') field.current?.focus();
  }, [text]);
  useLayoutEffect(() => {
    if (open.peek()) field.current?.setSelectionRange(caret.peek(), caret.peek());
  }, [draft.value]);

  /** @param {string} insert */
  function take(insert) {
    const next = completed(draft.value, part, insert);
    caret.value = next.caret;
    draft.value = next.text;
    open.value = insert.endsWith(':');
  }

  /** @param {import('./search-words.js').OperatorName} name */
  function begin(name) {
    const next = withOperator(draft.value, name);
    open.value = true;
    caret.value = next.length;
    draft.value = next;
    field.current?.focus();
  }

  function onInput() {
    const element = field.current;
    if (!element) return;
    caret.value = element.selectionStart ?? element.value.length;
    draft.value = element.value;
    open.value = true;
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (options.onKeyDown(event)) return;
    if (event.key !== 'Escape' || !open.value) return;
    event.preventDefault();
    open.value = false;
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    open.value = false;
    if (draft.value.trim() !== '') search(draft.value.trim());
  }

  return html`
    <form class="search" role="search" onSubmit=${submit}>
      <div class="search__row">
        <div class="search__box">
          <${Icon} name="search" size=${18} />
          <label class="visually-hidden" for="search-field">${t('Search messages')}</label>
          <input
            class="input search__input"
            id="search-field"
            type="search"
            name="q"
            value=${draft.value}
            maxlength=${500}
            placeholder=${t('Search messages')}
            autocomplete="off"
            autocapitalize="off"
            spellcheck=${false}
            enterkeyhint="search"
            dir="auto"
            aria-invalid=${error ? 'true' : undefined}
            aria-describedby=${error ? 'search-error' : undefined}
            ...${options.field}
            onInput=${onInput}
            onKeyDown=${onKeyDown}
            onClick=${onInput}
            onBlur=${() => {
              open.value = false;
            }}
            ref=${field}
          />
          <ul class="options search__options" ...${options.list} aria-label=${t('Suggestions')} hidden=${suggestions.length === 0}>
            ${suggestions.map(
              ({ insert, label, detail, user }, at) => html`
                <li key=${insert} class="options__option" ...${options.option(at)}>
                  <span class="options__name" dir="auto">${label}</span> ${user && html`<${AgentBadge} user=${user} /> `}<span class="options__detail" dir="auto">${detail}</span>
                </li>
              `,
            )}
          </ul>
        </div>
        <button class="button" type="submit">${t('Search')}</button>
      </div>
      ${error && html`<p class="field__error search__error" id="search-error" role="alert">${error}</p>`}
      <div class="search__filters" role="group" aria-label=${t('Filters')}>
        ${operators.map(
          ({ name, label, detail }) =>
            html`<button key=${name} class="chip" type="button" data-tip=${detail} onClick=${() => begin(name)}>${label}</button>`,
        )}
      </div>
    </form>
  `;
}

function known() {
  return {
    me: session.value?.userId ?? '',
    users: members.value,
    channels: Object.values(channels.value ?? {}).map((channel) => ({ channel, title: titleOf(channel) })),
    now: new Date(),
  };
}
