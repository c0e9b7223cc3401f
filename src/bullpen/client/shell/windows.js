// Who this window acts as: it stays who it is when another window of this browser changes whom the session is of, and finds
// out what is left to do when its member is made inactive.

import { announceSwitchesBy } from '../core/acting.js';
import { getSession } from '../core/api.js';
import { pinActor } from '../core/http.js';
import { loadUnknownUsers } from '../core/loading.js';
import { onEvent } from '../core/store/event-bus.js';
import { dispatch, session } from '../core/store/store.js';

const name = 'bullpen.session';

export function startWindows() {
  const channel = new BroadcastChannel(name);
  announceSwitchesBy(({ ownId }) => channel.postMessage({ ownId }));
  channel.onmessage = ({ data: { ownId } }) => {
    const own = session.peek();
    if (own === null) return;
    // Reloaded, it would be whom the session is of now.
    pinActor(own.userId === ownId ? null : own.userId);
    dispatch({ type: 'session', session: { ...own, ownId, isGiven: false } });
    loadUnknownUsers([ownId]);
  };
  onEvent((event) => {
    // The answer says that it can do nothing any more, and whom to act as instead.
    if (event.type === 'user.changed' && !event.isActive && event.user.id === session.peek()?.userId)
      getSession().catch(() => {});
  });
}
