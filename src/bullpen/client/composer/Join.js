import { useSignal } from '@preact/signals';
import { addMember } from '../channels/requests.js';
import { html } from '../core/html.js';
import { ApiError } from '../core/http.js';
import { sentence, t } from '../core/language.js';
import { describe } from '../core/refusals.js';
import { dispatch, session } from '../core/store/store.js';

/** @import { Channel } from '../core/types.js' */

/** For users who can read a channel and are not in it. @param {{ channel: Channel }} props */
export function Join({ channel }) {
  const busy = useSignal(false);
  const problem = useSignal('');

  async function onJoin() {
    const userId = session.peek()?.userId;
    if (busy.peek() || userId === undefined) return;
    busy.value = true;
    problem.value = '';
    try {
      const memberIds = await addMember(channel.id, userId);
      dispatch({ type: 'members', channelId: channel.id, memberIds });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.value = describe(error).text;
    } finally {
      busy.value = false;
    }
  }

  return html`
    <div class="composer">
      <div class="composer__line"></div>
      <div class="composer__box composer__join">
        <p>${sentence(t('You are reading {channel}. Join to write in it.'), { channel: html`<strong>#${channel.name}</strong>` })}</p>
        <button class="button" type="button" disabled=${busy.value} onClick=${onJoin}>${t('Join #{channel}', { channel: channel.name })}</button>
        ${problem.value && html`<p class="composer__problem" role="alert">${problem.value}</p>`}
      </div>
    </div>
  `;
}

/** In place of the composer, for administrators who read what agents write to each other. */
export function AgentsOnly() {
  return html`
    <div class="composer">
      <div class="composer__line"></div>
      <div class="composer__box composer__join"><p>${t('Only agents are in this conversation. You can read it because you are an administrator.')}</p></div>
    </div>
  `;
}
