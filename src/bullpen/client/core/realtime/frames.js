// The text of an event stream as frames. Not EventSource: it hides heartbeats, by which a connection that died in a
// machine's sleep is known, and gives up on the first answer that is an error.

/** @typedef {{ id: number | null, data: string | null }} Frame */

/** @returns {(text: string) => Frame[]} takes text as it comes, gives the frames that are complete */
export function reader() {
  let rest = '';
  return (text) => {
    const parts = (rest + text).split('\n\n');
    rest = parts.pop() ?? '';
    return parts.map(frameOf);
  };
}

/** @param {string} text @returns {Frame} */
function frameOf(text) {
  /** @type {Frame} */
  const frame = { id: null, data: null };
  for (const line of text.split('\n')) {
    if (line.startsWith('id: ')) frame.id = Number(line.slice(4));
    else if (line.startsWith('data: ')) frame.data = line.slice(6);
  }
  return frame;
}
