// Writes the client's API types from the OpenAPI document that the server makes of itself; `--check` only compares.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = new URL('../src/bullpen/client/core/api-types.d.ts', import.meta.url);

const program = `
import json
from bullpen.api.http.openapi import document
from bullpen.app import build
print(json.dumps(document(build("postgresql://unused", hosts=None))))
`;

/** The server of this working copy is asked, without a database: describing itself needs none. */
const openapi = JSON.parse(
  execFileSync(`${root}.venv/bin/python`, ['-c', program], { cwd: root, encoding: 'utf8' }),
);
const types = astToString(await openapiTS(openapi, { defaultNonNullable: false }));
const written = `// Written by scripts/api_types.js from the server's OpenAPI document; not by hand.\n\n${types}`;

if (!process.argv.includes('--check')) {
  writeFileSync(target, written);
} else if (readFileSync(target, 'utf8') !== written) {
  console.error('core/api-types.d.ts differs from what the server describes. Run: npm run api-types');
  process.exit(1);
}
