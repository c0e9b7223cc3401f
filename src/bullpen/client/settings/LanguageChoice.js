import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { chooseLanguage, chosenLanguage } from './chosen-language.js';

/** Each in its own language, so that people who read no other one find it. */
const languages = [
  { code: 'en', name: 'English' },
  { code: 'de', name: 'Deutsch' },
];

/** In which language this browser shows Bullpen. @param {{ id: string, tag?: 'h2' | 'h3' }} props tag: the heading's level, where it is shown */
export function LanguageChoice({ id, tag = 'h3' }) {
  const chosen = chosenLanguage();
  return html`
    <section class="about__part">
      <${tag} class="form__title"><label for=${id}>${t('Language')}</label><//>
      <select class="input" id=${id} name="language" aria-describedby=${`${id}-about`} value=${chosen} onChange=${(
        /** @type {globalThis.Event} */ event,
      ) => chooseLanguage(/** @type {HTMLSelectElement} */ (event.target).value)}>
        <option value="" selected=${chosen === ''}>${t('As the browser')}</option>
        ${languages.map(({ code, name }) => html`<option key=${code} value=${code} lang=${code} selected=${chosen === code}>${name}</option>`)}
      </select>
      <p class="field__hint" id=${`${id}-about`}>${t('In this browser. The page is loaded again; what you typed is kept.')}</p>
    </section>
  `;
}
