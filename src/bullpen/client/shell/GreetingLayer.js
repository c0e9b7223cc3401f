import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { html } from '../core/html.js';
import { isTeam } from '../core/mode.js';
import { recoveries } from '../core/outage.js';
import { members, session } from '../core/store/store.js';
import { loadDialog } from './dialogs.js';

/** The greeting, where nobody has chosen yet whom this browser's session is of. */
export function GreetingLayer() {
  const loaded = useSignal(/** @type {{ component: unknown } | null} */ (null));
  const closed = useSignal(false);
  const wanted = !isTeam && !closed.value && session.value?.isGiven === true && members.value.length > 0;

  useEffect(() => {
    if (!wanted || loaded.peek()) return;
    loadDialog('greeting').then(
      (component) => {
        loaded.value = { component };
      },
      () => {},
    );
  }, [wanted, recoveries.value]);

  if (!wanted || !loaded.value) return null;
  return html`<${loaded.value.component} close=${() => {
    closed.value = true;
  }} />`;
}
