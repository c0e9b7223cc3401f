import { useEffect, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { actAs, loadName } from '../core/loading.js';
import { describe } from '../core/refusals.js';
import { dispatch, loads, members, session } from '../core/store/store.js';
import { Avatar } from '../ui/Avatar.js';
import { initialsOf } from '../ui/avatar-colors.js';
import { Icon } from '../ui/Icon.js';
import { makeCurrent, rove } from '../ui/roving.js';
import { RailSkeleton } from '../ui/Skeleton.js';

const option = '[role="option"]';

/** The members of the workspace; choosing one acts as that user. */
export function Rail() {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const current = session.value?.userId;
  const loaded = members.value.length > 0 && session.value !== null;

  useEffect(() => {
    if (list.current) return rove(list.current, option);
  }, [loaded]);
  useEffect(() => {
    if (list.current) makeCurrent(list.current, option, list.current.querySelector('[aria-selected="true"]'));
  }, [loaded, current]);

  return html`
    <section class="rail" aria-label="Viewing as">
      <div class="rail__workspace" aria-hidden="true">${initialsOf(session.value?.workspace.name ?? '')}</div>
      ${
        loaded
          ? html`<div class="rail__members" role="listbox" aria-label="Members: choose whom to view as" ref=${list}>
              ${members.value.map(
                (user) => html`
                  <div
                    key=${user.id}
                    class="rail__member"
                    role="option"
                    tabindex="-1"
                    aria-selected=${user.id === current}
                    data-tip=${`${user.id === current ? 'Viewing as' : 'View as'} ${user.displayName}`}
                    data-tip-more=${user.title}
                    data-tip-side="right"
                    onClick=${() => actAs(user.id)}
                    onKeyDown=${(/** @type {KeyboardEvent} */ event) => chooseByKey(event, user.id)}
                  >
                    <${Avatar} user=${user} size=${36} presence />
                    <span class="visually-hidden">${user.displayName}, ${user.title}, ${user.presence}</span>
                  </div>
                `,
              )}
            </div>`
          : html`<${RailSkeleton} />`
      }
      <${SwitchFailed} />
    </section>
  `;
}

/** @param {KeyboardEvent} event @param {string} userId */
function chooseByKey(event, userId) {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  actAs(userId);
}

function SwitchFailed() {
  const failure = loads.value[loadName.actor];
  if (!failure) return null;
  return html`
    <div class="rail__failed" role="alert">
      <span><strong>Couldn’t switch member.</strong> ${describe(failure).title}.</span>
      <button
        class="icon-button"
        type="button"
        aria-label="Dismiss"
        onClick=${() => dispatch({ type: 'load.ended', load: loadName.actor })}
      >
        <${Icon} name="x" size=${16} />
      </button>
    </div>
  `;
}
