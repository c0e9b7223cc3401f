import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Share } from '../../src/bullpen/client/core/realtime/sharing.js';

/** @import { LogEvent } from '../../src/bullpen/client/core/types.js' */
/** @import { Word } from '../../src/bullpen/client/core/realtime/sharing.js' */

/** @param {number} id @returns {LogEvent} */
const event = (id) => ({ id, type: 'hello' });

/** Windows that hear each other's words in the order in which they are said. */
class Browser {
  /** @type {Window[]} */
  windows = [];
  /** @type {{ from: Window, word: Word }[]} */
  said = [];

  /** @param {number} position */
  open(position) {
    const window = new Window(this);
    this.windows.push(window);
    window.begin(position);
    this.deliver();
    return window;
  }

  deliver() {
    for (let next = this.said.shift(); next; next = this.said.shift())
      for (const window of this.windows)
        if (window !== next.from) window.share.hear(structuredClone(next.word));
  }

  /** @param {Window} window */
  close(window) {
    this.windows = this.windows.filter((other) => other !== window);
  }
}

class Window {
  /** @type {number[]} */
  got = [];
  after = 0;
  resets = 0;
  isReady = false;
  /** @type {boolean | null} */
  live = null;

  /** @param {Browser} browser */
  constructor(browser) {
    this.browser = browser;
    this.share = new Share({
      say: (word) => browser.said.push({ from: this, word }),
      takeIn: (events) => this.got.push(...events.map(({ id }) => id)),
      keptAfter: (position) =>
        position < this.after ? null : this.got.filter((id) => id > position).map(event),
      begun: () => this.isReady,
      startAgain: () => {
        this.resets += 1;
        // Until it has loaded everything anew.
        this.isReady = false;
      },
      connected: (live) => {
        this.live = live;
      },
      hurry: () => {},
      heard: () => {},
    });
  }

  /** @param {number} position */
  begin(position) {
    this.isReady = true;
    this.after = position;
    this.share.begin(position);
  }

  /** @param {number[]} ids what the stream tells of */
  tell(...ids) {
    this.share.publish(ids.map(event), Math.max(...ids));
    this.browser.deliver();
  }

  /** @param {boolean} live */
  set(live) {
    this.share.set(live);
    this.browser.deliver();
  }
}

test('every window hears every event once, in order, whenever it was opened', () => {
  const browser = new Browser();
  const holder = browser.open(10);
  holder.share.hold(true);
  holder.set(true);
  const early = browser.open(10);
  holder.tell(11, 12);
  const late = browser.open(11);
  const ahead = browser.open(14);
  holder.tell(13, 14);
  holder.tell(15);
  assert.deepEqual(holder.got, [11, 12, 13, 14, 15]);
  assert.deepEqual(early.got, [11, 12, 13, 14, 15]);
  assert.deepEqual(late.got, [12, 13, 14, 15]);
  assert.deepEqual(ahead.got, [15]);
});

test('a window that missed words asks for what they told of', () => {
  const browser = new Browser();
  const holder = browser.open(0);
  holder.share.hold(true);
  const asleep = browser.open(0);
  browser.close(asleep);
  holder.tell(1, 2);
  holder.tell(3);
  browser.windows.push(asleep);
  holder.tell(4);
  assert.deepEqual(asleep.got, [1, 2, 3, 4]);
});

test('the next holder goes on where it was, and nobody loses or doubles an event', () => {
  const browser = new Browser();
  const first = browser.open(0);
  first.share.hold(true);
  const behind = browser.open(0);
  const next = browser.open(0);
  first.tell(1);
  browser.close(behind);
  first.tell(2, 3);
  browser.windows.push(behind);
  browser.close(first);
  next.share.hold(true);
  next.set(true);
  // It resumes after 3; what the stream repeats is told once.
  next.tell(4);
  assert.deepEqual(next.got, [1, 2, 3, 4]);
  assert.deepEqual(behind.got, [1, 2, 3, 4]);
});

test('who is further behind than the holder knows begins again, and nobody else', () => {
  const browser = new Browser();
  const holder = browser.open(100);
  holder.share.hold(true);
  holder.set(true);
  const other = browser.open(100);
  const old = browser.open(40);
  assert.deepEqual([old.resets, other.resets, holder.resets], [1, 0, 0]);
});

test('a reset of the log begins all windows again', () => {
  const browser = new Browser();
  const holder = browser.open(5);
  holder.share.hold(true);
  const others = [browser.open(5), browser.open(5)];
  holder.share.reset();
  browser.deliver();
  assert.deepEqual(
    others.map(({ resets }) => resets),
    [1, 1],
  );
});

test('whether there is a connection is the same in all windows', () => {
  const browser = new Browser();
  const holder = browser.open(5);
  const other = browser.open(5);
  assert.equal(other.live, null);
  holder.share.hold(true);
  holder.set(true);
  assert.equal(other.live, true);
  holder.set(false);
  assert.equal(other.live, false);
  holder.tell(6);
  assert.equal(other.live, true);
  // One that is opened while there is none is told so.
  holder.set(false);
  assert.equal(browser.open(6).live, false);
});

test('a window that has loaded nothing yet is told later', () => {
  const browser = new Browser();
  const holder = browser.open(0);
  holder.share.hold(true);
  const loading = new Window(browser);
  browser.windows.push(loading);
  holder.tell(1, 2);
  assert.deepEqual(loading.got, []);
  loading.begin(1);
  browser.deliver();
  assert.deepEqual(loading.got, [2]);
});
