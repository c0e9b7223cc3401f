import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { EntryFrame, EntryNote } from './EntryFrame.js';

/** @import { LinkInfo } from '../core/types.js' */
/** @import { useLink } from './use-link.js' */

/**
 * A page that is opened by a link, and what it says while the link cannot be used.
 * @param {{
 *   link: ReturnType<typeof useLink>, title: string | ((info: LinkInfo) => string), ended: { title: string, text: unknown }, missing: unknown,
 *   intro?: (info: LinkInfo) => unknown, children: (info: LinkInfo) => unknown
 * }} props ended: what to do if the link was used or is too old; missing: if there is none
 */
export function LinkPage({ link, title, ended, missing, intro, children }) {
  const { state, info, failure } = link;
  const named = typeof title === 'string' ? title : info ? title(info) : '';
  const signIn = html`<a class="button entry__submit" href="/sign-in">${t('Go to sign-in')}</a>`;
  if (state === 'missing')
    return html`<${EntryFrame} title=${t('This page needs a link')} intro=${missing}>${signIn}<//>`;
  if (state === 'ended') return html`<${EntryFrame} title=${ended.title} intro=${ended.text}>${signIn}<//>`;
  if (state === 'failed' && failure) {
    return html`
      <${EntryFrame} title=${t('Can’t check the link')}>
        <${EntryNote} text=${sentenceOf(failure)} />
        <button class="button entry__submit" type="button" onClick=${link.retry}>${t('Try again')}</button>
      <//>
    `;
  }
  if (!info) return html`<${EntryFrame} title=${named || t('Checking the link…')} />`;
  return html`<${EntryFrame} title=${named} intro=${intro?.(info)}>${children(info)}<//>`;
}
