import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { inlineMomentLabel } from '../core/time-format.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { useSave } from '../ui/use-save.js';
import { deviceName } from './device-names.js';
import { endOtherSessions, endSession, getSessions } from './requests.js';

/** @import { SignInSession } from '../core/types.js' */

/** Where one is signed in. */
export function DevicesTab() {
  const sessions = useLoaded('sessions', getSessions);
  const saving = useSave();
  if (sessions.failure) return html`<${Failed} failure=${sessions.failure} retry=${sessions.reload} />`;
  if (!sessions.data) return html`<${PageSkeleton} />`;
  const others = sessions.data.filter(({ isCurrent }) => !isCurrent);

  /** @param {() => Promise<unknown>} end */
  async function end(end) {
    await saving.save(end);
    sessions.reload();
  }

  return html`
    <section class="account__part" aria-labelledby="account-devices">
      <div class="page__head">
        <h2 class="form__title" id="account-devices">${t('Devices')}</h2>
        ${others.length > 0 && html`<${ConfirmButton} icon="log-out" label=${t('Sign out all others')} question=${t('Sign out on all other devices?')} yes=${t('Sign out')} busy=${saving.busy} act=${() => end(endOtherSessions)} />`}
      </div>
      <p class="page__intro">${t('The browsers in which you are signed in. If you do not recognize one, sign it out and change your password.')}</p>
      ${saving.problem && html`<p class="alert" role="alert">${sentenceOf(saving.problem.failure)}</p>`}
      <ul class="facts-list">
        ${sessions.data.map((session) => html`<${Device} key=${session.id} session=${session} busy=${saving.busy} end=${() => end(() => endSession(session.id))} />`)}
      </ul>
    </section>
  `;
}

/** @param {{ session: SignInSession, busy: boolean, end: () => void }} props */
function Device({ session, busy, end }) {
  const { userAgent, address, lastUsedAt, createdAt, isCurrent } = session;
  const name = deviceName(userAgent);
  const used = inlineMomentLabel(new Date(lastUsedAt), new Date());
  return html`
    <li class="facts-list__row">
      <span class="rows__text">
        <span class="facts-list__name">${name} ${isCurrent && html`<span class="chip chip--good">${t('This browser')}</span>`}</span>
        <span class="rows__detail">${address ?? t('Unknown address')} · ${isCurrent ? t('Active now') : t('Last used {time}', { time: used })} · ${t('Signed in {time}', { time: inlineMomentLabel(new Date(createdAt), new Date()) })}</span>
      </span>
      ${!isCurrent && html`<${ConfirmButton} icon="log-out" label=${t('Sign out')} name=${t('{name}, last used {time}', { name, time: used })} question=${t('Sign out this device?')} yes=${t('Sign out')} busy=${busy} act=${end} />`}
    </li>
  `;
}
