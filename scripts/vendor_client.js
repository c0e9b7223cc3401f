// Copies the client's third-party files from node_modules into src/bullpen/client/vendor/ and records them
// in VENDOR.md; `--check` only compares. The files are the packages' own bytes, so their hashes can be
// compared with the published ones. The emoji font is written by vendor_emoji.py before.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vendor = join(root, 'src/bullpen/client/vendor');

const lato = ['400-normal', '400-italic', '700-normal', '700-italic', '900-normal'].flatMap((face) =>
  ['latin', 'latin-ext'].map((subset) => `files/lato-${subset}-${face}.woff2`),
);

/** @type {{ name: string, files: Record<string, string> }[]} package, and its file → our file */
const packages = [
  { name: 'preact', files: { 'dist/preact.mjs': 'preact.js', 'hooks/dist/hooks.mjs': 'preact-hooks.js' } },
  { name: 'htm', files: { 'dist/htm.mjs': 'htm.js' } },
  { name: '@preact/signals-core', files: { 'dist/signals-core.mjs': 'signals-core.js' } },
  { name: '@preact/signals', files: { 'dist/signals.mjs': 'signals.js' } },
  {
    name: '@highlightjs/cdn-assets',
    files: { 'es/highlight.min.js': 'highlight/highlight.js' },
  },
  { name: 'uplot', files: { 'dist/uPlot.esm.js': 'uplot/uplot.js' } },
  {
    name: 'swagger-ui-dist',
    files: {
      'swagger-ui-bundle.js': 'swagger-ui/swagger-ui-bundle.js',
      'swagger-ui.css': 'swagger-ui/swagger-ui.css',
    },
  },
  { name: 'emoji-picker-element-data', files: { 'en/github/data.json': 'emoji.json' } },
  {
    name: '@fontsource/lato',
    files: Object.fromEntries(lato.map((file) => [file, file.replace('files/', 'fonts/')])),
  },
];

const icons = [
  'arrow-down',
  'bookmark',
  'clock',
  'bot',
  'chevron-right',
  'circle-question-mark',
  'compass',
  'database-zap',
  'ellipsis',
  'download',
  'file',
  'eye',
  'hash',
  'inbox',
  'key-round',
  'layout-list',
  'list-filter',
  'lock',
  'menu',
  'pin',
  'message-circle',
  'message-square-text',
  'messages-square',
  'plus',
  'rotate-cw',
  'search',
  'user-plus',
  'users',
  'wifi-off',
  'x',
];

/** Those of what is loaded after the first view: the composer, and what is done with messages. */
const liveIcons = [
  'alarm-clock',
  'bell',
  'bell-off',
  'bookmark-x',
  'pause',
  'play',
  'star',
  'bold',
  'brain',
  'check',
  'circle-alert',
  'code',
  'copy',
  'forward',
  'italic',
  'link',
  'list',
  'list-ordered',
  'message-square-reply',
  'paperclip',
  'pencil',
  'pin-off',
  'send-horizontal',
  'face-slightly-smiling',
  'face-slightly-smiling-plus',
  'square-code',
  'strikethrough',
  'text-quote',
  'trash',
];

/** Those that only the pages use, which are not loaded with the chat. */
const pageIcons = [
  'archive',
  'archive-restore',
  'at-sign',
  'ban',
  'calendar-clock',
  'check',
  'check-check',
  'chevron-down',
  'chevron-up',
  'circle-check',
  'circle-dashed',
  'circle-x',
  'coins',
  'copy',
  'face-slightly-smiling',
  'download',
  'rotate-ccw-clock',
  'library',
  'link-2',
  'log-out',
  'loader-circle',
  'notebook-text',
  'octagon-alert',
  'pencil',
  'scroll-text',
  'tag',
  'trash',
  'undo-2',
  'user-minus',
  'user-round',
  'workflow',
  'wrench',
];

/** @param {string} path */
const fromPackage = (path) => readFileSync(join(root, 'node_modules', path));

/** @param {Buffer} bytes */
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** @param {string} name @returns {{ version: string, license: string }} */
const manifest = (name) => JSON.parse(fromPackage(`${name}/package.json`).toString());

