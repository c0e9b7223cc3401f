import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { isGuest, session } from '../core/store/store.js';
import { Empty } from '../ui/Empty.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { MenuButton } from './Header.js';

/**
 * A page that the API refuses to guests: it says so, and nothing is requested.
 * @template Props
 * @param {(props: Props) => unknown} Page @param {string} name the heading
 * @returns {(props: Props) => unknown}
 */
export function notForGuests(Page, name) {
  return (props) => {
    if (!session.value) return html`<${PageSkeleton} />`;
    if (!isGuest.value) return html`<${Page} ...${props} />`;
    return html`
      <header class="header">
        <${MenuButton} />
        <h1 class="header__name" tabindex="-1"><span class="header__name-text">${name}</span></h1>
      </header>
      <${Empty} icon="lock" title=${t('Not for guests')} text=${t('Ask a member of this workspace if you need to see this.')} />
    `;
  };
}
