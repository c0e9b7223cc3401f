import { addressOfAgent } from '../app/addresses.js';
import { html } from '../app/html.js';
import { session, userOf } from '../app/store.js';
import { Avatar } from '../components/Avatar.js';
import { Icon } from '../components/Icon.js';
import { useMembership } from './membership.js';
import { PeoplePicker } from './PeoplePicker.js';
import { refusal } from './saving.js';

/** @import { Channel } from '../app/types.js' */

/** @param {{ channel: Channel, joined: boolean }} props */
export function ChannelMembers({ channel, joined }) {
  const membership = useMembership(channel);
  const { memberIds } = channel;
  const error = membership.problem ? refusal(membership.problem.failure) : undefined;
  return html`
    <section class="about__part" aria-labelledby="about-members">
      <h3 class="form__title" id="about-members">${memberIds.length === 1 ? '1 member' : `${memberIds.length} members`}</h3>
      ${joined && html`<${PeoplePicker} label="Add somebody" name="add-member" without=${memberIds} error=${error} pick=${membership.add} />`}
      <ul class="rows" aria-labelledby="about-members">
        ${memberIds.map((id) => {
          const user = userOf(id);
          return html`
            <li key=${id} class="rows__row">
              <${Avatar} user=${user} size=${36} presence />
              <span class="rows__text">
                <a class="rows__name" href=${addressOfAgent(id)} dir="auto">${user.displayName}</a>
                <span class="rows__detail" dir="auto">${user.title}</span>
              </span>
              ${
                joined &&
                id !== session.value?.userId &&
                html`<button class="icon-button" type="button" aria-label=${`Remove ${user.displayName}`} disabled=${membership.busy} onClick=${() => membership.remove(id)}><${Icon} name="user-minus" size=${16} /></button>`
              }
            </li>
          `;
        })}
      </ul>
    </section>
  `;
}
