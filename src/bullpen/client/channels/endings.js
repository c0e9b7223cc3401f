// Notes what became of channels that end while the page is open.

import { endings } from '../core/gone.js';
import { isDirect } from '../core/kinds.js';
import { t } from '../core/language.js';
import { onEvent } from '../core/store/event-bus.js';
import { session } from '../core/store/store.js';

const begins = new Set(['channel.created', 'channel.updated', 'member.added']);

export function startEndings() {
  onEvent((event) => {
    if (event.type === 'channel.deleted') {
      const { id, name, kind } = event.channel;
      const shown = isDirect({ kind }) ? t('This conversation') : `#${name}`;
      endings.value = {
        ...endings.value,
        [id]: { how: 'deleted', name: shown, userId: event.userId ?? null },
      };
    } else if (event.type === 'member.removed' && event.userId === session.peek()?.userId) {
      endings.value = { ...endings.value, [event.channelId]: { how: 'removed', name: '', userId: null } };
    } else if (event.type === 'channel.updated' && event.channel.isArchived) {
      const { id, name } = event.channel;
      endings.value = { ...endings.value, [id]: { how: 'archived', name: `#${name}`, userId: null } };
    } else if (begins.has(event.type) && 'channel' in event) {
      const { [event.channel.id]: _before, ...others } = endings.peek();
      endings.value = others;
    }
  });
}
