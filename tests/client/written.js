import { CodeBlock, drawnCode } from '../../src/bullpen/client/messages/CodeBlock.js';

/** Elements written out as markup, to compare. @param {any} node @param {string[]} [attributes] @returns {string} */
export function written(node, attributes = ['href', 'start', 'class']) {
  if (node === null || node === undefined || node === false) return '';
  if (Array.isArray(node)) return node.map((one) => written(one, attributes)).join('');
  if (typeof node !== 'object') return String(node).replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const { children, ...props } = node.props;
  if (node.type === CodeBlock) return written(drawnCode(children), attributes);
  const kept = attributes.filter((name) => props[name]).map((name) => ` ${name}="${props[name]}"`);
  return `<${node.type}${kept.join('')}>${written(children, attributes)}</${node.type}>`;
}
