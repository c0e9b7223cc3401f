// That no text of the client stays out of its catalogs: what scripts/texts.js finds in a source.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsOf, wrongCatalog } from '../../scripts/texts.js';

/** A section sign stands for the dollar that begins a value: these are sources, not templates. @param {string} source */
const problemsOf = (source) => textsOf('x.js', source.replaceAll('§', '$')).problems.map(({ text }) => text);

/** @param {string} source @returns {Map<string, any>} */
const keysOf = (source) => new Map(textsOf('x.js', source).uses.map((use) => [use.forms[0] ?? '', use]));

test('a text that is shown and not translated is found, wherever it stands', () => {
  const shown = [
    'html`<p>Not yet</p>`',
    'html`<p>not yet §{1}</p>`',
    'html`<button aria-label="close">x</button>`',
    "html`<button data-tip=§{open ? 'close' : t('Open')}>x</button>`",
    "html`<p>§{ready && 'ready'}</p>`",
    'html`<§{Field} label=§{`Name of §{name}`} />`',
    "say('It is saved');",
    'say(`Saved §{name} again`);',
    "const kinds = [{ kind: 'a', label: 'first' }];",
    "function words() { return 'Not yet'; }",
    'html`<§{Dialog} title="Members" />`',
  ];
  for (const source of shown) assert.equal(problemsOf(source).length, 1, source);
});

test('names, keys, addresses and classes are no texts', () => {
  const unseen = [
    "if (event.key === 'Enter') go('/inbox');",
    'html`<p class="quiet card">§{name}</p>`',
    "html`<p class=§{open ? 'card open' : 'card'}>1</p>`",
    "document.querySelector('.thread h2');",
    "throw new TypeError('It cannot be');",
    "import { A } from './Some Thing.js';",
    "html`<p>§{t('Not yet')}</p>`",
    "html`<p>§{plural(2, '{count} reply', '{count} replies')}</p>`",
  ];
  for (const source of unseen) assert.deepEqual(problemsOf(source), [], source);
});

test('a text that is not a literal cannot be looked up', () => {
  assert.equal(problemsOf('t(name)').length, 1);
  assert.equal(problemsOf("t('Hello ' + name)").length, 1);
});

test('a catalog has each text once, with its placeholders and the plurals of its language', () => {
  const keys = keysOf("t('Hello {name}', { name }); plural(2, '{count} reply', '{count} replies');");
  const right = {
    'Hello {name}': 'Hallo {name}',
    '{count} reply': { one: 'eine', other: '{count} Antworten' },
  };
  assert.deepEqual(wrongCatalog('de', right, keys), []);
  /** @param {Record<string, unknown>} change */
  const wrong = (change) => wrongCatalog('de', { ...right, ...change }, keys).length;
  assert.equal(wrong({ 'Hello {name}': '' }), 1);
  assert.equal(wrong({ 'Hello {name}': 'Hallo {namen}' }), 2);
  assert.equal(wrong({ 'Hello {name}': 'Hallo' }), 1);
  assert.equal(wrong({ '{count} reply': '{count} Antworten' }), 1);
  assert.equal(wrong({ '{count} reply': { other: '{count} Antworten' } }), 1);
  assert.equal(wrong({ Goodbye: 'Tschüss' }), 1);
});
