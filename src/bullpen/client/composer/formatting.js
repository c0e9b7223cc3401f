// What the toolbar and its shortcuts do to a text and the selection in it.
import { t } from '../core/language.js';

/** @typedef {{ text: string, start: number, end: number }} Selected */

/** Puts a mark around the selection, or takes it away. @param {Selected} at @param {string} mark @returns {Selected} */
export function surrounded({ text, start, end }, mark) {
  const size = mark.length;
  const inside = text.slice(start, end);
  const before = text.slice(start - size, start);
  if (before === mark && text.slice(end, end + size) === mark && text[start - size - 1] !== mark) {
    return {
      text: text.slice(0, start - size) + inside + text.slice(end + size),
      start: start - size,
      end: end - size,
    };
  }
  // After marking, typing continues behind the mark.
  if (start === end && text.slice(end, end + size) === mark && text.slice(0, start).includes(mark))
    return { text, start: end + size, end: end + size };
  // Spaces between a mark and its text would keep it from being one.
  const [lead = ''] = inside.match(/^\s*/) ?? [];
  const core = inside.trim();
  const trail = core === '' ? '' : inside.slice(lead.length + core.length);
  const from = start + lead.length + size;
  return {
    text: `${text.slice(0, start)}${lead}${mark}${core}${mark}${trail}${text.slice(end)}`,
    start: from,
    end: from + core.length,
  };
}

/** @param {Selected} at @returns {Selected} */
export function fenced({ text, start, end }) {
  const inside = text.slice(start, end);
  const lead = start === 0 || text[start - 1] === '\n' ? '' : '\n';
  const trail = end === text.length || text[end] === '\n' ? '' : '\n';
  const from = start + lead.length + 4;
  return {
    text: `${text.slice(0, start)}${lead}\`\`\`\n${inside}\n\`\`\`${trail}${text.slice(end)}`,
    start: from,
    end: from + inside.length,
  };
}

/** The address is selected, to be written or pasted over. @param {Selected} at @returns {Selected} */
export function linked({ text, start, end }) {
  const inside = text.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/.test(inside);
  const made = isAddress ? `[](${inside})` : `[${inside}](https://)`;
  const from = isAddress || inside === '' ? start + 1 : start + inside.length + 3;
  return {
    text: text.slice(0, start) + made + text.slice(end),
    start: from,
    end: isAddress || inside === '' ? from : from + 'https://'.length,
  };
}

/**
 * Begins every line of the selection with a prefix, or takes it away where each has one.
 * @param {Selected} at @param {'> ' | '- ' | '1. '} prefix @returns {Selected}
 */
export function prefixed({ text, start, end }, prefix) {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', Math.max(end - 1, from));
  const to = next === -1 ? text.length : next;
  const lines = text.slice(from, to).split('\n');
  const marked = prefix === '1. ' ? /^\d+\. / : prefix === '- ' ? /^[-*] / : /^> ?/;
  const all = lines.every((line) => marked.test(line));
  const changed = lines
    .map((line, at) => (all ? line.replace(marked, '') : (prefix === '1. ' ? `${at + 1}. ` : prefix) + line))
    .join('\n');
  const whole = text.slice(0, from) + changed + text.slice(to);
  const last = from + changed.length;
  return { text: whole, start: start === end ? last : from, end: last };
}

/** Whether what is written goes on inside a fence, where Enter is a new line. @param {string} before the caret */
export function inFence(before) {
  let open = '';
  for (const line of before.split('\n')) {
    const [, mark = '', info = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/s.exec(line) ?? [];
    if (open === '') open = mark.startsWith('`') && info.includes('`') ? '' : mark;
    else if (mark.startsWith(open) && info.trim() === '') open = '';
  }
  return open !== '';
}

/** Whether what is written goes on inside code, where nothing but the letters counts. @param {string} before the caret */
export function inCode(before) {
  if (inFence(before)) return true;
  const paragraph = before.slice(before.lastIndexOf('\n\n') + 1);
  let open = '';
  for (const [run] of paragraph.matchAll(/`+/g)) {
    if (open === '') open = run;
    else if (open === run) open = '';
  }
  return open !== '';
}

const coarse = globalThis.matchMedia?.('(pointer: coarse)');

/**
 * Whether Enter ends what is written. Inside a fence it begins a line, and so it does where there is no keyboard: a
 * button is there.
 * @param {KeyboardEvent} event @param {HTMLTextAreaElement} area
 */
export function ends(event, area) {
  if (event.shiftKey || event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return !coarse?.matches && !inFence(area.value.slice(0, area.selectionStart));
}

/** The tools, in the order of the toolbar. @type {{ name: string, icon: string, keys: string, code: string, shift: boolean, use: (at: Selected) => Selected }[]} */
export const tools = [
  { name: t('Bold'), icon: 'bold', keys: 'B', code: 'KeyB', shift: false, use: (at) => surrounded(at, '**') },
  {
    name: t('Italic'),
    icon: 'italic',
    keys: 'I',
    code: 'KeyI',
    shift: false,
    use: (at) => surrounded(at, '_'),
  },
  {
    name: t('Strikethrough'),
    icon: 'strikethrough',
    keys: t('Shift X'),
    code: 'KeyX',
    shift: true,
    use: (at) => surrounded(at, '~~'),
  },
  { name: t('Link'), icon: 'link', keys: t('Shift U'), code: 'KeyU', shift: true, use: linked },
  {
    name: t('Numbered list'),
    icon: 'list-ordered',
    keys: t('Shift 7'),
    code: 'Digit7',
    shift: true,
    use: (at) => prefixed(at, '1. '),
  },
  {
    name: t('Bulleted list'),
    icon: 'list',
    keys: t('Shift 8'),
    code: 'Digit8',
    shift: true,
    use: (at) => prefixed(at, '- '),
  },
  {
    name: t('Quote'),
    icon: 'text-quote',
    keys: t('Shift 9'),
    code: 'Digit9',
    shift: true,
    use: (at) => prefixed(at, '> '),
  },
  { name: t('Code'), icon: 'code', keys: 'E', code: 'KeyE', shift: false, use: (at) => surrounded(at, '`') },
  { name: t('Code block'), icon: 'square-code', keys: t('Shift C'), code: 'KeyC', shift: true, use: fenced },
];

/** The tool that a key stands for. @param {KeyboardEvent} event */
export function toolOf(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  return tools.find((tool) => tool.code === event.code && tool.shift === event.shiftKey);
}
