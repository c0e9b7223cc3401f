import { useSignal } from '@preact/signals';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { sentenceOf } from '../core/refusals.js';
import { dispatch, session } from '../core/store/store.js';
import { useEvents } from '../core/store/use-events.js';
import { settle } from '../ui/after-save.js';
import { Field, SaveBar, submitOnCtrlEnter } from '../ui/Field.js';
import { discardTyped, useDraftedSignal } from '../ui/form-drafts.js';
import { Failed } from '../ui/Notice.js';
import { PictureField } from '../ui/PictureField.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { useSave } from '../ui/use-save.js';
import { WorkspaceFace } from '../ui/WorkspaceFace.js';
import { changeWorkspace, getWorkspace } from './requests.js';

/** @import { Workspace } from '../core/types.js' */

export function WorkspaceTab() {
  const workspace = useLoaded('workspace', getWorkspace);
  useEvents((event) => event.type === 'reset' || event.type === 'workspace.changed', workspace.reload);
  if (workspace.failure) return html`<${Failed} failure=${workspace.failure} retry=${workspace.reload} />`;
  if (!workspace.data) return html`<${PageSkeleton} />`;
  return html`<${Form} workspace=${workspace.data} changed=${(/** @type {Workspace} */ answer) => workspace.set(() => answer)} />`;
}

/** @param {{ workspace: Workspace, changed: (workspace: Workspace) => void }} props */
function Form({ workspace, changed }) {
  const name = useDraftedSignal('workspace-name', workspace.name);
  const saved = useSignal(false);
  const saving = useSave();
  const switching = useSave();

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const sent = name.value;
    const answer = await saving.save(() => changeWorkspace({ name: sent.trim() }));
    if (!answer) return;
    took(answer);
    settle(name, sent, answer.name);
    saved.value = true;
  }

  /** Takes effect at once. @param {globalThis.Event} event */
  async function switchPreviews(event) {
    const box = /** @type {HTMLInputElement} */ (event.currentTarget);
    const answer = await switching.save(() => changeWorkspace({ showsLinkPreviews: box.checked }));
    if (answer) took(answer);
    else box.checked = workspace.showsLinkPreviews ?? false;
  }

  /** @param {Workspace} answer */
  function took(answer) {
    changed(answer);
    const known = session.peek();
    if (known) dispatch({ type: 'session', session: { ...known, workspace: answer } });
  }

  return html`
    <form aria-label=${t('Workspace')} novalidate onSubmit=${submit} onKeyDown=${submitOnCtrlEnter}>
      <section class="account__part" aria-labelledby="workspace-title">
        <h2 class="form__title" id="workspace-title">${t('Workspace')}</h2>
        <${PictureField} face=${html`<span class="workspace-face" aria-hidden="true"><${WorkspaceFace} workspace=${workspace} size=${64} /></span>`} path="/api/workspace/icon" what=${t('the icon')} has=${workspace.icon !== undefined} changed=${took} />
        <div class="account__fields">
          <${Field} label=${t('Name')} name="workspace-name" value=${name.value} error=${saving.problem?.fields.name} hint=${t('Everybody sees it above the channels and when they sign in.')} maxlength=${80} required onInput=${(
            /** @type {string} */ value,
          ) => {
            saved.value = false;
            name.value = value;
          }} />
        </div>
      </section>
      <section class="form__section" aria-labelledby="workspace-links">
        <h2 class="form__title" id="workspace-links">${t('Links')}</h2>
        <label class="switch">
          <input type="checkbox" role="switch" checked=${workspace.showsLinkPreviews ?? false} disabled=${switching.busy} onChange=${switchPreviews} />
          <span class="switch__text">
            <span class="switch__label">${t('Link previews')}</span>
            <span class="field__hint">${t('Messages of people show the title, description and picture of up to three pages that they link to. This server reads the pages, so their sites learn that a link was posted. Links in private channels and direct messages are included.')}</span>
          </span>
        </label>
        ${switching.problem && html`<p class="field__error" role="alert">${sentenceOf(switching.problem.failure)}</p>`}
      </section>
      <${SaveBar} dirty=${name.value !== workspace.name} saved=${saved.value} saving=${saving} discard=${() => {
        saving.forget();
        discardTyped(name, workspace.name);
      }} />
    </form>
  `;
}
