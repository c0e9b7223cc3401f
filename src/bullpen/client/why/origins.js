// Which run made what, asked for everything that a page shows at once.
import { signal } from '@preact/signals';
import { getOrigins } from './requests.js';

/** @import { Origin } from '../core/types.js' */

const gathering = 30;
const most = 100;

/** By kind and name; null where no run made it. @type {import('@preact/signals').Signal<Record<string, Origin | null>>} */
export const origins = signal({});

/** @type {Map<string, Set<string>>} */
const wanted = new Map();

/** @param {string} kind @param {string} name */
export const keyOfOrigin = (kind, name) => `${kind}:${name}`;

/** @param {string} kind as the API calls it @param {string} name */
export function wantOrigin(kind, name) {
  if (origins.peek()[keyOfOrigin(kind, name)]) return;
  const names = wanted.get(kind) ?? new Set();
  if (names.size === 0) setTimeout(() => ask(kind), gathering);
  wanted.set(kind, names.add(name));
}

/** @param {string} kind */
async function ask(kind) {
  const names = [...(wanted.get(kind) ?? [])];
  wanted.delete(kind);
  for (let at = 0; at < names.length; at += most) {
    const some = names.slice(at, at + most);
    const found = await getOrigins(kind, some).catch(() => null);
    if (!found) return;
    const known = Object.fromEntries(found.map((one) => [keyOfOrigin(kind, nameOf(one)), one]));
    const all = some.map((name) => keyOfOrigin(kind, name));
    origins.value = { ...origins.peek(), ...Object.fromEntries(all.map((key) => [key, known[key] ?? null])) };
  }
}

/** @param {Origin} origin */
const nameOf = ({ id, version }) => (version === null ? id : `${id}.${version}`);
