import { useEffect } from 'preact/hooks';
import { actAs, returnToSession } from '../core/acting.js';
import { addressOf } from '../core/addresses.js';
import { endings } from '../core/gone.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { homeOf, loadName } from '../core/loading.js';
import { notFound } from '../core/not-found.js';
import { describe } from '../core/refusals.js';
import { channels, loads, session, userOf } from '../core/store/store.js';
import { Icon } from './Icon.js';

/** @import { Failure } from '../core/types.js' */

/** @param {{ failure: Failure, retry: () => void, tag?: string }} props */
export function Failed({ failure, retry, tag = 'p' }) {
  const { icon, title, text, canRetry } = describe(failure);
  return html`
    <${Notice} icon=${icon} title=${title} text=${text} tag=${tag} alert>
      ${
        canRetry &&
        html`<button class="button" type="button" onClick=${retry}><${Icon} name="rotate-cw" size=${16} /> ${t('Try again')}</button>`
      }
    <//>
  `;
}

/** @typedef {'page' | 'channel' | 'member' | 'run'} Missing */

/** @type {Record<Missing, (actor: string) => string>} */
const whyMissing = {
  page: () => t('Check the address for typos.'),
  channel: (actor) =>
    t('The channel may have been deleted, or it is private and {actor} is not a member.', { actor }),
  member: () => t('No member of this workspace has this ID.'),
  run: (actor) =>
    t('The run may have been deleted with its channel, or {actor} cannot read that channel.', { actor }),
};

/** @param {{ what?: Missing }} props */
export function NotFound({ what = 'page' }) {
  const actor = session.value ? userOf(session.value.userId).displayName : t('you');
  const home = homeOf(Object.values(channels.value ?? {}), session.value);
  useEffect(() => {
    notFound.value = true;
    return () => {
      notFound.value = false;
    };
  }, []);
  return html`
    <${Notice} icon="circle-question-mark" title=${t('Page not found')} text=${whyMissing[what](actor)}>
      ${home && html`<a class="button" href=${addressOf(home)}>${t('Go to #{channel}', { channel: home.name })}</a>`}
    <//>
  `;
}

/** Where the member that one acts as can neither read nor write any more. @param {{ refusal: import('../core/http.js').Refusal }} props */
export function ActorRefused({ refusal }) {
  const { code, userId, actAs: other, isViewed } = refusal;
  if (code === 'other_user') return html`<${OtherAccount} />`;
  const isUnknown = code === 'unknown_actor';
  const name = userId === null ? t('This member') : userOf(userId).displayName;
  const failure = loads.value[loadName.actor];
  return html`
    <${Notice}
      icon="circle-question-mark"
      title=${isUnknown ? t('{name} is not in this workspace', { name }) : t('{name} is inactive', { name })}
      text=${[isUnknown ? t('This member doesn’t exist.') : t('Inactive members can’t read or write.'), t('What you typed is kept in this browser.'), !other && !isViewed && t('Nobody else is active.')].filter(Boolean).join(' ')}
      tag="h1"
      alert
    >
      ${
        isViewed
          ? html`<button class="button" type="button" onClick=${returnToSession}>${t('Stop viewing as {name}', { name })}</button>`
          : other &&
            html`<button class="button" type="button" onClick=${() => actAs(other.id)}>${t('View as {name}', { name: other.displayName })}</button>`
      }
      ${failure && html`<p class="notice__text" role="alert">${describe(failure).title}.</p>`}
    <//>
  `;
}

/** Another window of this browser has signed in with another account: this one must not write in its name. */
function OtherAccount() {
  return html`
    <${Notice}
      icon="users"
      title=${t('You are signed in with another account')}
      text=${t('Another window of this browser has signed in. What you typed here is kept until you sign in as yourself again.')}
      tag="h1"
      alert
    >
      <button class="button" type="button" onClick=${() => location.reload()}>${t('Continue with that account')}</button>
    <//>
  `;
}

/** In place of a channel that is not there: what became of it, where that is known. @param {{ channelId: string }} props */
export function ChannelGone({ channelId }) {
  const ending = endings.value[channelId];
  const home = homeOf(Object.values(channels.value ?? {}), session.value);
  if (!ending) return html`<${NotFound} what="channel" />`;
  const { how, name, userId } = ending;
  const by =
    userId === session.value?.userId
      ? t('You deleted it, with its messages.')
      : t('{name} deleted it, with its messages.', { name: userOf(userId ?? '').displayName });
  const me = userOf(session.value?.userId ?? '').displayName;
  return html`
    <${Notice}
      icon="circle-question-mark"
      title=${{ deleted: t('{name} was deleted', { name }), archived: t('{name} was archived', { name }), removed: t('{name} is not in this channel any more', { name: me }) }[how]}
      text=${{ deleted: userId === null ? t('Its messages are deleted as well.') : by, archived: t('Nobody can write in it any more. Search still finds its messages.'), removed: t('It is private: only its members can read it.') }[how]}
      alert
    >
      ${home && html`<a class="button" href=${addressOf(home)}>${t('Go to #{channel}', { channel: home.name })}</a>`}
    <//>
  `;
}

/** Where a link leads to a message that is not there. @param {{ what: 'message' | 'reply', dismiss: () => void }} props */
export function LostNote({ what, dismiss }) {
  return html`
    <div class="lost" role="status">
      <p>${what === 'reply' ? t('The reply that this link leads to was not found. It may have been deleted.') : t('The message that this link leads to was not found. It may have been deleted.')}</p>
      <button class="icon-button" type="button" aria-label=${t('Dismiss')} onClick=${dismiss}><${Icon} name="x" size=${16} /></button>
    </div>
  `;
}

export function ThreadNotFound() {
  return html`
    <${Notice}
      icon="circle-question-mark"
      title=${t('Thread not found')}
      text=${t('Its first message may have been deleted, or the address may be wrong.')}
    />
  `;
}

/** @param {{ icon: string, title: string, text: string, tag?: string, alert?: boolean, children?: unknown }} props */
function Notice({ icon, title, text, tag = 'p', alert = false, children }) {
  return html`
    <div class="notice" role=${alert ? 'alert' : undefined}>
      <span class="notice__icon"><${Icon} name=${icon} size=${28} strokeWidth=${1.75} /></span>
      <${tag} class="notice__title">${title}<//>
      <p class="notice__text">${text}</p>
      ${children}
    </div>
  `;
}
