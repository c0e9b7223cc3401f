import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { userOf } from '../core/store/store.js';
import { distanceLabel } from '../core/time-format.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { CopyField } from '../ui/CopyField.js';
import { Failed } from '../ui/Notice.js';
import { useLoaded } from '../ui/use-loaded.js';
import { useSave } from '../ui/use-save.js';
import { InviteForm } from './InviteForm.js';
import { getInvitations, revokeInvitation } from './requests.js';
import { roleName } from './roles.js';

/** @import { Invitation, InvitationMade, Me } from '../core/types.js' */

/** Who is invited and has not joined yet. @param {{ me: Me | null }} props */
export function Invitations({ me }) {
  const pending = useLoaded('invitations', getInvitations);
  const inviting = useSignal(false);
  const made = useSignal(/** @type {InvitationMade | null} */ (null));

  /** @param {InvitationMade} answer */
  function invited(answer) {
    made.value = answer;
    inviting.value = false;
    const { email, id } = answer.invitation;
    pending.set((all) => [
      answer.invitation,
      ...all.filter((each) => each.email !== email && each.id !== id),
    ]);
  }

  return html`
    <section class="account__part" aria-labelledby="invitations-title">
      <div class="page__head">
        <h2 class="form__title" id="invitations-title">${t('Invitations')}</h2>
        ${
          !inviting.value &&
          html`<button class="button button--main" type="button" onClick=${() => {
            made.value = null;
            inviting.value = true;
          }}>${t('Invite people')}</button>`
        }
      </div>
      ${
        inviting.value &&
        html`<${InviteForm} me=${me} invited=${invited} cancel=${() => {
          inviting.value = false;
        }} />`
      }
      ${made.value && html`<${Made} made=${made.value} />`}
      ${pending.failure && html`<${Failed} failure=${pending.failure} retry=${pending.reload} />`}
      ${pending.data && pending.data.length === 0 && !inviting.value && !made.value && html`<p class="page__intro">${t('No invitation is waiting. Invite somebody by e-mail, or copy the link and send it yourself.')}</p>`}
      ${
        pending.data &&
        pending.data.length > 0 &&
        html`<ul class="facts-list" aria-labelledby="invitations-title">
          ${pending.data.map((invitation) => html`<${Pending} key=${invitation.id} invitation=${invitation} revoked=${() => pending.set((all) => all.filter(({ id }) => id !== invitation.id))} invited=${invited} />`)}
        </ul>`
      }
    </section>
  `;
}

/** @param {{ made: InvitationMade }} props */
function Made({ made }) {
  const { invitation, link, mail } = made;
  if (link === null)
    return html`<p class="account__note" role="status">${sentence(t('The invitation was sent to {email}.'), { email: html`<strong>${invitation.email}</strong>` })}</p>`;
  return html`
    <div class="card recovery" role="group" aria-label=${t('New invitation')}>
      <p class="page__intro">${mail === 'failed' ? html`${sentence(t('The e-mail to {email} could not be sent.'), { email: html`<strong>${invitation.email}</strong>` })} ` : ''}${sentence(t('Send this link to {email}. It is shown only now, works once, and ends in 7 days.'), { email: html`<strong>${invitation.email}</strong>` })}</p>
      <${CopyField} label=${t('Invitation link')} name="invitation" value=${link} focused />
    </div>
  `;
}

/** @param {{ invitation: Invitation, revoked: () => void }} props */
function Pending({ invitation, revoked }) {
  const saving = useSave();
  const { id, email, role, createdBy, expiresAt } = invitation;
  const details = [
    roleName(role),
    t('Ends {time}', { time: distanceLabel(new Date(expiresAt), new Date()) }),
    createdBy && t('Invited by {name}', { name: userOf(createdBy).displayName }),
  ];

  async function revoke() {
    if (await saving.save(() => revokeInvitation(id))) revoked();
  }

  return html`
    <li class="facts-list__row">
      <span class="rows__text">
        <span class="facts-list__name">${email}</span>
        <span class="rows__detail">${details.filter(Boolean).join(' · ')}</span>
        ${saving.problem && html`<span class="field__error" role="alert">${sentenceOf(saving.problem.failure)}</span>`}
      </span>
      <${ConfirmButton} icon="trash" label=${t('Revoke')} name=${t('invitation for {email}', { email })} question=${t('Revoke this invitation?')} yes=${t('Revoke')} busy=${saving.busy} act=${revoke} />
    </li>
  `;
}