/** Some of the icons, as data that Icon.js turns into SVG elements. @param {string[]} names */
function iconModule(names) {
  const nodes = JSON.parse(fromPackage('lucide-static/icon-nodes.json').toString());
  const lines = names.map((name) => {
    if (!nodes[name]) throw new Error(`lucide has no icon named ${name}`);
    return `  ${JSON.stringify(name)}: ${JSON.stringify(nodes[name])},`;
  });
  return [
    `// Icons from lucide-static ${manifest('lucide-static').version} (ISC), picked by scripts/vendor_client.js.`,
    '/** @type {Record<string, [string, Record<string, string>][]>} */',
    'export const lucide = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}

/** @returns {Map<string, Buffer>} every file of the vendor folder, by its path there */
function build() {
  const built = new Map();
  const table = [];
  for (const { name, files } of packages) {
    const { version, license } = manifest(name);
    for (const [source, target] of Object.entries(files)) {
      const bytes = fromPackage(`${name}/${source}`);
      built.set(target, bytes);
      table.push(`| ${target} | ${name} ${version} | ${source} | ${license} | \`${sha256(bytes)}\` |`);
    }
    built.set(`licences/${name.replace('@', '').replace('/', '-')}.txt`, fromPackage(`${name}/LICENSE`));
  }
  const { version, license } = manifest('lucide-static');
  built.set('licences/lucide-static.txt', fromPackage('lucide-static/LICENSE'));
  for (const [file, names] of /** @type {[string, string[]][]} */ ([
    ['lucide.js', icons],
    ['lucide-live.js', liveIcons],
    ['lucide-pages.js', pageIcons],
  ])) {
    const bytes = Buffer.from(iconModule(names));
    built.set(file, bytes);
    table.push(
      `| ${file} | lucide-static ${version} | icon-nodes.json, ${names.length} icons | ${license} | \`${sha256(bytes)}\` |`,
    );
  }
  const twemoji = manifest('twemoji-colr-font');
  const parts = readdirSync(join(vendor, 'fonts')).filter((name) => name.startsWith('twemoji-'));
  for (const name of parts.toSorted()) {
    const bytes = readFileSync(join(vendor, 'fonts', name));
    built.set(`fonts/${name}`, bytes);
    table.push(
      `| fonts/${name} | twemoji-colr-font ${twemoji.version} | twemoji.woff2, a part, made by scripts/vendor_emoji.py | ${twemoji.license} | \`${sha256(bytes)}\` |`,
    );
  }
  built.set('licences/twemoji-colr-font.txt', fromPackage('twemoji-colr-font/LICENSE'));
  const page = [
    '# Third-party files',
    '',
    'Files of the npm packages named here, unchanged where nothing else is said, refreshed by `npm run vendor`.',
    'Their licences are in `licences/`. To upgrade one: change its version in `package.json`, `npm install`,',
    '`npm run vendor`, `npm test`, and look at the client.',
    '',
    '| file | package | from | licence | SHA-256 |',
    '| --- | --- | --- | --- | --- |',
    ...table,
    '',
  ].join('\n');
  built.set('VENDOR.md', Buffer.from(page));
  return built;
}

function present() {
  return readdirSync(vendor, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(vendor.length + 1)
        .replaceAll('\\', '/'),
    );
}

const built = build();
if (process.argv.includes('--check')) {
  const wrong = [...built].filter(([path, bytes]) => {
    try {
      return !readFileSync(join(vendor, path)).equals(bytes);
    } catch {
      return true;
    }
  });
  const strays = present().filter((path) => !built.has(path));
  const names = [...wrong.map(([path]) => path), ...strays];
  if (names.length > 0) {
    console.error(`vendor/ differs from package.json: ${names.join(', ')}. Run: npm run vendor`);
    process.exit(1);
  }
} else {
  rmSync(vendor, { recursive: true, force: true });
  for (const [path, bytes] of built) {
    mkdirSync(dirname(join(vendor, path)), { recursive: true });
    writeFileSync(join(vendor, path), bytes);
  }
  console.log(`${built.size} files in vendor/`);
}
