import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { ownAddress } from '../core/wanted-address.js';
import { Field } from '../ui/Field.js';
import { useSave } from '../ui/use-save.js';
import { ChooseName } from './ChooseName.js';
import { CookiesBlocked } from './CookiesBlocked.js';
import { EntryForm } from './EntryForm.js';
import { EntryFrame, EntryNote } from './EntryFrame.js';
import { enter, useEntering } from './entering.js';
import { entryProblems } from './entry-problems.js';
import { PasswordField } from './PasswordField.js';
import { signIn } from './requests.js';
import { SignInCode } from './SignInCode.js';
import { setup } from './setup.js';
import { noticeOf, oidcProblem } from './sign-in-notices.js';

/** Sign in, or say by which name to join after a sign-in elsewhere: the server says which, behind `#`. */
export function SignInPage() {
  const came = new URLSearchParams(location.hash.slice(1));
  const taken = useSignal(came.get('name'));
  const wanted = useSignal(ownAddress(came.get('next')));
  return taken.value === null
    ? html`<${SignIn} />`
    : html`<${ChooseName} taken=${taken.value} wanted=${wanted.value} />`;
}

/** With an address and a password, and with a code if the account asks for one. */
function SignIn() {
  const query = new URLSearchParams(location.search);
  const wanted = ownAddress(query.get('next'));
  const came = useSignal(oidcProblem(location.hash));
  const email = useSignal('');
  const password = useSignal('');
  const checked = useSignal(/** @type {Record<string, string>} */ ({}));
  const asksCode = useSignal(false);
  const saving = useSave();
  const entering = useEntering();
  const { fields, general } = entryProblems(saving.problem);
  const notice = noticeOf(query.get('reason'));

  useEffect(() => {
    if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  }, []);

  /** @param {string} [code] */
  async function submit(code) {
    came.value = '';
    checked.value = {
      ...(email.value.trim() === '' ? { email: t('Enter your e-mail address.') } : {}),
      ...(password.value === '' ? { password: t('Enter your password.') } : {}),
    };
    if (Object.keys(checked.value).length > 0) return saving.forget();
    const given = { email: email.value.trim(), password: password.value, ...(code ? { code } : {}) };
    const me = await saving.save(() => signIn(given));
    if (me) await enter(entering, wanted);
    else if (saving.latest()?.failure.code === 'code_required') {
      asksCode.value = true;
      saving.forget();
    }
  }

  if (entering.value === 'blocked') return html`<${CookiesBlocked} wanted=${wanted} />`;
  if (asksCode.value) {
    return html`<${SignInCode} saving=${saving} submit=${submit} back=${() => {
      saving.forget();
      asksCode.value = false;
    }} />`;
  }
  const providers = [
    { kind: 'oidc', name: setup.value?.oidc?.name },
    { kind: 'oauth', name: setup.value?.oauth?.name },
  ].filter(({ name }) => name);
  const noOwner = setup.value?.mode === 'team' && !setup.value.hasOwner;
  return html`
    <${EntryFrame} title=${t('Sign in')} foot=${t('No account yet? Ask an owner or admin of the workspace to invite you.')}>
      ${noOwner && html`<${EntryNote} kind="note" text=${t('Nobody owns this workspace yet. Open the set-up link that Bullpen printed when it started.')} />`}
      ${notice && html`<${EntryNote} kind="note" text=${notice} />`}
      ${
        providers.length > 0 &&
        html`
          ${providers.map(
            ({ kind, name }) =>
              html`<a key=${kind} class="button button--other entry__submit" href=${`/api/${kind}/start?returnTo=${encodeURIComponent(wanted)}`}>${t('Continue with {name}', { name })}</a>`,
          )}
          <p class="entry__or"><span>${t('or')}</span></p>
        `
      }
      <${EntryForm} label=${t('Sign in')} action=${t('Sign in')} busyAction=${t('Signing in…')} busy=${saving.busy || entering.value === 'entering'}
        general=${came.value || general} fields=${{ ...fields, ...checked.value }} submit=${() => submit()}>
        <${Field} label=${t('E-mail')} name="email" type="email" inputmode="email" autocomplete="username" autocapitalize="off" spellcheck=${false} dir="ltr" required autofocus
          value=${email.value} error=${checked.value.email ?? fields.email} onInput=${(
            /** @type {string} */ value,
          ) => {
            email.value = value;
          }} />
        <${PasswordField} label=${t('Password')} name="password" autocomplete="current-password" value=${password.value} error=${checked.value.password ?? fields.password}
          aside=${html`<a class="entry__link" href="/forgot-password">${t('Forgot password?')}</a>`} onInput=${(
            /** @type {string} */ value,
          ) => {
            password.value = value;
          }} />
      <//>
    <//>
  `;
}
