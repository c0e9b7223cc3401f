// The texts of the interface: which there are, whether each language has them all, and whether one is missing in between.
//
//   scripts/npm run texts          writes new texts into the catalogs, with nothing as their translation, and removes old ones
//   scripts/npm run texts:check    fails where a catalog differs from the source, or the source shows a text that is in none
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { childrenOf, isHtml } from './htm_templates.js';

const client = new URL('../src/bullpen/client/', import.meta.url).pathname;
const languages = `${client}languages/`;

/** What is a name, a key or a format in every language. */
const untranslated = new Set(JSON.parse(readFileSync(new URL('untranslated.json', import.meta.url), 'utf8')));

/** Attributes whose text is seen or heard, on elements and components. */
const shown =
  /^(alt|title|placeholder|label|text|hint|heading|question|yes|no|intro|foot|action|busyAction|note|why|tip|words|aria-(label|description|roledescription|valuetext)|data-tip(-more)?)$/;
/** Attributes that hold names and values for programs. */
const unseen =
  /^(class|id|type|role|href|src|style|key|for|rel|target|dir|lang|method|icon|kind|tag|tab|auto(complete|capitalize|focus)|inputmode|spellcheck|list|aria-.*|data-.*|accept|value|sort|page|loading|decoding|preload|fill|stroke.*|viewBox|shape-rendering|scope|enterkeyhint|popover.*|download|path|d|on[A-Z].*|ref|what|which|most|has|of|size)$/;
/** Properties of tables whose text is shown. */
const shownProperty = /^(label|detail|title|text|words|hint|action|said|problem|question)$/;
/** Functions whose arguments are no text: names, keys, patterns. */
const unseenCalls =
  /(^|\.)(querySelector(All)?|closest|matches|(add|remove)EventListener|(get|set|has|remove|toggle)Attribute|startsWith|endsWith|includes|split|replace(All)?|matchMedia|setRequestHeader|loadEntry|set|get|test|exec)$/;
const keyNames =
  /^(Enter|Escape|Tab|Home|End|Backspace|Delete|Space|Control|Shift|Meta|Alt|Page(Up|Down)|Arrow(Up|Down|Left|Right)|Key[A-Z]|Digit\d)$/;
const letters = /\p{L}{2}/u;

/** @typedef {{ file: string, line: number, text: string }} Place */
/** @typedef {{ file: string, line: number, forms: string[], context: string, names: Set<string> | null }} Use */

/** @param {string} text */
const placeholders = (text) =>
  [...text.matchAll(/\{(\w+)\}|<(\w+)>/g)].map(([, name, tag]) => name ?? `<${tag}>`).sort();

