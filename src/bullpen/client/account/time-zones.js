/** The zone of this browser. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** All zones that the browser knows, with the chosen one. @param {string} chosen @returns {string[]} */
export function timeZones(chosen) {
  const known = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
  if (chosen) known.add(chosen);
  return [...known].sort();
}
