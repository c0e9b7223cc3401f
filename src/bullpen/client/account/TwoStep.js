import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { plural, t } from '../core/language.js';
import { Icon } from '../ui/Icon.js';
import { useSave } from '../ui/use-save.js';
import { entryProblems } from './entry-problems.js';
import { PasswordField } from './PasswordField.js';
import { RecoveryCodes } from './RecoveryCodes.js';
import { beginTotp, endTotp, newRecoveryCodes } from './requests.js';
import { TwoStepSetUp } from './TwoStepSetUp.js';

/** @import { Me } from '../core/types.js' */

/** @typedef {'none' | 'on' | 'off' | 'codes'} Asked what the password is asked for */

const questions = {
  on: { label: t('Set up two-step sign-in'), action: t('Continue') },
  off: { label: t('Turn off two-step sign-in'), action: t('Turn off') },
  codes: { label: t('Make new recovery codes'), action: t('Make new codes') },
};

/** A code of an authenticator app at each sign-in. @param {{ me: Me, changed: (change: (me: Me) => Me) => void }} props */
export function TwoStep({ me, changed }) {
  const asked = useSignal(/** @type {Asked} */ ('none'));
  const totp = useSignal(/** @type {{ secret: string, uri: string } | null} */ (null));
  const codes = useSignal(/** @type {string[] | null} */ (null));
  const password = useSignal('');
  const saving = useSave();
  const { fields, general } = entryProblems(saving.problem);

  /** @param {Asked} what */
  function ask(what) {
    saving.forget();
    codes.value = null;
    password.value = '';
    asked.value = what;
    if (what === 'on' && !me.hasPassword) answer();
  }

  async function answer() {
    const what = asked.peek();
    const done = await saving.save(async () => {
      if (what === 'on') totp.value = await beginTotp(password.peek());
      else if (what === 'off') await endTotp(password.peek());
      else codes.value = (await newRecoveryCodes(password.peek())).codes;
      return true;
    });
    if (!done) return;
    password.value = '';
    asked.value = 'none';
    if (what === 'off') changed((known) => ({ ...known, totp: false, recoveryCodes: 0 }));
    if (what === 'codes') changed((known) => ({ ...known, recoveryCodes: codes.peek()?.length ?? 0 }));
  }

  /** @param {string[]} made */
  function confirmed(made) {
    totp.value = null;
    codes.value = made;
    changed((known) => ({ ...known, totp: true, recoveryCodes: made.length }));
  }

  return html`
    <section class="account__part" aria-labelledby="account-totp">
      <h2 class="form__title account__title" id="account-totp">${t('Two-step sign-in')} <span class=${`chip${me.totp ? ' chip--good' : ''}`}>${me.totp ? t('On') : t('Off')}</span></h2>
      <p class="page__intro">${
        me.totp
          ? t('Signing in needs your password and a code from your authenticator app.')
          : t(
              'Ask for a code from an authenticator app at each sign-in, so that a stolen password is not enough.',
            )
      }</p>
      ${
        codes.value &&
        html`<${RecoveryCodes} codes=${codes.value} email=${me.email ?? me.displayName} done=${() => {
          codes.value = null;
        }} />`
      }
      ${
        totp.value &&
        html`<${TwoStepSetUp} totp=${totp.value} confirmed=${confirmed} cancel=${() => {
          totp.value = null;
        }} />`
      }
      ${asked.value !== 'none' && question(asked.value)}
      ${!codes.value && !totp.value && asked.value === 'none' && buttons()}
    </section>
  `;

  /** @param {'on' | 'off' | 'codes'} what */
  function question(what) {
    const { label, action } = questions[what];
    return html`
      <form class="account__fields" aria-label=${label} novalidate onSubmit=${(
        /** @type {SubmitEvent} */ event,
      ) => {
        event.preventDefault();
        answer();
      }}>
        <${PasswordField} label=${t('Current password')} name="totp-password" autocomplete="current-password" value=${password.value} error=${fields.current ?? fields.password} autofocus onInput=${(
          /** @type {string} */ value,
        ) => {
          password.value = value;
        }} />
        ${general && html`<p class="alert" role="alert">${general}</p>`}
        <div class="form__buttons account__buttons">
          <button class=${`button button--main${what === 'off' ? ' button--danger' : ''}`} type="submit" disabled=${saving.busy || password.value === ''}>${action}</button>
          <button class="button button--small" type="button" onClick=${() => ask('none')}>${t('Cancel')}</button>
        </div>
      </form>
    `;
  }

  function buttons() {
    if (!me.totp)
      return html`<div class="account__line"><button class="button button--main" type="button" onClick=${() => ask('on')}>${t('Set up two-step sign-in')}</button></div>`;
    return html`
      <div class="account__line">
        <span class="quiet"><${Icon} name="key-round" size=${16} /> ${plural(me.recoveryCodes, '{count} recovery code left', '{count} recovery codes left')}</span>
        <button class="button button--small" type="button" onClick=${() => ask('codes')}>${t('New recovery codes')}</button>
        <button class="button button--small button--quiet" type="button" onClick=${() => ask('off')}>${t('Turn off')}</button>
      </div>
    `;
  }
}
