import { getReach, policyChanges } from '../channels/requests.js';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { session, state } from '../core/store/store.js';
import { userGroupsIn, usersIn } from '../messages/mentionable.js';
import { costLabel } from '../run/cost.js';
import { useLoaded } from '../ui/use-loaded.js';
import { notifiedLabel } from './notified.js';
import { reachedBy, reachOf } from './reach.js';

/** @import { Channel, Place } from '../core/types.js' */

/**
 * How many people a message notifies, how many agents it asks, and what that is likely to cost. Agents are asked for once in
 * a channel, not for each text.
 * @param {{ channel: Channel, place: Place, text: string }} props
 */
export function ReachNote({ channel, place, text }) {
  const key = `reach:${channel.id}:${policyChanges.value}:${channel.memberIds.join(' ')}`;
  const agents = useLoaded(key, () => getReach(channel.id), { keep: true }).data;
  if (text.trim() === '') return null;
  const parts = [notifiedLabel(text, channel, place), agents && reachLabel(agents, channel, place, text)];
  const shown = parts.filter(Boolean).join(' · ');
  if (shown === '') return null;
  return html`<span class="composer__reach" data-tip=${t('By what each agent replies to in this conversation')}>${shown}</span>`;
}

/** @param {import('../core/types.js').ReachedAgent[]} agents @param {Channel} channel @param {Place} place @param {string} text */
function reachLabel(agents, channel, place, text) {
  const reached = reachedBy(agents, {
    kind: channel.kind,
    authorId: session.value?.userId ?? '',
    named: namedIn(text),
    authors: place.parentMessageId === null ? null : authorsOf(place.parentMessageId),
  });
  const { number, usd } = reachOf(agents, reached);
  if (number === 0) return null;
  const reach = plural(number, 'Reaches {count} agent', 'Reaches {count} agents');
  return usd ? `${reach} · ${t('about {cost}', { cost: costLabel(usd) })}` : reach;
}

/** Whom a text is meant for: users, and user groups with their members. @param {string} text */
const namedIn = (text) => [
  ...usersIn(text).map(({ id }) => id),
  ...userGroupsIn(text).flatMap(({ id, memberIds }) => [`@${id}`, ...memberIds]),
];

/** Who has written in a thread. @param {string} rootId @returns {string[]} */
function authorsOf(rootId) {
  const thread = state.value.threads[rootId];
  const replies = /** @type {{ userId: string }[]} */ (thread?.replies.items ?? []);
  const root = thread?.root;
  return [root?.userId, ...(root?.threadParticipantIds ?? []), ...replies.map((one) => one.userId)].filter(
    (id) => id !== undefined,
  );
}
