import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Icon } from './Icon.js';

/** @import { User } from '../core/types.js' */

/** Marks an agent, beside its name; people have no mark. @param {{ user: Pick<User, 'kind'> }} props */
export function AgentBadge({ user }) {
  if (user.kind !== 'agent') return null;
  return html`<span class="agent-badge" role="img" aria-label=${t('agent')} data-tip=${t('Agent')}><${Icon} name="bot" size=${14} /></span>`;
}
