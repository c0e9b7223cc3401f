// Answers that were asked for before the code that needs them was here.

/** @type {Map<string, Promise<unknown>>} */
const answers = new Map();

/** @param {string} what @param {Promise<unknown>} answer one that fails before anybody takes it is asked for anew */
export function expect(what, answer) {
  answers.set(what, answer);
  answer.catch(() => answers.delete(what));
}

/**
 * The answer asked for at the start, once; later calls ask anew.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
export function firstAnswer(what, ask) {
  const answer = /** @type {Promise<T> | undefined} */ (answers.get(what));
  answers.delete(what);
  return answer ?? ask();
}

/** What was answered to one user is not for the next. */
export function forgetFirstAnswers() {
  answers.clear();
}
