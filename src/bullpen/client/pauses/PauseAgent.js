import { html } from '../core/html.js';
import { pauseOfAgent } from '../core/store/pauses.js';
import { PauseButton } from './PauseButton.js';
import { useMayPauseAgent } from './use-may-pause.js';

/** The button for those who may use it. @param {{ user: { id: string, displayName: string } }} props */
export function PauseAgent({ user }) {
  if (!useMayPauseAgent(user.id)) return null;
  return html`<${PauseButton} paused=${pauseOfAgent(user.id)} place=${{ agentId: user.id }} name=${user.displayName} />`;
}
