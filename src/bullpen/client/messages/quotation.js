// How a message is quoted, in Markdown.

// The rest is behind the link.
const longest = 2_000;

/** @param {string} text @param {string} author @param {string} address */
export function quotation(text, author, address) {
  const said = text.length > longest ? `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…` : text;
  const name = author.replace(/[\\[\]*_~`]/g, '\\$&');
  return `${said.split('\n').map(quoted).join('\n')}\n\n[${name}](${address})\n`;
}

/** @param {string} line */
const quoted = (line) => `> ${line}`.trimEnd();
