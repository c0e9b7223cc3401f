import { useSignal } from '@preact/signals';
import { TokenRow } from '../account/Tokens.js';
import { revokeToken } from '../account/token-requests.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { addressOfMember, userOf } from '../core/store/store.js';
import { Avatar } from '../ui/Avatar.js';
import { Empty } from '../ui/Empty.js';
import { Field } from '../ui/Field.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { getAllTokens, revokeTokenOfPerson } from './requests.js';

/** @import { ApiToken, Me } from '../core/types.js' */

/** The API tokens of everybody whose tokens one may revoke. @param {{ me: Me | null }} props */
export function AllTokensTab({ me }) {
  const tokens = useLoaded('all-tokens', getAllTokens);
  const typed = useSignal('');
  if (tokens.failure) return html`<${Failed} failure=${tokens.failure} retry=${tokens.reload} />`;
  if (!tokens.data) return html`<${PageSkeleton} />`;
  const words = typed.value.trim().toLowerCase();
  const shown = tokens.data.filter(({ name, prefix, userId }) =>
    `${name} ${prefix} ${userOf(userId).displayName}`.toLowerCase().includes(words),
  );

  /** @param {ApiToken} token */
  const revoke = ({ id, userId }) =>
    userOf(userId).kind === 'agent' ? revokeToken(userId, id) : revokeTokenOfPerson(userId, id);

  return html`
    <section class="account__part" aria-labelledby="all-tokens-title">
      <div class="page__head">
        <h2 class="form__title" id="all-tokens-title">${t('API tokens')} <span class="section-title__count">${tokens.data.length}</span></h2>
        ${
          tokens.data.length > 5 &&
          html`<${Field} label=${t('Find a token')} name="find-token" type="search" hideLabel placeholder=${t('Find a token')} value=${typed.value} onInput=${(
            /** @type {string} */ value,
          ) => {
            typed.value = value;
          }} />`
        }
      </div>
      <p class="page__intro">${t('With a token, a program acts as its user.')}${me?.role === 'admin' && ` ${t('Those of owners and other admins are not listed.')}`}</p>
      ${tokens.data.length === 0 && html`<${Empty} icon="key-round" title=${t('No tokens yet')} text=${t('People create them in their account, and administrators for agents under Agents.')} />`}
      ${tokens.data.length > 0 && shown.length === 0 && html`<p class="quiet" role="status">${t('No token matches.')}</p>`}
      ${shown.length > 0 && html`<ul class="facts-list" aria-labelledby="all-tokens-title">${shown.map(row)}</ul>`}
    </section>
  `;

  /** @param {ApiToken} token */
  function row(token) {
    const user = userOf(token.userId);
    const owner = html`
      <a class="token-owner" href=${addressOfMember(user.id)}><${Avatar} user=${user} size=${24} /><span dir="auto">${user.displayName}</span></a>
    `;
    return html`<${TokenRow} key=${token.id} token=${token} owner=${owner} revoke=${() => revoke(token)} revoked=${() => tokens.set((all) => all.filter(({ id }) => id !== token.id))} />`;
  }
}
