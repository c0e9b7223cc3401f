// All runs of all agents, and what they add up to.
import { get, queryOf } from '../core/http.js';

/** @import { ActivityFigures, ActivityPage } from '../core/types.js' */

/** @typedef {{ agentId: string, channelId: string, modelId: string, status: string, from: string, to: string, leastUsd: string }} ActivityFilter  empty: all */
/** @typedef {'all' | 'agent' | 'model' | 'channel'} By */

/** The newest first. @param {ActivityFilter} filter @param {string | undefined} before */
export async function getActivity(filter, before) {
  /** @type {ActivityPage} */
  const { items, nextCursor } = await get(`/api/activity${queryOf({ ...filter, before })}`);
  return { items, next: nextCursor };
}

/** @param {ActivityFilter} filter @param {By} by @returns {Promise<ActivityFigures[]>} */
export const getFigures = (filter, by) => get(`/api/activity/figures${queryOf({ ...filter, by })}`);

/** @param {ActivityFilter} filter */
export const addressOfExport = (filter) => `/api/activity/export${queryOf(filter)}`;
