import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { EntryFrame } from './EntryFrame.js';

/** @param {{ wanted?: string }} props where to go on */
export function CookiesBlocked({ wanted = '/' }) {
  return html`
    <${EntryFrame}
      title=${t('Your browser blocks cookies')}
      intro=${t('Your name and password are right, but the browser did not keep the cookie that says so. Allow cookies for this address, then continue.')}
    >
      <a class="button entry__submit" href=${wanted}>${t('Continue')}</a>
    <//>
  `;
}
