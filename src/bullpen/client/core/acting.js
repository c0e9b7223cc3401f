// As whom this window acts: its member changes, or can do nothing any more.
import { batch, signal } from '@preact/signals';
import { addressOf } from './addresses.js';
import * as api from './api.js';
import { expect } from './early-answers.js';
import * as http from './http.js';
import { actorChanges, forgetAnswers, homeOf, load, loadName, loadWorkspace } from './loading.js';
import { go, route } from './router.js';
import { forgetSeen, seenOwner } from './seen-owner.js';
import { dispatch, self, state } from './store/store.js';

/** @import { Channel, Session, User } from './types.js' */

/** Why the member that this window acts as can do nothing, as the server says. */
export const refusal = signal(/** @type {import('./http.js').Refusal | null} */ (null));

http.onActorRefused((refused) => {
  if (refused.userId === seenOwner()?.userId) forgetSeen();
  const { session } = state.peek();
  // What another member wrote here may be sent by this window, too.
  if (session !== null && session.userId !== refused.userId) return;
  // Each request of a page that is loaded is refused; the first one ends the pin.
  const isViewed = http.isPinned() || refusal.peek()?.isViewed === true;
  http.pinActor(null);
  refusal.value = { ...refused, isViewed };
});

/** Tells other windows of this browser whom its session is of now. @type {(session: Session) => void} */
let announceSwitch = () => {};

/** @param {(session: Session) => void} announce */
export function announceSwitchesBy(announce) {
  announceSwitch = announce;
}

/**
 * Views the workspace as a member, in this window. The browser's session stays the joined person's; where nobody has
 * joined, it is of the agent that is viewed.
 * @param {string} userId
 */
export async function actAs(userId) {
  if (userId === state.value.session?.userId && refusal.peek() === null) return;
  await load(loadName.actor, () => switchTo(userId));
}

/** @param {string} userId */
async function switchTo(userId) {
  const isPerson = state.peek().users[userId]?.kind === 'person';
  const keepsSession = self.peek() !== null ? userId !== self.peek() : isPerson;
  await show(keepsSession ? await api.getSession(userId) : await api.putSession(userId));
}

/** Back to the session's own member, where the viewed one can do nothing any more. */
export async function returnToSession() {
  await load(loadName.actor, async () => {
    http.requestAs(null);
    await show(await api.getSession());
  });
}

/** Keeps the session's member, so that the next visit does not ask again. */
export async function keepMember() {
  const userId = state.peek().session?.userId;
  if (userId === undefined) return;
  const session = await api.putSession(userId);
  dispatch({ type: 'session', session });
  announceSwitch(session);
}

/** As a person who joined before. @param {string} userId */
export async function beAgain(userId) {
  await show(await api.putSession(userId));
}

/** As the person who has just joined in this browser. @param {User} person */
export async function showJoined(person) {
  dispatch({ type: 'user', user: person });
  await show(await api.getSession(person.id));
}

/** Shows what the member of a session may see. @param {Session} session */
async function show(session) {
  const { userId } = session;
  // Which channels there are decides whether the one that is open stays.
  const asked = api.getChannels(userId);
  const channels = await asked.catch(() => null);
  const before = state.peek().session?.ownId;
  batch(() => {
    actorChanges.value += 1;
    forgetAnswers();
    if (channels) expect('channels', asked);
    http.requestAs(userId);
    http.pinActor(userId === session.ownId ? null : userId);
    refusal.value = null;
    dispatch({ type: 'actor.changed', session });
    if (channels) leaveUnreadable(channels, session);
  });
  if (session.ownId !== before) announceSwitch(session);
  loadWorkspace();
}

/** After a change of member the window stays in a channel that both can read; elsewhere it goes to that member's home channel. @param {Channel[]} channels @param {Session} session */
function leaveUnreadable(channels, session) {
  const here = route.peek();
  if (here.view === 'channel' && channels.some(({ id }) => id === here.channelId)) return;
  const home = homeOf(channels, session);
  go(home ? addressOf(home) : '/');
}
