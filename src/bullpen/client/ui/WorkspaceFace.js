import { useState } from 'preact/hooks';
import { html } from '../core/html.js';
import { initialsOf } from './avatar-colors.js';

/**
 * The workspace's icon, or its initials. Its name is written beside it.
 * @param {{ workspace: { name: string, icon?: string } | undefined, size: number }} props
 */
export function WorkspaceFace({ workspace, size }) {
  const [unavailable, setUnavailable] = useState('');
  const icon = workspace?.icon === unavailable ? undefined : workspace?.icon;
  if (!icon) return initialsOf(workspace?.name ?? '');
  return html`<img key=${icon} class="avatar__picture" src=${icon} alt="" width=${size} height=${size} draggable=${false} onError=${() => setUnavailable(icon)} />`;
}
