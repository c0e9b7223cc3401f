import { useEffect, useRef } from 'preact/hooks';
import { html } from '../app/html.js';
import { initialsOf } from '../app/initials.js';
import { actAs } from '../app/loading.js';
import { makeCurrent, rove } from '../app/roving.js';
import { members, session } from '../app/store.js';
import { Avatar } from './Avatar.js';
import { RailSkeleton } from './Skeleton.js';

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
    <section class="rail" aria-label="Who you are acting as">
      <div class="rail__workspace" aria-hidden="true">${initialsOf(session.value?.workspace.name ?? '')}</div>
      ${
        loaded
          ? html`<div class="rail__members" role="listbox" aria-label="Act as another member" ref=${list}>
              ${members.value.map(
                (user) => html`
                  <div
                    key=${user.id}
                    class="rail__member"
                    role="option"
                    tabindex="-1"
                    aria-selected=${user.id === current}
                    aria-label=${`${user.displayName}, ${user.title}, ${user.presence}`}
                    data-tip=${user.displayName}
                    data-tip-more=${user.id === current ? 'You are acting as this member' : `Act as ${user.title}`}
                    data-tip-side="right"
                    onClick=${() => actAs(user.id)}
                    onKeyDown=${(/** @type {KeyboardEvent} */ event) => chooseByKey(event, user.id)}
                  >
                    <${Avatar} user=${user} size=${36} presence />
                  </div>
                `,
              )}
            </div>`
          : html`<${RailSkeleton} />`
      }
    </section>
  `;
}

/** @param {KeyboardEvent} event @param {string} userId */
function chooseByKey(event, userId) {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  actAs(userId);
}
