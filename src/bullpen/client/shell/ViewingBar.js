import { actAs } from '../core/acting.js';
import { html } from '../core/html.js';
import { sentence, t } from '../core/language.js';
import { self, viewedAs } from '../core/store/store.js';
import { Icon } from '../ui/Icon.js';

/** Says that this window views the workspace as somebody else, and leads back. */
export function ViewingBar() {
  const user = viewedAs.value;
  if (!user) return null;
  const ownId = self.value;
  return html`
    <section class="viewing" aria-label=${t('Viewing as a member')}>
      <p class="viewing__text">
        <${Icon} name="eye" size=${16} />
        <span class="viewing__who" dir="auto">${sentence(t('Viewing as {name}'), { name: html`<strong>${user.displayName}</strong>` })}</span>
        <span class="viewing__more">${t('Messages from this window are sent as {name}.', { name: user.displayName })}</span>
      </p>
      ${
        ownId === null
          ? html`<button class="viewing__action" type="button" aria-haspopup="dialog" data-dialog="join">${t('Join as yourself')}</button>`
          : html`<button class="viewing__action" type="button" aria-label=${t('Exit: stop viewing as {name}', { name: user.displayName })} onClick=${() => actAs(ownId)}>${t('Exit')}</button>`
      }
    </section>
  `;
}
