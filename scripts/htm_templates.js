// Reads the client's htm templates: elements, attributes and texts, with their places in the source.
import ts from 'typescript';

/** @typedef {{ kind: 'text', text: string, start: number, end: number }} TextPart */
/** @typedef {{ kind: 'value', node: ts.Expression, start: number, end: number }} ValuePart */
/** @typedef {{ name: string, parts: (TextPart | ValuePart)[], start: number, end: number }} Attribute */
/** @typedef {{ kind: 'element', name: string, attributes: Attribute[], children: Child[], start: number, end: number }} Element */
/** @typedef {TextPart | ValuePart | Element} Child */

/** @param {ts.Node} node @returns {node is ts.TaggedTemplateExpression} */
export const isHtml = (node) =>
  ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag) && node.tag.text === 'html';

/** The raw texts and the values of a template, in their order. @param {ts.TemplateLiteral} template @returns {(TextPart | ValuePart)[]} */
function partsOf(template) {
  /** @param {ts.TemplateLiteralLikeNode} literal @param {number} closing @returns {TextPart} */
  const raw = (literal, closing) => {
    const [start, end] = [literal.getStart() + 1, literal.getEnd() - closing];
    return { kind: 'text', text: literal.getSourceFile().text.slice(start, end), start, end };
  };
  if (ts.isNoSubstitutionTemplateLiteral(template)) return [raw(template, 1)];
  return [
    raw(template.head, 2),
    ...template.templateSpans.flatMap(({ expression, literal }) => [
      /** @type {ValuePart} */ ({
        kind: 'value',
        node: expression,
        start: expression.getFullStart() - 2,
        end: literal.getStart() + 1,
      }),
      raw(literal, ts.isTemplateTail(literal) ? 1 : 2),
    ]),
  ];
}

/** @param {ts.TaggedTemplateExpression} node @returns {Child[]} */
export function childrenOf(node) {
  /** @type {Element} */
  const root = { kind: 'element', name: '', attributes: [], children: [], start: 0, end: 0 };
  const open = [root];
  /** @type {'text' | 'tag' | 'name' | 'value' | 'comment'} */
  let mode = 'text';
  let quote = '';
  /** @type {Attribute | null} */
  let attribute = null;
  const top = () => /** @type {Element} */ (open.at(-1));
  const close = () => {
    if (open.length > 1) open.pop();
  };
  for (const part of partsOf(node.template)) {
    if (part.kind === 'value') {
      if (mode === 'text') top().children.push(part);
      else if (mode === 'name') {
        top().name = `\${${part.node.getText()}}`;
        mode = 'tag';
      } else if (mode === 'value' && attribute !== null) {
        attribute.parts.push(part);
        attribute.end = part.end;
        if (quote === '') mode = 'tag';
      }
      continue;
    }
    const { text, start } = part;
    let at = 0;
    while (at < text.length) {
      const rest = text.slice(at);
      if (mode === 'comment') {
        const end = rest.indexOf('-->');
        at = end === -1 ? text.length : at + end + 3;
        if (end !== -1) mode = 'text';
      } else if (mode === 'text') {
        const end = rest.search(/<[^\s]|<$/);
        const length = end === -1 ? rest.length : end;
        if (length > 0)
          top().children.push({
            kind: 'text',
            text: rest.slice(0, length),
            start: start + at,
            end: start + at + length,
          });
        at += length;
        if (end === -1) break;
        if (rest.slice(length).startsWith('<!--')) {
          mode = 'comment';
          at += 4;
        } else if (rest[length + 1] === '/') {
          // `</name>`, `<//>`, or `</${name}>`: whatever it is called, it ends what is open.
          const stop = text.indexOf('>', at);
          const element = top();
          close();
          element.end = stop === -1 ? start + text.length : start + stop + 1;
          at = stop === -1 ? text.length : stop + 1;
          if (stop === -1) mode = 'tag';
        } else {
          /** @type {Element} */
          const element = {
            kind: 'element',
            name: '',
            attributes: [],
            children: [],
            start: start + at,
            end: 0,
          };
          top().children.push(element);
          open.push(element);
          mode = 'name';
          at += 1;
        }
      } else if (mode === 'name') {
        const length = rest.search(/[\s/>]|$/);
        top().name = rest.slice(0, length);
        mode = 'tag';
        at += length;
        if (length === 0 && !/[\s/>]/.test(rest[0] ?? ' ')) at += 1;
      } else if (mode === 'value' && attribute !== null) {
        const end = quote === '' ? rest.search(/[\s/>]/) : rest.indexOf(quote);
        const length = end === -1 ? rest.length : end;
        if (length > 0)
          attribute.parts.push({
            kind: 'text',
            text: rest.slice(0, length),
            start: start + at,
            end: start + at + length,
          });
        at += length + (end !== -1 && quote !== '' ? 1 : 0);
        attribute.end = start + at;
        if (end !== -1) mode = 'tag';
      } else {
        const space = rest.search(/\S|$/);
        at += space;
        if (space > 0) continue;
        if (rest.startsWith('/>')) {
          top().end = start + at + 2;
          close();
          mode = 'text';
          at += 2;
        } else if (rest[0] === '>') {
          mode = 'text';
          at += 1;
        } else {
          const name = /^\.{3}|^[^\s=/>]+/.exec(rest)?.[0] ?? rest[0] ?? '';
          attribute = { name, parts: [], start: start + at, end: start + at + name.length };
          top().attributes.push(attribute);
          at += name.length;
          if (name === '...') {
            mode = 'value';
            quote = '';
          } else if (text[at] === '=') {
            at += 1;
            quote = text[at] === '"' || text[at] === "'" ? (text[at] ?? '') : '';
            if (quote !== '') at += 1;
            mode = 'value';
          }
        }
      }
    }
  }
  return root.children;
}

/** As htm has it: line breaks at the ends of a text, with what is around them, are not part of it. @param {string} text */
export const trimmed = (text) => text.replace(/^\s*\n\s*|\s*\n\s*$/g, '');
