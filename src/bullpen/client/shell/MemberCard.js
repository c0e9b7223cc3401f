import { useLayoutEffect, useRef } from 'preact/hooks';
import { AgentQueue } from '../agent/AgentQueue.js';
import { getPerson } from '../agent/requests.js';
import { actAs } from '../core/acting.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { isTeam } from '../core/mode.js';
import { agentState } from '../core/store/agent-states.js';
import { addressOfMember, session, userOf } from '../core/store/store.js';
import { localTimeLabel } from '../core/time-format.js';
import { PauseAgent } from '../pauses/PauseAgent.js';
import { AgentBadge } from '../ui/AgentBadge.js';
import { Avatar } from '../ui/Avatar.js';
import { Dialog } from '../ui/Dialog.js';
import { closeDialog, openDialog } from '../ui/dialog-state.js';
import { Icon } from '../ui/Icon.js';
import { useLoaded } from '../ui/use-loaded.js';
import { presenceWords } from './Header.js';
import { drawerOpen } from './viewport.js';

/** @import { User } from '../core/types.js' */

/** Who a member is, what they are doing, and what one can do with them. @param {{ about: string }} props an id */
export function MemberCard({ about: userId }) {
  const user = userOf(userId);
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  const isOwn = session.value?.userId === userId;

  useLayoutEffect(() => {
    const box = card.current?.closest('dialog');
    if (box) return placeBesideRail(box, userId);
  }, [userId]);

  function viewAs() {
    closeDialog();
    drawerOpen.value = false;
    actAs(userId);
  }

  return html`
    <${Dialog} name="member" title=${user.displayName} bare>
      <div class="member-card" ref=${card}>
        <div class="member-card__who">
          <${Avatar} user=${user} size=${64} presence />
          <div class="member-card__text">
            <p class="member-card__name"><a class="member-card__link" href=${addressOfMember(userId)} dir="auto">${user.displayName}</a> <${AgentBadge} user=${user} /></p>
            ${user.title && html`<p class="quiet" dir="auto">${user.title}</p>`}
            <p class="member-card__line">${[presenceWords[user.presence], user.status && `${user.status.emoji} ${user.status.text}`].filter(Boolean).join(' · ')}</p>
          </div>
        </div>
        <div class="member-card__actions">
          ${
            isOwn
              ? html`<button class="button button--small" type="button" autofocus onClick=${() => openDialog('me')}>${t('Set status')}</button>`
              : html`<button class="button button--small" type="button" data-message=${userId} autofocus><${Icon} name="message-circle" size=${16} /> ${t('Message')}</button>`
          }
          ${
            !isTeam &&
            !isOwn &&
            html`<button class="button button--small button--outlined" type="button" aria-label=${t('View as {name}', { name: user.displayName })} onClick=${viewAs}><${Icon} name="eye" size=${16} /> ${t('View as')}</button>`
          }
          ${user.kind === 'agent' && html`<${PauseAgent} user=${user} />`}
          <a class="button button--small button--outlined" href=${addressOfMember(userId)}>${t('Profile')}</a>
        </div>
        ${user.kind === 'agent' ? html`<${AgentState} user=${user} />` : html`<${PersonFacts} user=${user} />`}
        <button class="dialog__leave icon-button" type="button" aria-label=${t('Close')} onClick=${closeDialog}><${Icon} name="x" size=${18} /></button>
      </div>
    <//>
  `;
}

/** @param {{ user: User }} props */
function AgentState({ user }) {
  const { state, words } = agentState(user.id);
  return html`
    ${state === 'unpaid' && html`<p class="member-card__unpaid">${t('{words}. It answers again when the budget of the day begins at midnight UTC.', { words })}</p>`}
    <${AgentQueue} agent=${user} />
  `;
}

/** @param {{ user: User }} props */
function PersonFacts({ user }) {
  const person = useLoaded(`person:${user.id}`, () => getPerson(user.id));
  const time = person.data?.timeZone ? localTimeLabel(new Date(), person.data.timeZone) : null;
  if (!time) return null;
  return html`<p class="member-card__line"><${Icon} name="clock" size=${16} /> ${t('{time} local time', { time })}</p>`;
}

/**
 * Beside the face that it was opened from, where there is room; also when it has grown.
 * @param {HTMLElement} box @param {string} userId
 */
function placeBesideRail(box, userId) {
  const face = document.querySelector(`.rail__member[data-about="${CSS.escape(userId)}"]`);
  if (!face?.checkVisibility() || face.closest('[inert]') || innerWidth < 768) return;
  const { top, right } = face.getBoundingClientRect();
  Object.assign(box.style, { insetInlineStart: `${right + 8}px`, marginInline: '0' });
  const observer = new ResizeObserver(() => {
    const lowest = innerHeight - box.offsetHeight - 8;
    box.style.insetBlockStart = `${Math.max(8, Math.min(top - 8, lowest))}px`;
  });
  observer.observe(box);
  return () => observer.disconnect();
}
