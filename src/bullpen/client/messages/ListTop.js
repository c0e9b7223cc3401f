import { html } from '../core/html.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { describe } from '../core/refusals.js';
import { isOfAgents, otherMember, titleOf } from '../core/store/store.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { MessagesSkeleton } from '../ui/Skeleton.js';

/** @import { Channel, Failure } from '../core/types.js' */

/** Stands above the first message of all. @param {{ channel: Channel, empty: boolean }} props */
export function Beginning({ channel, empty }) {
  const nothingYet = empty ? ` ${t('No messages yet.')}` : '';
  if (isDirect(channel) && isOfAgents(channel))
    return html`<div class="beginning"><p class="beginning__title">${titleOf(channel)}</p><p class="beginning__text">${t('This is the start of their conversation.')}${nothingYet}</p></div>`;
  if (channel.kind === 'group_dm')
    return html`
      <div class="beginning">
        <span class="beginning__symbol"><${Icon} name="users" size=${32} /></span>
        <p class="beginning__title" dir="auto">${titleOf(channel)}</p>
        <p class="beginning__text">${t('This is the start of your conversation with {names}. Only the {count} of you can see it.', { names: titleOf(channel), count: channel.memberIds.length })}${nothingYet}</p>
      </div>
    `;
  if (channel.kind === 'dm') {
    const user = otherMember(channel);
    return html`
      <div class="beginning">
        <${Avatar} user=${user} size=${64} presence />
        <p class="beginning__title">${user.displayName} <${AgentBadge} user=${user} /></p>
        <p class="beginning__text">${t('This is the start of your conversation with {name}.', { name: user.displayName })}${nothingYet}</p>
      </div>
    `;
  }
  const isPrivate = channel.kind === 'private';
  return html`
    <div class="beginning">
      <span class="beginning__symbol"><${Icon} name=${isPrivate ? 'lock' : 'hash'} size=${32} /></span>
      <p class="beginning__title">${channel.name}</p>
      <p class="beginning__text">
        ${isPrivate ? t('This is the start of #{channel}, a private channel that only its members can see.', { channel: channel.name }) : t('This is the start of #{channel}.', { channel: channel.name })}${nothingYet}
      </p>
      ${channel.topic && html`<p class="beginning__topic" dir="auto">${channel.topic}</p>`}
    </div>
  `;
}

/** Stands above the oldest loaded message while there are older ones. @param {{ failure: Failure | null | undefined, retry: () => void }} props */
export function OlderPages(props) {
  return html`<${MorePages} ...${props} words=${{ loading: t('Loading older messages'), failed: t('Older messages could not be loaded.') }} />`;
}

/** Stands below the newest loaded message while there are newer ones. @param {{ failure: Failure | null | undefined, retry: () => void }} props */
export function NewerPages(props) {
  return html`<${MorePages} ...${props} words=${{ loading: t('Loading newer messages'), failed: t('Newer messages could not be loaded.') }} />`;
}

/** @param {{ failure: Failure | null | undefined, retry: () => void, words: { loading: string, failed: string } }} props */
function MorePages({ failure, retry, words }) {
  if (!failure) return html`<${MessagesSkeleton} rows=${3} label=${words.loading} />`;
  return html`
    <div class="older-failed" role="alert">
      <span>${words.failed} ${describe(failure).text}</span>
      <button class="button button--small" type="button" onClick=${retry}>${t('Try again')}</button>
    </div>
  `;
}
