import { html } from '../core/html.js';
import { asActor } from '../core/http.js';
import { t } from '../core/language.js';
import { parts } from '../core/late-components.js';
import { session } from '../core/store/store.js';
import { Icon } from '../ui/Icon.js';

/** @import { LinkPreview, Message, ThreadReply } from '../core/types.js' */

const reachable = { tabindex: -1, 'data-roving': true };

/** What the pages say of themselves that a message links to. @param {{ message: Message | ThreadReply }} props */
export function LinkPreviews({ message }) {
  const { id, userId, previews = [] } = message;
  const remove = session.value?.userId === userId ? parts.value?.removePreview : undefined;
  return html`
    <ul class="previews" aria-label=${t('Link previews')}>
      ${previews.map((preview) => html`<${Preview} key=${preview.id} preview=${preview} remove=${remove && (() => remove(id, preview.id))} />`)}
    </ul>
  `;
}

/** Always as high, whatever it says, so that nothing moves when its picture comes. @param {{ preview: LinkPreview, remove: (() => void) | undefined }} props */
function Preview({ preview, remove }) {
  const { url, title, description, siteName, picture } = preview;
  return html`
    <li class="preview">
      <a class="preview__link" href=${url} target="_blank" rel="noopener noreferrer nofollow" ...${reachable}>
        <span class="preview__text">
          <span class="preview__site" dir="auto">${siteName ?? hostOf(url)}</span>
          <span class="preview__title" dir="auto">${title}</span>
          ${description && html`<span class="preview__description" dir="auto">${description}</span>`}
        </span>
        ${picture && html`<img class="preview__picture" width="72" height="72" loading="lazy" decoding="async" alt="" src=${asActor(picture)} />`}
      </a>
      ${remove && html`<button class="preview__remove" type="button" aria-label=${t('Remove the preview of {title}', { title })} data-tip=${t('Remove preview')} onClick=${remove} ...${reachable}><${Icon} name="x" size=${14} /></button>`}
    </li>
  `;
}

/** @param {string} url */
const hostOf = (url) => (URL.canParse(url) ? new URL(url).host : url);
