import { html } from '../app/html.js';
import { useLoaded } from './loaded.js';
import { getProviders, standInNote } from './providers.js';

/** @import { Agent } from './types.js' */

/** That another model answers than the agent's own, and why. @param {{ agent: Agent }} props */
export function StandIn({ agent }) {
  const { data } = useLoaded('providers', getProviders);
  const note = standInNote(data?.models.find((answering) => answering.modelId === agent.modelId));
  return note && html`<p class="stand-in">${note} <a href="/settings">All models</a></p>`;
}
