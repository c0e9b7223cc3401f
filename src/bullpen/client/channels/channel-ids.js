const longest = 80;

/** An id that reads like the name; a name without any Latin letter or digit has one by chance. @param {string} name */
export function channelIdFor(name) {
  const id = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, longest)
    .replace(/[^a-z0-9]+$/, '');
  return id === '' ? `channel-${crypto.randomUUID()}` : id;
}
