import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { loadName } from '../core/loading.js';
import { presenceNotes } from '../core/presence.js';
import { describe } from '../core/refusals.js';
import { agentState } from '../core/store/agent-states.js';
import { dispatch, loads, members, session } from '../core/store/store.js';
import { Avatar } from '../ui/Avatar.js';
import { Icon } from '../ui/Icon.js';
import { makeCurrent, rove } from '../ui/roving.js';
import { RailSkeleton } from '../ui/Skeleton.js';
import { WorkspaceFace } from '../ui/WorkspaceFace.js';

const item = '.rail__member';

/** The agents of the workspace and what each is doing; choosing one opens its card. */
export function Rail() {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const current = session.value?.userId;
  const loaded = members.value.length > 0 && session.value !== null;
  const agents = members.value.filter((user) => user.kind === 'agent');

  useEffect(() => {
    if (list.current) return rove(list.current, item);
  }, [loaded]);
  useEffect(() => {
    const first = list.current?.querySelector(`${item}[aria-current], ${item}`);
    if (list.current) makeCurrent(list.current, item, /** @type {HTMLElement | null} */ (first));
  }, [loaded, current]);

  return html`
    <section class="rail" aria-label=${t('Agents')}>
      <div class="rail__workspace" aria-hidden="true"><${WorkspaceFace} workspace=${session.value?.workspace} size=${36} /></div>
      ${
        loaded
          ? html`<div class="rail__members" role="toolbar" aria-orientation="vertical" aria-label=${t('Agents')} ref=${list}>
              ${agents.map((user) => html`<${Agent} key=${user.id} user=${user} isViewed=${user.id === current} />`)}
            </div>`
          : html`<${RailSkeleton} />`
      }
      <${SwitchFailed} />
    </section>
  `;
}

/** @param {{ user: import('../core/types.js').User, isViewed: boolean }} props */
function Agent({ user, isViewed }) {
  const { state, words } = agentState(user.id);
  const said = [user.displayName, user.title, presenceNotes[user.presence], state !== 'idle' && words];
  return html`
    <button
      class=${`rail__member rail__member--${state}`}
      type="button"
      tabindex="-1"
      aria-haspopup="dialog"
      aria-current=${isViewed ? 'true' : undefined}
      aria-label=${said.filter(Boolean).join(', ')}
      data-dialog="member"
      data-about=${user.id}
      data-tip=${user.displayName}
      data-tip-more=${[user.title, words].filter(Boolean).join(' · ')}
      data-tip-side="right"
    >
      <${Avatar} user=${user} size=${36} presence />
      ${state === 'paused' && html`<span class="rail__paused" aria-hidden="true"><${Icon} name="pause" size=${10} strokeWidth=${3} /></span>`}
      ${state === 'unpaid' && html`<span class="rail__unpaid" aria-hidden="true">$</span>`}
    </button>
  `;
}

function SwitchFailed() {
  const failure = loads.value[loadName.actor];
  if (!failure) return null;
  return html`
    <div class="rail__failed" role="alert">
      <span><strong>${t('Couldn’t switch member.')}</strong> ${describe(failure).title}.</span>
      <button
        class="icon-button"
        type="button"
        aria-label=${t('Dismiss')}
        onClick=${() => dispatch({ type: 'load.ended', load: loadName.actor })}
      >
        <${Icon} name="x" size=${16} />
      </button>
    </div>
  `;
}
