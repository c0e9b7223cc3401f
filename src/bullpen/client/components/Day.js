import { html } from '../app/html.js';
import { dayLabel } from '../app/time.js';
import { Message } from './Message.js';

/** @import { Message as ChannelMessage, ThreadReply } from '../app/types.js' */
/** @import { Day as DayOfMessages } from '../app/days.js' */

/** @param {{ day: DayOfMessages<ChannelMessage | ThreadReply>, today: Date, threads?: boolean }} props */
export function Day({ day, today, threads = false }) {
  const label = dayLabel(day.date, today);
  return html`
    <section class="day" aria-label=${label}>
      <div class="day__divider"><h2 class="day__label">${label}</h2></div>
      <ol class="day__messages">
        ${day.rows.map((row) => html`<${Message} key=${row.message.id} row=${row} today=${today} threads=${threads} />`)}
      </ol>
    </section>
  `;
}
