import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { locale, sentence, t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { distanceLabel, momentLabel } from '../core/time-format.js';
import { ConfirmButton } from '../ui/ConfirmButton.js';
import { CopyField } from '../ui/CopyField.js';
import { Empty } from '../ui/Empty.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { useSave } from '../ui/use-save.js';
import { TokenForm } from './TokenForm.js';
import { getTokens, revokeToken } from './token-requests.js';

/** @import { ApiToken, CreatedToken } from '../core/types.js' */

const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });

/**
 * The API tokens of somebody: a new one is shown once; those there are can be revoked.
 * @param {{ agentId: string | null, mayAdminister: boolean, intro: string }} props agentId: null for one's own
 */
export function Tokens({ agentId, mayAdminister, intro }) {
  const tokens = useLoaded(`tokens:${agentId}`, () => getTokens(agentId));
  const made = useSignal(/** @type {CreatedToken | null} */ (null));
  const making = useSignal(false);
  if (tokens.failure) return html`<${Failed} failure=${tokens.failure} retry=${tokens.reload} />`;
  if (!tokens.data) return html`<${PageSkeleton} />`;

  /** @param {CreatedToken} token */
  function created(token) {
    made.value = token;
    making.value = false;
    const { token: _secret, ...known } = token;
    tokens.set((all) => [...all, known]);
  }

  return html`
    <section class="account__part" aria-labelledby="tokens-title">
      <div class="page__head">
        <h2 class="form__title" id="tokens-title">${t('API tokens')}</h2>
        ${
          !making.value &&
          html`<button class="button button--main" type="button" onClick=${() => {
            made.value = null;
            making.value = true;
          }}>${t('New token')}</button>`
        }
      </div>
      <p class="page__intro">${intro} <a class="plain-link" href="/api/docs" target="_blank">${t('API reference')}</a></p>
      ${
        making.value &&
        html`<${TokenForm} agentId=${agentId} mayAdminister=${mayAdminister} created=${created} cancel=${() => {
          making.value = false;
        }} />`
      }
      ${
        made.value &&
        html`<div class="card recovery" role="group" aria-label=${t('New token')}>
          <p class="page__intro">${sentence(t('<strong>Copy “{name}” now.</strong> It is shown only this once.'), { name: made.value.name, strong: (/** @type {unknown} */ inner) => html`<strong>${inner}</strong>` })}</p>
          <${CopyField} label=${t('Token')} name="token" value=${made.value.token} focused />
        </div>`
      }
      ${
        tokens.data.length > 0
          ? html`<ul class="facts-list">${tokens.data.map((token) => html`<${TokenRow} key=${token.id} token=${token} revoke=${() => revokeToken(agentId, token.id)} revoked=${() => tokens.set((all) => all.filter(({ id }) => id !== token.id))} />`)}</ul>`
          : !making.value &&
            html`<${Empty} icon="key-round" title=${t('No tokens yet')} text=${t('Create one for a script or a program that uses the API.')} />`
      }
    </section>
  `;
}

/** @param {{ token: ApiToken, owner?: unknown, revoke: () => Promise<unknown>, revoked: () => void }} props owner: whose it is, where that is not clear */
export function TokenRow({ token, owner, revoke, revoked }) {
  const saving = useSave();
  const now = new Date();
  const expired = token.expiresAt !== null && new Date(token.expiresAt) <= now;
  const life =
    token.expiresAt === null
      ? t('Never expires')
      : expired
        ? t('Expired {day}', { day: day.format(new Date(token.expiresAt)) })
        : t('Expires {day}', { day: day.format(new Date(token.expiresAt)) });
  const used = useWords(token, now);

  async function confirmed() {
    if (await saving.save(revoke)) revoked();
  }

  return html`
    <li class="facts-list__row">
      ${owner}
      <span class="rows__text">
        <span class="facts-list__name" dir="auto">${token.name} <code class="facts-list__code">${token.prefix}…</code>${expired && html`<span class="chip chip--bad">${t('Expired')}</span>`}</span>
        <span class="rows__detail" title=${t('Created {time}', { time: momentLabel(new Date(token.createdAt), now) })}>${token.scopes.join(', ')} · ${life} · ${used}</span>
        ${saving.problem && html`<span class="field__error" role="alert">${sentenceOf(saving.problem.failure)}</span>`}
      </span>
      <${ConfirmButton} icon="trash" label=${t('Revoke')} name=${token.name} question=${t('Revoke? Programs that use it stop working.')} yes=${t('Revoke')} busy=${saving.busy} act=${confirmed} />
    </li>
  `;
}

/** @param {ApiToken} token @param {Date} now */
function useWords({ lastUsedAt, lastUsedAddress: address }, now) {
  if (!lastUsedAt) return t('Never used');
  const time = distanceLabel(new Date(lastUsedAt), now);
  return address ? t('Last used {time} from {address}', { time, address }) : t('Last used {time}', { time });
}
