// Who is about to answer, in words. Pure.

const mostNamed = 3;

/** How many wait behind those who answer. @param {string[]} names @param {number} waiting */
export function queueWords(names, waiting) {
  if (waiting === 0) return names.length > 0 ? typingWords(names) : '';
  if (names.length === 0) return waiting === 1 ? '1 answer is waiting' : `${waiting} answers are waiting`;
  return `${typingWords(names).replace('typing…', 'writing')}, ${waiting} more after them`;
}

/** @param {string[]} names */
export function typingWords(names) {
  if (names.length > mostNamed) return 'Several people are typing…';
  const last = names.at(-1);
  const others = names.slice(0, -1).join(', ');
  return others ? `${others} and ${last} are typing…` : `${last} is typing…`;
}
