import { useSignal } from '@preact/signals';
import { addMember } from '../channels/requests.js';
import { html } from '../core/html.js';
import { ApiError } from '../core/http.js';
import { isDirect } from '../core/kinds.js';
import { locale, plural, sentence, t } from '../core/language.js';
import { describe } from '../core/refusals.js';
import { dispatch, isActive, userOf } from '../core/store/store.js';
import { userGroupsIn, usersIn } from '../messages/mentionable.js';

/** @import { Channel } from '../core/types.js' */

const mostNamed = 3;

/** Whom a text mentions who is not in the channel, of user groups their agents: they are not asked. @param {string} text @param {Channel} channel @returns {string[]} */
export function outsidersOf(text, channel) {
  const inside = new Set(channel.memberIds);
  const ids = [
    ...usersIn(text).map(({ id }) => id),
    ...userGroupsIn(text).flatMap((group) => group.memberIds.filter((id) => userOf(id).kind === 'agent')),
  ];
  return [...new Set(ids)].filter((id) => !inside.has(id) && isActive(id) !== false);
}

/**
 * Above the composer, while one writes to them and when one has.
 * @param {{ channel: Channel, text: string, sent: string[], onAdd: () => void }} props sent: whom the last message mentioned
 */
export function OutsiderNote({ channel, text, sent, onAdd }) {
  const busy = useSignal(false);
  const problem = useSignal('');
  const written = outsidersOf(text, channel);
  const left = sent.filter((id) => !channel.memberIds.includes(id));
  const ids = (written.length > 0 ? written : left).slice(0, mostNamed);
  if (ids.length === 0) return null;
  const isSent = written.length === 0;
  const names = new Intl.ListFormat(locale).format(ids.map((id) => userOf(id).displayName));
  const room = isDirect(channel) ? t('this conversation') : `#${channel.name}`;

  async function add() {
    if (busy.peek()) return;
    busy.value = true;
    problem.value = '';
    try {
      for (const id of ids) {
        const memberIds = await addMember(channel.id, id);
        dispatch({ type: 'members', channelId: channel.id, memberIds });
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.value = describe(error).text;
    } finally {
      busy.value = false;
    }
    onAdd();
  }

  return html`
    <div class="composer__note" role="status">
      ${outside(ids.length, isSent, names, room)}${' '}
      ${
        !isDirect(channel) &&
        html`<button class="composer__link" type="button" disabled=${busy.value} onClick=${add}>${t('Add {names}', { names })}</button>${isSent && `, ${t('then mention them again.')}`}`
      }
      ${problem.value && html`<span role="alert">${problem.value}</span>`}
    </div>
  `;
}

/** @param {number} count @param {boolean} isSent @param {string} names @param {string} room */
function outside(count, isSent, names, room) {
  const words = isSent
    ? plural(
        count,
        '<strong>{names} is not in {room}</strong> and was not asked.',
        '<strong>{names} are not in {room}</strong> and were not asked.',
      )
    : plural(
        count,
        '<strong>{names} is not in {room}</strong> and will not be asked.',
        '<strong>{names} are not in {room}</strong> and will not be asked.',
      );
  return sentence(words, {
    names,
    room,
    strong: (/** @type {unknown} */ inner) => html`<strong>${inner}</strong>`,
  });
}
