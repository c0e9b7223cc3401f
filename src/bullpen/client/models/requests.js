// How model providers are connected, and which models they have.
import { get, send } from '../core/http.js';

/** @import { ModelList, ModelTest, ProviderConnection } from '../core/types.js' */

/** @typedef {{ key?: string, baseUrl?: string }} Entered */

const part = encodeURIComponent;
const place = '/api/provider-connections';

/** @returns {Promise<ProviderConnection[]>} */
export const getConnections = () => get(place);

/** @param {string} providerId @param {Entered} entered @returns {Promise<ProviderConnection[]>} */
export const setConnection = (providerId, entered) => send('PUT', `${place}/${part(providerId)}`, entered);

/** @param {string} providerId @returns {Promise<ProviderConnection[]>} */
export const removeConnection = (providerId) => send('DELETE', `${place}/${part(providerId)}`);

/** @param {string} providerId @param {Entered & { model?: string }} entered @returns {Promise<ModelTest>} */
export const testConnection = (providerId, entered) =>
  send('POST', `${place}/${part(providerId)}/test`, entered);

/** @param {string} providerId @returns {Promise<ModelList>} */
export const getModels = (providerId) => get(`/api/providers/${part(providerId)}/models`);
