import { directMessageWith, openDirectMessage } from '../channels/direct-messages.js';
import { addressOf } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { session } from '../core/store/store.js';
import { Icon } from '../ui/Icon.js';
import { useSave } from '../ui/use-save.js';

/** Leads to the conversation with a member, which begins there where there is none. @param {{ userId: string }} props */
export function MessageLink({ userId }) {
  const opening = useSave();
  const me = session.value?.userId;
  if (!me || me === userId) return null;
  const channel = directMessageWith(userId);
  const content = html`<${Icon} name="message-circle" size=${16} /> ${t('Message')}`;
  if (channel)
    return html`<a class="button button--small page__aside" href=${addressOf(channel)}>${content}</a>`;
  const refused = opening.problem && sentenceOf(opening.problem.failure);
  return html`
    ${refused && html`<p class="field__error page__aside" role="alert">${refused}</p>`}
    <button
      class=${`button button--small${refused ? '' : ' page__aside'}`}
      type="button"
      disabled=${opening.busy}
      onClick=${() => opening.save(() => openDirectMessage(userId))}
    >${content}</button>
  `;
}
