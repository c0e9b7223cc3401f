import { today } from '../app/clock.js';
import { daysOf } from '../app/days.js';
import { html } from '../app/html.js';
import { loadName, loadOlderReplies } from '../app/loading.js';
import { loads } from '../app/store.js';
import { Message } from './Message.js';
import { describe } from './Notice.js';
import { repliesLabel } from './ThreadPreview.js';

/** @import { Thread } from '../app/types.js' */

/** The message a thread hangs on, a line with the count, and the replies. @param {{ thread: Thread }} props */
export function ThreadMessages({ thread }) {
  const { root, replies } = thread;
  const rows = daysOf(replies.items).flatMap((day) => day.rows);
  const rootRow = { message: root, date: new Date(root.timestamp), grouped: false };
  return html`
    <${Message} tag="div" row=${rootRow} today=${today.value} />
    <div class="thread__count"><span>${root.threadReplyCount > 0 ? repliesLabel(root.threadReplyCount) : 'No replies yet'}</span></div>
    ${replies.hasOlder && html`<${EarlierReplies} messageId=${root.id} />`}
    <ol class="thread__replies" aria-label="Replies">
      ${rows.map((row) => html`<${Message} key=${row.message.id} row=${row} today=${today.value} />`)}
    </ol>
  `;
}

/** @param {{ messageId: string }} props */
function EarlierReplies({ messageId }) {
  const load = loads.value[loadName.older(messageId)];
  return html`
    <div class="thread__earlier">
      ${load && html`<span role="alert">${describe(load).text}</span>`}
      <button class="button button--small" type="button" disabled=${load === null} onClick=${() => loadOlderReplies(messageId)}>
        ${load === null ? 'Loading…' : 'Show earlier replies'}
      </button>
    </div>
  `;
}
