import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { channels, titleOf } from '../core/store/store.js';
import { Dialog } from '../ui/Dialog.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { ReplyPolicyForm } from './ReplyPolicy.js';
import { getReplyPolicy } from './requests.js';

/** Which agents of a group conversation reply. @param {{ about: string }} props the conversation's id */
export function GroupReplies({ about: channelId }) {
  const loaded = useLoaded(`reply-policy:${channelId}`, () => getReplyPolicy(channelId));
  const channel = channels.value?.[channelId];
  return html`
    <${Dialog} name="group-replies" title=${channel ? titleOf(channel) : t('Conversation not found')}>
      <div class="dialog__body">${content()}</div>
    <//>
  `;

  function content() {
    if (!channel) return html`<p>${t('This conversation was deleted, or you no longer have access.')}</p>`;
    if (loaded.failure && !loaded.data)
      return html`<${Failed} failure=${loaded.failure} retry=${loaded.reload} />`;
    if (!loaded.data) return html`<${PageSkeleton} label=${t('Loading who replies')} />`;
    return html`<${ReplyPolicyForm} channel=${channel} joined=${true} loaded=${loaded} />`;
  }
}
