// The address that somebody wanted before they had to sign in.

/** Only one of this server, and none that would lead back here. @param {string | null} given @returns {string} */
export function ownAddress(given) {
  if (!given?.startsWith('/')) return '/';
  const address = new URL(given, location.origin);
  const isOwn = address.origin === location.origin && !/^\/(api|static|sign-in)\b/.test(address.pathname);
  return isOwn ? address.pathname + address.search : '/';
}

/** @param {string} address where one returns to @param {string | null} reason why one has to sign in */
export function signInAddress(address, reason) {
  const wanted = ownAddress(address);
  const query = new URLSearchParams();
  if (wanted !== '/') query.set('next', wanted);
  if (reason !== null) query.set('reason', reason);
  return query.size > 0 ? `/sign-in?${query}` : '/sign-in';
}
