// Requests. This is the only module that calls `fetch`; `upload.js` sends files.

import { t } from './language.js';
import { isTeam } from './mode.js';
import { takePageAnswer } from './page-answers.js';

/** @import { ErrorCode, User } from './types.js' */

export class ApiError extends Error {
  /**
   * @param {number} status 0 stands for no answer at all
   * @param {string} message @param {unknown} [details]
   * @param {ErrorCode} [code] what to match on; missing where the answer is not Bullpen's own
   * @param {number} [retryAfter] seconds after which the same request may be answered
   */
  constructor(status, message, details, code, retryAfter) {
    super(message);
    this.status = status;
    this.details = details;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** Where a window keeps whom it acts as, once another one has changed whom the session is of. */
const pin = 'bullpen.actor';

/** Whom this window acts as, which it says in every request; null: whomever the session is of. @type {string | null} */
let actor = isTeam ? null : pinnedActor();
let hadSession = false;

/** @param {string | null} userId */
export function requestAs(userId) {
  actor = userId;
  hadSession = true;
}

/** Nobody is signed in any more, or yet. @type {(hadSession: boolean) => void} */
let onSignedOut = () => {};

/** @param {(hadSession: boolean) => void} listener */
export function onSignInNeeded(listener) {
  onSignedOut = listener;
}

/**
 * What the server answers where the member that this window acts as can do nothing.
 * @typedef {{ code: ErrorCode, message: string, userId: string | null, actAs: User | null, isViewed?: boolean }} Refusal
 *   isViewed: the window views the workspace as this member, and the session is of another one
 * @type {(refusal: Refusal) => void}
 */
let onRefused = () => {};

/** @param {(refusal: Refusal) => void} listener */
export function onActorRefused(listener) {
  onRefused = listener;
}

/** The event up to which each answer is complete. @type {WeakMap<object, number>} */
const numbers = new WeakMap();

/** @param {object} answer */
export function numberOf(answer) {
  return numbers.get(answer);
}

/** Keeps the number of an answer that was put together from a response. @param {object} answer @param {Response} response */
export function note(answer, response) {
  const number = Number(response.headers.get('X-Event-Id') ?? Number.NaN);
  if (Number.isInteger(number)) numbers.set(answer, number);
}

/** @param {string} path @param {string} [userId] */
export async function get(path, userId) {
  const response = await request(path, {}, userId);
  const answer = await response.json();
  if (answer !== null && typeof answer === 'object') note(answer, response);
  return answer;
}

/** @param {string} method @param {string} path @param {unknown} [body] @param {string} [userId] @param {AbortSignal} [signal] */
export async function send(method, path, body, userId, signal) {
  const init = {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  };
  return (await request(path, init, userId)).json();
}

/** Values as a query, those that are empty left out. @param {Record<string, string | number | undefined>} values */
export function queryOf(values) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) query.set(name, String(value));
  return query.size > 0 ? `?${query}` : '';
}

/** What a response says that another module has got. @param {Response} response */
export async function answerIn(response) {
  if (response.ok) return response.json();
  const problem = await errorIn(response);
  if (isTeam && hasNoSession(problem)) onSignedOut(hadSession);
  throw problem;
}

/** Whom a request is of. @param {string} [userId] @returns {Record<string, string>} */
export function actorHeader(userId = actor ?? undefined) {
  return userId === undefined ? {} : { 'Bullpen-User': encodeURIComponent(userId) };
}

/** Of what the browser requests by itself, such as a picture: it sends no header. @param {string} path */
export const asActor = (path) =>
  isTeam || actor === null ? path : `${path}?as=${encodeURIComponent(actor)}`;

/** Without sign-in the page brings a session when it is opened. @type {Promise<unknown> | null} */
let renewal = null;

function renewSession() {
  renewal ??= fetch('/', { headers: { Accept: 'text/html' } })
    .catch(() => {})
    .finally(() => {
      renewal = null;
    });
  return renewal;
}

