import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/bullpen/client/messages/MessageText.js';
import { tokensOf } from '../../src/bullpen/client/messages/markdown/markdown.js';
import { table, textOf } from './pathological.js';
import { written } from './written.js';

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

test('references are drawn as they were typed, whatever stands beside them', () => {
  for (const text of [
    'Q&A: it&#39;s R&D',
    'AT&T &#8212; ok',
    'use &#39; in HTML',
    '&#35;general',
    '&#x41;&amp;&lt;b',
  ])
    assert.equal(shown(text), `<p>${text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</p>`);
});

test('what would be drawn empty is drawn as it was typed', () => {
  const texts = ['#', '##  ', '```', '~~~\n~~~', '----', '***', '___', '* * *', '-', '+', '1.', '** **'];
  for (const text of [...texts, '****', '` `', '*\u200b*', '[]()', '![]()', '|\n|', '\\', 'a\\'])
    assert.equal(shown(text), `<p>${text.split('\n').join('<br></br>')}</p>`, text);
  assert.equal(shown('>'), '<p>&#62;</p>');
  assert.equal(shown('> >'), '<blockquote><p>&#62;</p></blockquote>');
  assert.equal(
    shown('- a\n-\n- b'),
    '<ul><li><span>a</span></li></ul><p>-</p><ul><li><span>b</span></li></ul>',
  );
  const link = '<a href="https://example.com/">https://example.com</a>';
  for (const text of ['[](https://example.com)', '[ ](https://example.com)', '![](https://example.com)'])
    assert.equal(shown(text), `<p>${link}</p>`);
});

test('single tildes stay, two strike through', () => {
  assert.equal(shown('10~20 and 30~40 people'), '<p>10~20 and 30~40 people</p>');
  assert.equal(shown('~a~ ~~~b~~~ ~~c~~'), '<p>~a~ ~~~b~~~ <del>c</del></p>');
});

test('a quote and a list end at the line break', () => {
  assert.equal(shown('> theirs\nmine'), '<blockquote><p>theirs</p></blockquote><p>mine</p>');
  assert.equal(shown('> a\n> b\n>\n> c'), '<blockquote><p>a<br></br>b</p><p>c</p></blockquote>');
  assert.equal(shown('- a\nmine'), '<ul><li><span>a</span></li></ul><p>mine</p>');
});

test('indentation and spaces are kept', () => {
  assert.equal(shown('first:\n    indented'), '<p>first:<br></br>    indented</p>');
  assert.equal(shown('\tone\n  two  three'), '<p>\tone<br></br>  two  three</p>');
});

test('lists have the numbers that were typed', () => {
  /** @param {string} text */
  const numbers = (text) =>
    written(render(tokensOf(text)), ['start', 'value', 'data-mark']).replace(/<\/?span>|<\/li>/g, '');
  assert.equal(numbers('1) x\n3) x\n4) x'), '<ol start="1" data-mark=")"><li>x<li value="3">x<li>x</ol>');
  assert.equal(numbers('3. x\n2. x\n1. x'), '<ol start="3"><li>x<li value="2">x<li value="1">x</ol>');
  assert.equal(numbers('1. x\n1. x\n1. x'), '<ol start="1"><li>x<li>x<li>x</ol>');
  assert.equal(shown('2024. A good year'), '<p>2024. A good year</p>');
  assert.equal(shown('so\n2. x'), '<p>so<br></br>2. x</p>');
});

test('lists nest, with their paragraphs, fences and tasks', () => {
  assert.equal(
    shown('- a\n  more\n  - b\n- c'),
    '<ul><li><span>a<br></br>more</span><ul><li><span>b</span></li></ul></li><li><span>c</span></li></ul>',
  );
  assert.equal(
    shown('1. a\n  - b'),
    '<ol start="1"><li><span>a</span><ul><li><span>b</span></li></ul></li></ol>',
  );
  assert.equal(shown('- a\n\n- b'), '<ul><li><p>a</p></li><li><p>b</p></li></ul>');
  assert.equal(
    shown('1. run\n   ```\n   a\n     b\n   ```'),
    '<ol start="1"><li><span>run</span><pre><code>a\n  b</code></pre></li></ol>',
  );
  const box = (/** @type {string} */ sign) => `<span class="message-text__check">${sign} </span>`;
  assert.equal(
    shown('- [ ] a\n- [x] b\n- [ ]'),
    `<ul><li>${box('☐')}<span>a</span></li><li>${box('☑')}<span>b</span></li><li><span>[ ]</span></li></ul>`,
  );
});

test('tables have the cells that were typed', () => {
  const cells = (/** @type {string} */ tag, /** @type {string[]} */ texts) =>
    `<tr>${texts.map((text) => `<${tag}>${text}</${tag}>`).join('')}</tr>`;
  assert.equal(
    shown('so:\n| a | **b** |\n|:--|--:|\n| 1 \\| 2 | `x` |\n| 3\nafter'),
    `<p>so:</p><div class="message-text__table"><table><thead>${cells('th', ['a', '<strong>b</strong>'])}</thead>` +
      `<tbody>${cells('td', ['1 | 2', '<code>x</code>'])}${cells('td', ['3', ''])}</tbody></table></div><p>after</p>`,
  );
  assert.equal(shown('a|b\n-|-|-'), '<p>a|b<br></br>-|-|-</p>');
});

test('emphasis works beside the signs of Chinese, Japanese and Korean', () => {
  for (const [before, inside, after] of [
    ['これは', '「強調」', 'です'],
    ['这是', '“强调”', '的'],
    ['', '中文。', '中文'],
    ['한국어', '(괄호)', '는'],
    ['', 'テスト。', 'テスト'],
  ])
    assert.equal(
      shown(`${before}**${inside}**${after}`),
      `<p>${before}<strong>${inside}</strong>${after}</p>`,
    );
});

