// Who this window acts as: it says so and stays who it is when another window of this browser acts as somebody else, and
// finds out what is left to do when its member is made inactive.
import { getSession } from '../core/api.js';
import { pinActor } from '../core/http.js';
import { tellSwitchesBy } from '../core/loading.js';
import { onEvent } from '../core/store/event-bus.js';
import { session, userOf } from '../core/store/store.js';
import { say } from '../ui/prompts.js';

const name = 'bullpen.session';

export function startWindows() {
  const channel = new BroadcastChannel(name);
  tellSwitchesBy(({ userId }) => channel.postMessage({ userId }));
  channel.onmessage = ({ data }) => {
    const me = session.peek()?.userId;
    if (me === undefined || data?.userId === me) return;
    // Reloaded, it would be whom the session is of now.
    pinActor(me);
    const [other, own] = [userOf(data.userId), userOf(me)];
    say(`Another window acts as ${other.displayName} now. This one still acts as ${own.displayName}.`);
  };
  onEvent((event) => {
    // The answer says that it can do nothing any more, and whom to act as instead.
    if (event.type === 'user.changed' && !event.isActive && event.user.id === session.peek()?.userId)
      getSession().catch(() => {});
  });
}
