// How a message is quoted, in Markdown.
import { mentionsIn, namesOfUsers } from './mentions.js';

// The rest is behind the link.
const longest = 2_000;

/** @param {string} text @param {string} author @param {string} address */
export function quotation(text, author, address) {
  const beginning =
    text.length > longest ? `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…` : text;
  const said = withoutGroups(beginning);
  const name = author.replace(/[\\[\]*_~`]/g, '\\$&');
  return `${said.split('\n').map(quoted).join('\n')}\n\n[${name}](${address})\n`;
}

/** @param {string} line */
const quoted = (line) => `> ${line}`.trimEnd();

const groupNames = namesOfUsers([]);

/** Quoted, `@channel` must not notify everybody once more. @param {string} text */
function withoutGroups(text) {
  const starts = mentionsIn(text, groupNames).map(({ start }) => start);
  return starts.reduceRight((said, at) => `${said.slice(0, at)}\\${said.slice(at)}`, text);
}
