import { useEffect } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { session, state } from '../core/store/store.js';
import { useEvents } from '../core/store/use-events.js';
import { Icon } from '../ui/Icon.js';
import { isFollowing, note, setFollowed } from './following.js';
import { getFollowing } from './requests.js';

/** Whether new replies are to be unread for the reader, in the thread's header. @param {{ rootId: string }} props */
export function FollowThread({ rootId }) {
  const me = session.value?.userId ?? '';
  const load = () =>
    getFollowing(rootId).then(
      ({ isFollowed }) => note(rootId, isFollowed),
      () => {},
    );
  useEffect(() => void load(), [rootId, me]);
  useEvents((event) => {
    if (event.type === 'reset') return true;
    if (event.type === 'thread.followed') return event.rootId === rootId;
    if (event.type !== 'message.created' && event.type !== 'message.deleted') return false;
    return (
      event.parentMessageId === rootId && (authorOf(event) === me || event.mentions?.includes(me) === true)
    );
  }, load);
  const on = isFollowing(rootId, state.value.threads[rootId]?.root);
  return html`
    <button
      class="thread__follow button button--small"
      type="button"
      aria-pressed=${on}
      aria-label=${on ? t('Following this thread') : t('Follow this thread')}
      data-tip=${t('Show new replies in your inbox')}
      data-tip-side="bottom"
      onClick=${() => setFollowed(rootId, !on)}
    ><${Icon} name=${on ? 'bell' : 'bell-off'} size=${16} />${on ? t('Following') : t('Follow')}</button>
  `;
}

/** @param {Extract<import('../core/types.js').LogEvent, { type: 'message.created' | 'message.deleted' }>} event */
function authorOf(event) {
  return event.type === 'message.created' ? event.message.userId : event.userId;
}