/** @param {string} path @param {RequestInit} [init] @param {string} [userId] whom it is of, where not of the window's */
export async function request(path, init, userId) {
  const known = init?.method || userId !== undefined ? undefined : takePageAnswer(path);
  if (known) return known;
  const headers = {
    Accept: 'application/json',
    ...(init?.body ? { 'Content-Type': 'application/json' } : {}),
    ...actorHeader(userId),
    ...init?.headers,
  };
  const response = await answerTo(path, { ...init, headers });
  if (response.ok) return response;
  const problem = await errorIn(response);
  if (!hasNoSession(problem)) throw problem;
  if (isTeam) {
    onSignedOut(hadSession);
    throw problem;
  }
  await renewSession();
  const second = await answerTo(path, { ...init, headers });
  if (!second.ok) throw await errorIn(second);
  return second;
}

/** Not a wrong password, which is answered 401 as well. @param {ApiError} problem */
const hasNoSession = ({ status, code }) =>
  status === 401 && (code === 'session_ended' || code === 'sign_in_required');

/** @param {string} path @param {RequestInit} init */
async function answerTo(path, init) {
  try {
    return await fetch(path, init);
  } catch {
    throw new ApiError(0, t('No answer'));
  }
}

/**
 * A response that goes on: the stream of events. Null, where it is refused; who is then to sign in, can ask again.
 * @param {string} path @param {string} userId @param {AbortSignal} signal
 */
export async function openStream(path, userId, signal) {
  const response = await fetch(path, { signal, headers: actorHeader(userId) });
  if (response.ok && response.body) return response.body;
  if (!hasNoSession(await errorIn(response))) return null;
  if (isTeam) onSignedOut(hadSession);
  else await renewSession();
  return null;
}

/** A file of the client's own. @param {URL} address @returns {Promise<any>} */
export async function loadJson(address) {
  return (await fetch(address)).json();
}

/** @param {Response} response @returns {Promise<ApiError>} */
async function errorIn(response) {
  const body = await response.json().catch(() => null);
  const { status } = response;
  const message = messageOf(body) ?? response.statusText;
  const { code, details } = body ?? {};
  const { inactive, unknown, actAs } = details ?? {};
  const refused = { member_inactive: inactive, unknown_actor: unknown, other_user: actor };
  const userId = Object.hasOwn(refused, code ?? '')
    ? refused[/** @type {keyof typeof refused} */ (code)]
    : undefined;
  if (userId !== undefined) onRefused({ code, message, userId, actAs: actAs ?? null });
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new ApiError(status, message, details, code, Number.isNaN(retryAfter) ? undefined : retryAfter);
}

/** Whether this window acts as another member than the session's. */
export const isPinned = () => pinnedActor() !== null;

/** @returns {string | null} */
function pinnedActor() {
  try {
    return sessionStorage.getItem(pin);
  } catch {
    return null;
  }
}

/**
 * Keeps a window acting as whom it shows, over a reload too, when another one has changed whom the session is of.
 * @param {string | null} userId null: the session decides again
 */
export function pinActor(userId) {
  try {
    if (userId === null) sessionStorage.removeItem(pin);
    else sessionStorage.setItem(pin, userId);
  } catch {
    // Without storage, until it is reloaded.
  }
}

/**
 * The text that a person reads about a refusal: for invalid fields, what is wrong with each, in the server's words.
 * @param {{ error?: string, code?: string, details?: unknown } | null} body @returns {string | undefined}
 */
export function messageOf(body) {
  const details = Array.isArray(body?.details) ? body.details : [];
  const sentences = details.map((detail) => detail?.msg).filter((msg) => typeof msg === 'string');
  if (body?.code !== 'validation_failed') return body?.error;
  if (sentences.length > 0) return [...new Set(sentences)].join(' ');
  // What stands behind these words is what somebody can act on.
  const [, said] = /^[^:]+: (.+)$/s.exec(body.error ?? '') ?? [];
  return said ? said.charAt(0).toUpperCase() + said.slice(1) : body.error;
}
