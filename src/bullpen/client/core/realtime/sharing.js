// One stream of events for all windows of this browser that show the same member: browsers allow six connections to a
// host, and a stream keeps one for minutes. Which window holds it, a lock decides; the others hear of each event from it
// over a channel. This is the logic alone: what it does, its `host` is asked to do.
//
// Each window knows its position: the number of the newest event that it has taken in. The holder says which positions
// its words lead between: a window that is behind their beginning asks for what it missed, and one that is ahead of their
// end ignores them. So nothing is lost or applied twice when another window takes over the stream.

/** @import { AnswerEvent, LogEvent } from '../types.js' */

/**
 * @typedef {{ type: 'events', from: number, to: number, events: LogEvent[], answers?: AnswerEvent[] } | { type: 'state', live: boolean, to: number }
 *   | { type: 'want', after: number } | { type: 'reset', upTo: number } | { type: 'hurry' }} Word
 * @typedef {{
 *   say: (word: Word) => void,
 *   takeIn: (events: LogEvent[]) => void,
 *   takeAnswers?: (events: AnswerEvent[]) => void,
 *   answersSoFar?: () => AnswerEvent[],
 *   keptAfter: (position: number) => LogEvent[] | null,
 *   begun: () => boolean,
 *   startAgain: () => void,
 *   connected: (live: boolean) => void,
 *   hurry: () => void,
 *   heard: () => void,
 * }} Host  keptAfter: null where events from that position on are not kept; begun: whether there is a state to keep up to date
 */

export class Share {
  position = 0;
  holds = false;
  /** Whether the stream that this window holds is open. */
  live = false;
  #host;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** What is shown is as of a position. @param {number} position */
  begin(position) {
    this.position = position;
    if (!this.holds) this.#host.say({ type: 'want', after: position });
  }

  /** This window holds the stream from now on, or does not any more. @param {boolean} holds */
  hold(holds) {
    this.holds = holds;
    this.live = false;
  }

  /** Whether the stream that this window holds is open. @param {boolean} live */
  set(live) {
    this.live = live;
    this.#host.connected(live);
    this.#host.say({ type: 'state', live, to: this.position });
  }

  /** Events of the stream, or only its newest position. @param {LogEvent[]} events @param {number} to */
  publish(events, to) {
    const from = this.position;
    this.position = Math.max(from, to);
    if (events.length > 0) this.#host.takeIn(events);
    this.#host.say({ type: 'events', from, to: this.position, events });
  }

  /** What agents are writing, from the stream. @param {AnswerEvent[]} events */
  show(events) {
    this.#host.takeAnswers?.(events);
    this.#sayAnswers(events);
  }

  /** They lead to no other position. @param {AnswerEvent[]} answers */
  #sayAnswers(answers) {
    const at = this.position;
    this.#host.say({ type: 'events', from: at, to: at, events: [], answers });
  }

  /** Events lead no further: all windows begin again. */
  reset() {
    this.#host.say({ type: 'reset', upTo: Number.MAX_SAFE_INTEGER });
  }

  /** @param {Word} word another window's */
  hear(word) {
    if (this.holds) this.#answer(word);
    else this.#follow(word);
  }

  /** @param {Word} word */
  #answer(word) {
    if (word.type === 'hurry') this.#host.hurry();
    // A window that asks before there is an answer asks again when the stream is open.
    if (word.type !== 'want' || !this.#host.begun()) return;
    const { after } = word;
    const events = this.#host.keptAfter(after);
    if (events) this.#host.say({ type: 'events', from: after, to: Math.max(after, this.position), events });
    else this.#host.say({ type: 'reset', upTo: after });
    const answers = this.#host.answersSoFar?.() ?? [];
    if (answers.length > 0) this.#sayAnswers(answers);
    this.#host.say({ type: 'state', live: this.live, to: this.position });
  }

  /** @param {Word} word */
  #follow(word) {
    if (word.type === 'want' || word.type === 'hurry') return;
    this.#host.heard();
    if (word.type === 'state') {
      this.#host.connected(word.live);
      // What this window has missed.
      if (this.#host.begun() && word.to > this.position)
        this.#host.say({ type: 'want', after: this.position });
      return;
    }
    if (!this.#host.begun()) return;
    if (word.type === 'reset') {
      if (this.position <= word.upTo) this.#host.startAgain();
      return;
    }
    const { from, to, events } = word;
    if (from > this.position) {
      this.#host.say({ type: 'want', after: this.position });
      return;
    }
    this.#host.connected(true);
    if (word.answers) this.#host.takeAnswers?.(word.answers);
    if (to <= this.position) return;
    const news = events.filter((event) => event.id > this.position);
    this.position = to;
    if (news.length > 0) this.#host.takeIn(news);
  }
}
