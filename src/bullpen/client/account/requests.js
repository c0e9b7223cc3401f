// What is asked of the API about one's account, and by the pages that need no session.
import { firstAnswer } from '../core/early-answers.js';
import { get, send } from '../core/http.js';

/** @import { LinkInfo, Me, Setup, SignInSession } from '../core/types.js' */

/** Which workspace this is, and how one signs in. @returns {Promise<Setup>} */
export const getSetup = () => get('/api/setup');

/** @param {{ email: string, password: string, code?: string }} given @returns {Promise<Me>} */
export const signIn = (given) => send('POST', '/api/sign-in', given);

/** For somebody whose name at a sign-in provider is taken here. @param {string} displayName @returns {Promise<Me>} */
export const joinByProvider = (displayName) => send('POST', '/api/sign-in/join', { displayName });

/** @param {string} token @returns {Promise<LinkInfo>} what a link is for */
export const inspectLink = (token) => send('POST', '/api/links/inspect', { token });

/** @param {{ token: string, displayName: string, email: string, password: string }} given @returns {Promise<Me>} */
export const setUp = (given) => send('POST', '/api/setup', given);

/** @param {{ token: string, displayName: string, password: string }} given @returns {Promise<Me>} */
export const acceptInvitation = (given) => send('POST', '/api/invitations/accept', given);

/** @param {string} email */
export const requestReset = (email) => send('POST', '/api/password/forgot', { email });

/** @param {{ token: string, password: string }} given */
export const resetPassword = (given) => send('POST', '/api/password/reset', given);

/** @param {string} token */
export const confirmEmail = (token) => send('POST', '/api/email/confirm', { token });

/** @returns {Promise<Me>} */
export const getMe = () => firstAnswer('me', () => get('/api/me'));

/** @param {Partial<{ displayName: string, title: string, avatarColor: string, timeZone: string | null, email: string, password: string }>} change @returns {Promise<Me>} */
export const changeMe = (change) => send('PATCH', '/api/me', change);

/** @param {{ current?: string, password: string }} given */
export const changePassword = (given) => send('PUT', '/api/me/password', given);

/** @returns {Promise<SignInSession[]>} */
export const getSessions = () => get('/api/me/sessions');

/** @param {string} sessionId */
export const endSession = (sessionId) => send('DELETE', `/api/me/sessions/${encodeURIComponent(sessionId)}`);

/** All but this one. */
export const endOtherSessions = () => send('DELETE', '/api/me/sessions');

/** @param {string} password empty for a person without one @returns {Promise<{ secret: string, uri: string }>} */
export const beginTotp = (password) => send('POST', '/api/me/totp', password === '' ? {} : { password });

/** @param {string} code @returns {Promise<{ codes: string[] }>} */
export const confirmTotp = (code) => send('POST', '/api/me/totp/confirm', { code });

/** @param {string} password */
export const endTotp = (password) => send('DELETE', '/api/me/totp', { password });

/** @param {string} password @returns {Promise<{ codes: string[] }>} */
export const newRecoveryCodes = (password) => send('POST', '/api/me/recovery-codes', { password });

export const signOut = () => send('POST', '/api/sign-out');