/** Whether a literal reads like words, rather than a name of a class, a key or an address. @param {string} text */
function isWords(text) {
  if (!letters.test(text) || keyNames.test(text)) return false;
  // A list of names.
  if (/^(?:[a-z\d]+ ){8,}[a-z\d]*$/.test(text)) return false;
  if (/__|--|^[.#/:@&?(]|^https?:|\/[\w.-]+\/|var\(|\.js$|\.css$|^\[|^[A-Z]\w+\/[A-Z]+$/.test(text))
    return false;
  if (/^[a-z]+([A-Z]\w*)+$|^[A-Z]\w*(-[A-Z]\w*)+$|^[a-z0-9_.:;,|=-]*$/.test(text.trim())) return false;
  return /\p{Lu}\p{Ll}+|\p{L}{2,}[,:]? \p{L}|\p{L}…/u.test(text);
}

/** @param {ts.Node} node */
function isUnseen(node) {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isCaseClause(parent) || ts.isElementAccessExpression(parent))
    return true;
  if (
    ts.isPropertyAssignment(parent) &&
    (parent.name === node || /^(rel|class)$/.test(parent.name.getText()))
  )
    return true;
  if (ts.isBinaryExpression(parent) && /^([!=]==|in|[<>])$/.test(parent.operatorToken.getText())) return true;
  for (
    let above = parent;
    above && !ts.isStatement(above) && !ts.isArrowFunction(above);
    above = above.parent
  ) {
    if (isHtml(above)) return false;
    const called = ts.isCallExpression(above) || ts.isNewExpression(above) ? above : null;
    const isArgument = called?.arguments?.some((one) => one.pos <= node.pos && node.end <= one.end);
    if (!called || !isArgument) continue;
    const name = called.expression.getText();
    if (name === 't' || name === 'plural' || /^Intl\.|^RegExp$|Error$|^URL|Event$/.test(name)) return true;
    if (called === parent && unseenCalls.test(name)) return true;
  }
  return false;
}

/** @param {ts.Expression | undefined} node @returns {Set<string> | null} null where the names cannot be seen here */
function namesOf(node) {
  if (!node || !ts.isObjectLiteralExpression(node)) return null;
  const names = node.properties.map((one) => one.name?.getText());
  return names.includes(undefined) ? null : new Set(/** @type {string[]} */ (names));
}

/** @param {string} file @param {string} source @returns {{ uses: Use[], problems: Place[] }} */
export function textsOf(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  /** @type {Use[]} */
  const uses = [];
  /** @type {Place[]} */
  const problems = [];
  /** @param {number} at */
  const lineOf = (at) => tree.getLineAndCharacterOfPosition(at).line + 1;
  /** @param {number} at @param {string} text */
  const complain = (at, text) => problems.push({ file, line: lineOf(at), text });

  /** @param {ts.CallExpression} call @param {string} name */
  function readUse(call, name) {
    const count = name === 't' ? 1 : 2;
    const literals = call.arguments.slice(count - 1, 2 * count - 1);
    if (!literals.every(ts.isStringLiteralLike) || literals.length < count)
      return complain(
        call.getStart(),
        `${name}(…) needs its English as a literal: ${call.getText().slice(0, 60)}`,
      );
    const forms = literals.map((one) => /** @type {ts.StringLiteralLike} */ (one).text);
    const context = call.arguments[2];
    uses.push({
      file,
      line: lineOf(call.getStart()),
      forms,
      context: name === 't' && context && ts.isStringLiteralLike(context) ? context.text : '',
      names: namesOf(call.arguments[2 * count - 1]),
    });
  }

  /** @param {import('./htm_templates.js').Child[]} children */
  function readChildren(children) {
    for (const child of children) {
      if (child.kind === 'text' && letters.test(child.text) && !untranslated.has(child.text.trim()))
        complain(child.start, child.text.trim());
      if (child.kind === 'value') visit(child.node, true);
      if (child.kind !== 'element') continue;
      for (const { name, parts, start } of child.attributes) {
        const isShown = shown.test(name);
        const text = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
        const isText = isShown ? letters.test(text) : isWords(text) && !unseen.test(name);
        if (isText && !untranslated.has(text)) complain(start, `${name}: ${text}`);
        for (const part of parts) if (part.kind === 'value' && name !== 'class') visit(part.node, isShown);
      }
      readChildren(child.children);
    }
  }

  /** @param {ts.Node} node @param {boolean} isShown whether what it evaluates to is shown, so that one word is enough */
  function visit(node, isShown) {
    if (isHtml(node)) return readChildren(childrenOf(/** @type {ts.TaggedTemplateExpression} */ (node)));
    if (ts.isCallExpression(node)) {
      const name = node.expression.getText();
      if (name === 't' || name === 'plural') readUse(node, name);
    }
    const isTagged = ts.isTaggedTemplateExpression(node.parent);
    if (ts.isStringLiteralLike(node) && !isTagged) {
      const isText = isShown ? letters.test(node.text) : isWords(node.text);
      if (isText && !untranslated.has(node.text.trim()) && !isUnseen(node))
        complain(node.getStart(), node.text);
    }
    if (ts.isTemplateExpression(node) && !isTagged) {
      const text = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ');
      const isText = isShown ? letters.test(text) : isWords(text);
      if (isText && !untranslated.has(text.trim()) && !isUnseen(node)) complain(node.getStart(), text.trim());
    }
    // What is called, compared or computed with is not what is shown.
    const passes =
      ts.isConditionalExpression(node) ||
      ts.isParenthesizedExpression(node) ||
      ts.isTemplateExpression(node) ||
      ts.isTemplateSpan(node) ||
      (ts.isBinaryExpression(node) && ['&&', '||', '??', '+'].includes(node.operatorToken.getText()));
    ts.forEachChild(node, (inner) => {
      const isCondition = ts.isConditionalExpression(node) && inner === node.condition;
      const isTable = ts.isPropertyAssignment(node) && shownProperty.test(node.name.getText());
      visit(inner, isTable || (isShown && passes && !isCondition));
    });
  }
  for (const statement of tree.statements) visit(statement, false);
  return { uses, problems };
}

/** @param {Use} use */
const keyOf = ({ forms, context }) => (context ? `${forms[0]} | ${context}` : (forms[0] ?? ''));

function sources() {
  return readdirSync(client, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.js') && !/^(vendor|docs)\//.test(name))
    .sort();
}

/** What stands in documents that the server sends, for browsers without scripts. @returns {Use[]} */
function documentTexts() {
  return ['index.html', 'account/entry.html'].map((file) => {
    const text = /<noscript><p>(.*?)<\/p>/.exec(readFileSync(client + file, 'utf8'))?.[1] ?? '';
    return { file, line: 1, forms: [text], context: '', names: null };
  });
}

/** @param {Use[]} uses @returns {Map<string, Use>} */
function byKey(uses) {
  /** @type {Map<string, Use>} */
  const found = new Map();
  for (const use of uses) if (!found.has(keyOf(use))) found.set(keyOf(use), use);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @param {Use[]} uses @returns {string[]} */
function wrongUses(uses) {
  /** @type {string[]} */
  const wrong = [];
  const known = byKey(uses);
  for (const use of uses) {
    const place = `${use.file}:${use.line}`;
    const first = /** @type {Use} */ (known.get(keyOf(use)));
    if (first.forms.join('\0') !== use.forms.join('\0'))
      wrong.push(`${place}: “${use.forms[0]}” has another plural, or none, in ${first.file}:${first.line}`);
    if (use.names === null) continue;
    const needed = new Set(use.forms.flatMap(placeholders).filter((name) => !name.startsWith('<')));
    for (const name of needed)
      if (!use.names.has(name) && !(name === 'count' && use.forms.length === 2))
        wrong.push(`${place}: “${use.forms[0]}” is given no {${name}}`);
    for (const name of use.names)
      if (!needed.has(name)) wrong.push(`${place}: “${use.forms[0]}” has no {${name}}`);
  }
  return wrong;
}

/** @param {string} language @param {Record<string, any>} catalog @param {Map<string, Use>} keys @returns {string[]} */
export function wrongCatalog(language, catalog, keys) {
  /** @type {string[]} */
  const wrong = [];
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  for (const [key, use] of keys) {
    const translation = catalog[key];
    const isPlural = use.forms.length === 2;
    if (!translation) wrong.push(`${language}: “${key}” of ${use.file}:${use.line} is not translated`);
    else if (isPlural !== (typeof translation === 'object'))
      wrong.push(`${language}: “${key}” must ${isPlural ? 'have the forms of a plural' : 'be one text'}`);
    else if (isPlural && categories.some((category) => !translation[category]))
      wrong.push(`${language}: “${key}” needs the forms ${categories.join(', ')}`);
    else {
      const english = new Set(use.forms.flatMap(placeholders));
      const all = isPlural ? Object.values(translation) : [translation];
      for (const name of new Set(all.flatMap(placeholders)))
        if (!english.has(name)) wrong.push(`${language}: the translation of “${key}” has an unknown ${name}`);
      for (const name of english)
        if (name !== 'count' && all.some((text) => !placeholders(text).includes(name)))
          wrong.push(`${language}: the translation of “${key}” lacks ${name}`);
    }
  }
  for (const key of Object.keys(catalog))
    if (!keys.has(key)) wrong.push(`${language}: “${key}” is in the catalog and nowhere in the client`);
  return wrong;
}

function main() {
  const read = sources().map((file) => textsOf(file, readFileSync(client + file, 'utf8')));
  const uses = [...read.flatMap((one) => one.uses), ...documentTexts()];
  const keys = byKey(uses);
  const files = readdirSync(languages).filter((name) => name.endsWith('.json'));
  if (!process.argv.includes('--check')) {
    for (const file of files) {
      const catalog = JSON.parse(readFileSync(languages + file, 'utf8'));
      const written = [...keys].map(([key, { forms }]) => [
        key,
        catalog[key] ?? (forms.length === 2 ? { one: '', other: '' } : ''),
      ]);
      writeFileSync(languages + file, `${JSON.stringify(Object.fromEntries(written), null, 2)}\n`);
    }
    return;
  }
  const wrong = [
    ...read.flatMap(({ problems }) =>
      problems.map(({ file, line, text }) => `${file}:${line}: not translated, use t('…'): ${text}`),
    ),
    ...wrongUses(uses),
    ...files.flatMap((file) =>
      wrongCatalog(file.replace('.json', ''), JSON.parse(readFileSync(languages + file, 'utf8')), keys),
    ),
  ];
  for (const line of wrong) console.error(line);
  if (wrong.length === 0) return;
  console.error(
    'To repair it: `scripts/npm run texts` writes new texts into src/bullpen/client/languages, and removes old ones; then ' +
      'translate those that are empty. See “Add a text” in docs/howto.md.',
  );
  process.exitCode = 1;
}

if (process.argv[1] === new URL(import.meta.url).pathname) main();