test('emphasis nests as in CommonMark', () => {
  assert.equal(
    shown('***x*** *a **b** c*'),
    '<p><em><strong>x</strong></em> <em>a <strong>b</strong> c</em></p>',
  );
  assert.equal(shown('*(*a*)* _b_c **d*'), '<p><em>(<em>a</em>)</em> _b_c *<em>d</em></p>');
  assert.equal(
    shown('**a `b**` c** [d*](https://e.com)*'),
    '<p><strong>a <code>b**</code> c</strong> <a href="https://e.com/">d*</a>*</p>',
  );
});

test('an address ends where its sentence goes on', () => {
  const link = '<a href="https://example.com/a">https://example.com/a</a>';
  for (const [before = '', after = ''] of [
    ['', '。次へ'],
    ['「', '」'],
    ['見て', '、次'],
    ['(', ').'],
    ['“', '”'],
    ['**x** ', '!'],
    ['', ', and'],
    ['', '！'],
    ['', '\u200b'],
  ])
    assert.equal(
      shown(`${before}https://example.com/a${after}`),
      `<p>${before.replace('**x**', '<strong>x</strong>')}${link}${after}</p>`,
    );
  assert.equal(shown('**https://example.com/a**'), `<p><strong>${link}</strong></p>`);
  assert.equal(
    shown('https://example.com/a_(b)_c'),
    '<p><a href="https://example.com/a_(b)_c">https://example.com/a_(b)_c</a></p>',
  );
  assert.equal(
    shown('https://example.com次へ'),
    '<p><a href="https://example.com/">https://example.com</a>次へ</p>',
  );
});

test('hosts may have names in every script', () => {
  assert.equal(shown('https://例え.jp/'), '<p><a href="https://xn--r8jz45g.jp/">https://例え.jp/</a></p>');
  assert.equal(
    shown('http://президент.рф'),
    '<p><a href="http://xn--d1abbgf6aiiy.xn--p1ai/">http://президент.рф</a></p>',
  );
  assert.equal(
    shown('www.münchen.de.'),
    '<p><a href="http://www.xn--mnchen-3ya.de/">www.münchen.de</a>.</p>',
  );
  assert.equal(
    shown('http://localhost:8000/a'),
    '<p><a href="http://localhost:8000/a">http://localhost:8000/a</a></p>',
  );
});

test('a mail address is a link, the version of a package is none', () => {
  const link = (/** @type {string} */ text) => `<a href="mailto:${text}">${text}</a>`;
  assert.equal(shown('my_name+x@mail.example.com.'), `<p>${link('my_name+x@mail.example.com')}.</p>`);
  assert.equal(
    shown('<a@example.com> @b@example.com'),
    `<p>${link('a@example.com')} @${link('b@example.com')}</p>`,
  );
  assert.equal(shown('react@18.2.0 a@b'), '<p>react@18.2.0 a@b</p>');
});

test('no letter has more marks than there is room for, wherever it stands', () => {
  const many = `a${'\u0301'.repeat(60)}`;
  const few = `a${'\u0301'.repeat(8)}`;
  for (const text of [
    'X',
    '**X**',
    '`X`',
    '[X](https://e.com)',
    '![X](https://e.com)',
    '```\nX\n```',
    '[X](x)',
  ])
    assert.equal(shown(text.replace('X', many)), shown(text.replace('X', few)), text);
  assert.equal(
    shown('e\u0301 \u0928\u092e\u0938\u094d\u0924\u0947'),
    '<p>e\u0301 \u0928\u092e\u0938\u094d\u0924\u0947</p>',
  );
});

test('every text knows where in the message it stands', () => {
  const text = '# h\r\n> - a *b* c_d\n>   e\n\n| x | y |\n|-|-|\n| z\\| | @w |\n\n1. [q](r) <a@b.co>';
  /** @type {[number, string][]} */
  const found = [];
  /** @param {any} part */
  const walk = (part) => {
    if (Array.isArray(part)) part.forEach(walk);
    else if (part?.type === 'text') found.push([part.at, part.raw]);
    else if (part && typeof part === 'object') Object.values(part).forEach(walk);
  };
  walk(tokensOf(text));
  assert.deepEqual(
    found.map(([, raw]) => raw),
    ['h', 'a ', 'b', ' c_d', 'e', 'x', 'y', 'z', '@w', 'q', ' ', 'a@b.co'],
  );
  for (const [at, raw] of found) assert.equal(text.slice(at, at + raw.length), raw);
});

test('no text of 40,000 characters takes long, becomes many elements or nests deep', () => {
  /** @param {any} node @returns {{ elements: number, depth: number }} */
  const measured = (node) => {
    if (Array.isArray(node)) {
      const all = node.map(measured);
      return {
        elements: all.reduce((sum, one) => sum + one.elements, 0),
        depth: Math.max(0, ...all.map((one) => one.depth)),
      };
    }
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string')
      return { elements: 0, depth: 0 };
    const inside = measured(node.props.children ?? null);
    return { elements: inside.elements + 1, depth: inside.depth + 1 };
  };
  for (const kind of table.kinds) {
    const text = textOf(kind);
    const start = process.cpuUsage();
    const drawn = render(tokensOf(text));
    const { user } = process.cpuUsage(start);
    assert.ok(user < 200_000, `${kind.name} took ${user / 1000} ms`);
    const { elements, depth } = measured(drawn);
    assert.ok(elements < 8_000, `${kind.name} became ${elements} elements`);
    assert.ok(depth < 40, `${kind.name} nests ${depth} deep`);
    assert.equal(written(drawn).length > 0, text.trim().length > 0, kind.name);
  }
});
