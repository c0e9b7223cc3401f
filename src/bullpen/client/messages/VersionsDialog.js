import { addressOfRun } from '../core/addresses.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { userOf } from '../core/store/store.js';
import { useEvents } from '../core/store/use-events.js';
import { momentLabel } from '../core/time-format.js';
import { Dialog } from '../ui/Dialog.js';
import { Failed } from '../ui/Notice.js';
import { PageSkeleton } from '../ui/Skeleton.js';
import { useLoaded } from '../ui/use-loaded.js';
import { MessageText } from './MessageText.js';
import { getVersions } from './requests.js';

/** @import { MessageVersion } from '../core/types.js' */

/** What a message said before it was edited, newest first, and what agents answered. @param {{ about: string }} props id of the message */
export function VersionsDialog({ about: messageId }) {
  const versions = useLoaded(`versions:${messageId}`, () => getVersions(messageId));
  useEvents(
    (event) =>
      (event.type === 'message.updated' && event.message.id === messageId) ||
      (event.type === 'message.deleted' && event.messageId === messageId),
    versions.reload,
  );
  const { data, failure, reload } = versions;
  return html`
    <${Dialog} name="versions" title=${t('Edit history')}>
      <div class="dialog__body" tabindex="0" role="group" aria-label=${t('Versions')}>
        ${
          failure
            ? html`<${Failed} failure=${failure} retry=${reload} />`
            : data
              ? html`<ol class="message-versions" reversed>${data.map((version, at) => html`<${Version} key=${at} version=${version} words=${wordsOf(at, data.length)} />`).reverse()}</ol>`
              : html`<${PageSkeleton} label=${t('Loading versions')} />`
        }
      </div>
    <//>
  `;
}

/** @param {number} at @param {number} count */
function wordsOf(at, count) {
  if (at === count - 1) return count === 1 ? t('Never edited') : t('Current');
  return at === 0 ? t('Original') : t('Edit {at}', { at });
}

/** @param {{ version: MessageVersion, words: string }} props */
function Version({ version, words }) {
  const { answeredBy = [] } = version;
  return html`
    <li class="message-versions__version">
      <p class="message-versions__head"><strong>${words}</strong> <time class="quiet" datetime=${version.timestamp}>${momentLabel(new Date(version.timestamp), new Date())}</time></p>
      <${MessageText} text=${version.text} />
      ${
        answeredBy.length > 0 &&
        html`<p class="message-versions__answered">${t('Answered by')} ${answeredBy.map(
          ({ runId, agentId }, at) =>
            html`${at > 0 && ', '}<a key=${runId} href=${addressOfRun(runId)}>${userOf(agentId).displayName}</a>`,
        )}</p>`
      }
    </li>
  `;
}
