// What is asked of somebody above everything else: an emoji, whether they are sure; and what is said in passing.
import { signal } from '@preact/signals';

/** @typedef {{ anchor: DOMRect, done: (emoji: string | null) => void }} Picking */
/** @typedef {{ title: string, text: string, action: string, isHarmless?: boolean, done: (sure: boolean) => void }} Question */
/** @typedef {{ text: string, undo?: (() => void) | undefined }} Remark */

export const picking = signal(/** @type {Picking | null} */ (null));
export const question = signal(/** @type {Question | null} */ (null));
export const remark = signal(/** @type {Remark | null} */ (null));

const remarkLasts = 6_000;
// Long enough to reach the button by keyboard.
const undoLasts = 20_000;
let timer = 0;

/** @param {HTMLElement} button @returns {Promise<string | null>} */
export function openPicker(button) {
  picking.peek()?.done(null);
  return new Promise((resolve) => {
    picking.value = {
      anchor: button.getBoundingClientRect(),
      done: (emoji) => {
        picking.value = null;
        if (button.isConnected) button.focus();
        resolve(emoji);
      },
    };
  });
}

/** @param {Omit<Question, 'done'>} asked @returns {Promise<boolean>} */
export function ask(asked) {
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      done: (sure) => {
        question.value = null;
        resolve(sure);
      },
    };
  });
}

/** @param {string} text @param {() => void} [undo] takes back what the text says */
export function say(text, undo) {
  remark.value = { text, undo };
  clearTimeout(timer);
  timer = window.setTimeout(forgetRemark, undo ? undoLasts : remarkLasts);
}

export function forgetRemark() {
  clearTimeout(timer);
  remark.value = null;
}
