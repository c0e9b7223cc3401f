// The token of a link, which stands in the address behind `#`, where no server and no log sees it.

/**
 * Takes the token out of the address. The window's history keeps it, so that a reload still has it.
 * @returns {string} empty if there is none
 */
export function takeToken() {
  const given = decodeURIComponent(location.hash.slice(1));
  if (given === '') return history.state?.token ?? '';
  history.replaceState({ token: given }, '', location.pathname);
  return given;
}

/** It has been used, or is of no use. */
export function forgetToken() {
  history.replaceState(null, '', location.pathname);
}
