// QR codes (ISO/IEC 18004): bytes at error correction level M, in the smallest of the 40 versions that holds them. It
// draws one-time password addresses here, so that a secret never reaches another server's drawing service.
import { at, codewords } from './qr-bytes.js';

/** @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** @typedef {boolean[][]} Matrix dark modules, by row and column */

/** @param {string} text @param {number} [mask] the one that is easiest to scan, if none is given @returns {Matrix} */
export function qrCode(text, mask) {
  const { version, bytes } = codewords(text);
  const { modules, reserved } = frame(version);
  placeData(modules, reserved, bytes);
  const masks = mask === undefined ? MASKS.keys() : [mask];
  const drawn = [...masks].map((each) => masked(modules, reserved, each));
  return drawn.reduce((best, each) => (penalty(each) < penalty(best) ? each : best));
}

/** As the path of an SVG whose unit is one module. @param {Matrix} matrix */
export function pathOf(matrix) {
  return matrix.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
}

/** @param {number} version */
const sizeOf = (version) => version * 4 + 17;

/** What is the same for all texts: finders, alignment, timing, version; `reserved` is also what the format takes. @param {number} version */
function frame(version) {
  const size = sizeOf(version);
  const modules = Array.from({ length: size }, () => Array(size).fill(false));
  const reserved = Array.from({ length: size }, () => Array(size).fill(false));
  const set = (/** @type {number} */ x, /** @type {number} */ y, /** @type {boolean} */ dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    at(modules, y)[x] = dark;
    at(reserved, y)[x] = true;
  };
  const square = (
    /** @type {number} */ x,
    /** @type {number} */ y,
    /** @type {number} */ radius,
    /** @type {number[]} */ light,
  ) => {
    for (let dy = -radius; dy <= radius; dy += 1)
      for (let dx = -radius; dx <= radius; dx += 1)
        set(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))));
  };
  for (let index = 0; index < size; index += 1) {
    set(6, index, index % 2 === 0);
    set(index, 6, index % 2 === 0);
  }
  const places = alignmentPlaces(version);
  for (const x of places)
    for (const y of places) {
      const atFinder = [x, y].every((each) => each === 6 || each === size - 7) && (x === 6 || y === 6);
      if (!atFinder) square(x, y, 2, [1]);
    }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ])
    square(Number(x), Number(y), 4, [2, 4]);
  for (let index = 0; index < 9; index += 1) {
    for (const [x, y] of [
      [8, index],
      [index, 8],
    ])
      if (!reserved[Number(y)]?.[Number(x)]) set(Number(x), Number(y), false);
    if (index < 8) {
      set(size - 1 - index, 8, false);
      set(8, size - 1 - index, index === 7);
    }
  }
  if (version >= 7) {
    const bits = (version << 12) | checkOf(version, 12, 0x1f25);
    for (let index = 0; index < 18; index += 1) {
      const [far, near] = [size - 11 + (index % 3), Math.floor(index / 3)];
      set(far, near, ((bits >>> index) & 1) === 1);
      set(near, far, ((bits >>> index) & 1) === 1);
    }
  }
  return { modules, reserved };
}

/** @param {number} version */
function alignmentPlaces(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  const others = [...Array(count - 1).keys()].map((index) => sizeOf(version) - 7 - index * step);
  return [6, ...others];
}

/** @param {number} value @param {number} length @param {number} polynomial */
function checkOf(value, length, polynomial) {
  let rest = value;
  for (let index = 0; index < length; index += 1) rest = (rest << 1) ^ ((rest >>> (length - 1)) * polynomial);
  return rest;
}

/** In columns of two, from the right, up and down in turn. @param {Matrix} modules @param {Matrix} reserved @param {number[]} bytes */
function placeData(modules, reserved, bytes) {
  const size = modules.length;
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1)
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        if (reserved[y]?.[x]) continue;
        at(modules, y)[x] = (((bytes[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1) === 1;
        bit += 1;
      }
  }
}

/** With the mask applied and named beside the finders. @param {Matrix} modules @param {Matrix} reserved @param {number} mask @returns {Matrix} */
function masked(modules, reserved, mask) {
  const size = modules.length;
  const drawn = modules.map((row, y) =>
    row.map((dark, x) => (at(at(reserved, y), x) ? dark : dark !== at(MASKS, mask)(x, y))),
  );
  const bits = ((mask << 10) | checkOf(mask, 10, 0x537)) ^ 0x5412;
  for (let index = 0; index < 15; index += 1) {
    const dark = ((bits >>> index) & 1) === 1;
    const [x, y] = index < 8 ? [8, index < 6 ? index : index + 1] : [index === 8 ? 7 : 14 - index, 8];
    at(drawn, y)[x] = dark;
    if (index < 8) at(drawn, 8)[size - 1 - index] = dark;
    else at(drawn, size - 15 + index)[8] = dark;
  }
  return drawn;
}

/** How hard a code is to scan: long runs, squares, what looks like a finder, more dark than light. @param {Matrix} matrix */
function penalty(matrix) {
  const rows = matrix.map((row) => row.map(Number).join(''));
  const columns = matrix.map((_row, x) => matrix.map((row) => Number(row[x])).join(''));
  let points = 0;
  for (const line of [...rows, ...columns]) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) points += run.length - 2;
    points += 40 * [...line.matchAll(/(?=10111010000|00001011101)/g)].length;
  }
  for (const [y, row] of rows.entries())
    for (let x = 1; x < row.length; x += 1)
      if (
        rows[y + 1]?.slice(x - 1, x + 1) === row.slice(x - 1, x) + row.slice(x - 1, x) &&
        row[x] === row[x - 1]
      )
        points += 3;
  const dark = rows.join('').replaceAll('0', '').length / matrix.length ** 2;
  return points + 10 * Math.floor(Math.abs(dark - 0.5) * 20);
}
