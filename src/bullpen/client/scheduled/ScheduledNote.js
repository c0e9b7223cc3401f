import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { state } from '../core/store/store.js';
import { inlineMomentLabel } from '../core/time-format.js';

/** @import { Place } from '../core/types.js' */

/** Above a composer, what is sent from there later. @param {{ place: Place }} props */
export function ScheduledNote({ place }) {
  const here = Object.values(state.value.scheduled ?? {}).filter(
    (post) => post.channelId === place.channelId && (post.parentMessageId ?? null) === place.parentMessageId,
  );
  const [first] = here.toSorted((a, b) => Date.parse(a.sendAt) - Date.parse(b.sendAt));
  if (!first) return null;
  const failed = here.find(({ problem }) => problem);
  const words = failed
    ? t('A scheduled message could not be sent.')
    : here.length > 1
      ? t('{count} messages will be sent here later.', { count: here.length })
      : t('A message will be sent here {time}.', {
          time: inlineMomentLabel(new Date(first.sendAt), new Date()),
        });
  return html`<p class="composer__scheduled">${words} <a href="/scheduled">${t('See scheduled messages')}</a></p>`;
}
