import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokensOf } from '../../src/bullpen/client/app/markdown.js';
import { render } from '../../src/bullpen/client/components/MessageText.js';

/** Elements written out as markup, to compare. @param {any} node @returns {string} */
function written(node) {
  if (node === null || node === undefined || node === false) return '';
  if (Array.isArray(node)) return node.map(written).join('');
  if (typeof node !== 'object') return String(node).replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const { children, ...props } = node.props;
  const kept = ['href', 'start', 'class']
    .filter((name) => props[name])
    .map((name) => ` ${name}="${props[name]}"`);
  return `<${node.type}${kept.join('')}>${written(children)}</${node.type}>`;
}

/** @param {string} text */
const shown = (text) => written(render(tokensOf(text)));

test('text takes the form it was given', () => {
  assert.equal(
    shown('a **b** *c* ~~d~~ `e`'),
    '<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e</code></p>',
  );
  assert.equal(shown('one\ntwo\n\nthree'), '<p>one<br></br>two</p><p>three</p>');
  assert.equal(shown('> said'), '<blockquote><p>said</p></blockquote>');
  assert.equal(shown('```js\nlet a = "<b>";\n```'), '<pre><code>let a = "&#60;b&#62;";</code></pre>');
  assert.equal(shown('- a\n- b'), '<ul><li><span>a</span></li><li><span>b</span></li></ul>');
  assert.equal(shown('3. a\n4. b'), '<ol start="3"><li><span>a</span></li><li><span>b</span></li></ol>');
});

test('what only looks like Markdown stays as typed', () => {
  assert.equal(shown('    four spaces'), '<p>    four spaces</p>');
  assert.equal(shown('title\n---'), '<p>title</p><hr></hr>');
  assert.equal(shown('[note]: see below'), '<p>[note]: see below</p>');
  assert.equal(shown('snake_case_name &amp; 2 * 3 * 4'), '<p>snake_case_name &#38;amp; 2 * 3 * 4</p>');
});

test('links lead only to the web and to mail', () => {
  assert.equal(shown('[x](https://example.com/a)'), '<p><a href="https://example.com/a">x</a></p>');
  assert.equal(shown('www.example.com'), '<p><a href="http://www.example.com/">www.example.com</a></p>');
  assert.equal(shown('a@example.com'), '<p><a href="mailto:a@example.com">a@example.com</a></p>');
  for (const href of [
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '/api/session',
    'JaVaScRiPt:x',
  ])
    assert.equal(shown(`[x](${href})`), `<p>[x](${href})</p>`);
});

test('a link says itself that it came from somebody and opens elsewhere', () => {
  const [paragraph] = /** @type {any[]} */ (render(tokensOf('https://example.com')));
  const { rel, target } = paragraph.props.children[0].props;
  assert.deepEqual({ rel, target }, { rel: 'noopener noreferrer nofollow', target: '_blank' });
});

test('HTML is text and images are links', () => {
  assert.equal(
    shown('<img src=x onerror=alert(1)> <b>hi</b>'),
    '<p>&#60;img src=x onerror=alert(1)&#62; &#60;b&#62;hi&#60;/b&#62;</p>',
  );
  assert.equal(shown('<script>alert(1)</script>'), '<p>&#60;script&#62;alert(1)&#60;/script&#62;</p>');
  assert.equal(
    shown('![a cat](https://example.com/cat.png)'),
    '<p><a href="https://example.com/cat.png">a cat</a></p>',
  );
});

test('no text of 10,000 characters takes long or breaks anything', () => {
  const parts = [
    '[',
    '>',
    '*a',
    '_a ',
    '`',
    '[a](',
    '![[',
    '<',
    '<a ',
    'http://',
    'a@',
    '**a *b ',
    '|a',
    '\\',
    '- ',
    '~a',
  ];
  for (const part of [...parts, '> '.repeat(40), '__a__', 'a.', '#', '<!--', '```\n', 'x']) {
    const text = part.repeat(Math.floor(10_000 / part.length));
    const start = performance.now();
    assert.ok(shown(text).length > 0, part);
    assert.ok(performance.now() - start < 2000, `${part} took ${performance.now() - start} ms`);
  }
});
