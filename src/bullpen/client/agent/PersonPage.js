import { t } from '../core/language.js';
import '../ui/page-icons.js';
import { actAs } from '../core/acting.js';
import { html } from '../core/html.js';
import { isTeam } from '../core/mode.js';
import { session, userOf } from '../core/store/store.js';
import { localTimeLabel, momentLabel } from '../core/time-format.js';
import { MenuButton, presenceWords } from '../shell/Header.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { Failed, NotFound } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { MessageLink } from './MessageLink.js';
import { getPerson } from './requests.js';

/** @import { Person } from '../core/types.js' */

/** @type {Record<Person['role'], string>} */
const roles = { owner: t('Owner'), admin: t('Administrator'), member: t('Member'), guest: t('Guest') };

/** @param {{ route: { personId: string } }} props */
export function PersonPage({ route }) {
  const { personId } = route;
  const person = useLoaded(`person:${personId}`, () => getPerson(personId));
  const user = userOf(personId);
  const missing = person.failure?.status === 404;
  return html`
    <header class="header">
      <${MenuButton} />
      ${
        missing
          ? html`<h1 class="header__name" tabindex="-1">${t('Not found')}</h1>`
          : html`
            <h1 class="header__name" tabindex="-1">
              <${Avatar} user=${{ ...user, ...person.data }} size=${24} presence />
              <span class="header__name-text" dir="auto">${person.data?.displayName ?? user.displayName}</span>
            </h1>
            <p class="header__topic">
              ${person.data?.isActive === false ? html`<strong>${t('Inactive')}</strong>` : html`<span>${presenceWords[user.presence]}</span>`}
              ${person.data?.title && html`<span class="header__part">${person.data.title}</span>`}
              ${user.status && html`<span class="header__part">${user.status.emoji} ${user.status.text}</span>`}
            </p>
            <${MessageLink} userId=${personId} />`
      }
    </header>
    ${body()}
  `;

  function body() {
    if (missing) return html`<${NotFound} what="member" />`;
    if (person.failure) return html`<${Failed} failure=${person.failure} retry=${person.reload} />`;
    if (!person.data) return html`<${PageSkeleton} />`;
    const { timeZone, role, createdAt, id, displayName } = person.data;
    const now = new Date();
    return html`
      <div class="page__scroller">
        <div class="page__content">
          <dl class="facts">
            <div><dt>${t('Role')}</dt><dd>${roles[role]}</dd></div>
            ${timeZone && html`<div><dt>${t('Local time')}</dt><dd>${localTimeLabel(now, timeZone)} (${timeZone})</dd></div>`}
            <div><dt>${t('Joined')}</dt><dd>${momentLabel(new Date(createdAt), now)}</dd></div>
            <div><dt>${t('ID')}</dt><dd><code>${id}</code></dd></div>
          </dl>
          <p class="profile__actions">
            ${id === session.value?.userId && html`<button class="button button--small" type="button" aria-haspopup="dialog" data-dialog="me">${t('Set status')}</button>`}
            ${!isTeam && id !== session.value?.userId && html`<button class="button button--small button--outlined" type="button" onClick=${() => actAs(id)}><${Icon} name="eye" size=${16} /> ${t('View as {name}', { name: displayName })}</button>`}
          </p>
        </div>
      </div>
    `;
  }
}
