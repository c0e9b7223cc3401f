// What a QR code says, as bytes: the text, its length, padding, and what corrects errors when it is read.

/** For each version: how many error correction bytes a block has, and how many blocks there are. */
const CORRECTION = [
  10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
];
const BLOCKS = [
  1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29,
  31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
];

/** @template T @param {ArrayLike<T>} list @param {number} index */
export const at = (list, index) => /** @type {T} */ (list[index]);

/** @param {string} text @returns {{ version: number, bytes: number[] }} for the smallest version that holds it */
export function codewords(text) {
  const bytes = new TextEncoder().encode(text);
  const version = smallestVersion(bytes.length);
  return { version, bytes: withCorrection(dataBytes(bytes, version), version) };
}

/** How many bits a version has for data and correction. @param {number} version */
function bitsIn(version) {
  let bits = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const each = Math.floor(version / 7) + 2;
    bits -= (25 * each - 10) * each - 55;
    if (version >= 7) bits -= 36;
  }
  return bits;
}

/** @param {number} version */
const dataLength = (version) =>
  Math.floor(bitsIn(version) / 8) - at(CORRECTION, version - 1) * at(BLOCKS, version - 1);

/** @param {number} length */
function smallestVersion(length) {
  for (let version = 1; version <= 40; version += 1)
    if (length + (version < 10 ? 2 : 3) <= dataLength(version)) return version;
  throw new RangeError('Too long for a QR code');
}

/** @param {Uint8Array} bytes @param {number} version */
function dataBytes(bytes, version) {
  const length = bytes.length.toString(2).padStart(version < 10 ? 8 : 16, '0');
  const content = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const bits = `0100${length}${content}0000`;
  const data = (bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []).map((byte) =>
    Number.parseInt(byte, 2),
  );
  for (let pad = 0xec; data.length < dataLength(version); pad ^= 0xfd) data.push(pad);
  return data.slice(0, dataLength(version));
}

/** In blocks of almost one length, each with its correction, interleaved. @param {number[]} data @param {number} version */
function withCorrection(data, version) {
  const count = at(BLOCKS, version - 1);
  const short = Math.floor(data.length / count);
  const generator = generatorOf(at(CORRECTION, version - 1));
  /** @type {{ content: number[], correction: number[] }[]} */
  const blocks = [];
  for (let block = 0, start = 0; block < count; block += 1) {
    const end = start + short + (block >= count - (data.length % count) ? 1 : 0);
    const content = data.slice(start, end);
    blocks.push({ content, correction: remainder(content, generator) });
    start = end;
  }
  const rows = [...Array(short + 1).keys()];
  return [
    ...rows.flatMap((row) => blocks.flatMap(({ content }) => content.slice(row, row + 1))),
    ...generator.flatMap((_factor, row) => blocks.map(({ correction }) => at(correction, row))),
  ];
}

/** In the field of 256 elements that QR codes use. @param {number} a @param {number} b */
function multiply(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

/** @param {number} degree */
function generatorOf(degree) {
  const factors = [...Array(degree - 1).fill(0), 1];
  for (let step = 0, root = 1; step < degree; step += 1) {
    for (let index = 0; index < degree; index += 1)
      factors[index] = multiply(factors[index], root) ^ (factors[index + 1] ?? 0);
    root = multiply(root, 2);
  }
  return /** @type {number[]} */ (factors);
}

/** @param {number[]} data @param {number[]} generator */
function remainder(data, generator) {
  const rest = generator.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ /** @type {number} */ (rest.shift());
    rest.push(0);
    for (const [index, each] of generator.entries()) rest[index] = at(rest, index) ^ multiply(each, factor);
  }
  return rest;
}
