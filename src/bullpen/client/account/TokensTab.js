import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Tokens } from './Tokens.js';

/** @import { Me } from '../core/types.js' */

/** One's own API tokens. @param {{ me: Me }} props */
export function TokensTab({ me }) {
  const isAdmin = me.role === 'owner' || me.role === 'admin';
  return html`<${Tokens} agentId=${null} mayAdminister=${isAdmin}
    intro=${t('With a token, a program acts as you, as far as the token’s scopes allow. Treat it like a password.')} />`;
}
