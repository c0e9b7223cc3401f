import { html } from '../app/html.js';
import { describe } from './Notice.js';
import { MessagesSkeleton } from './Skeleton.js';

/** @import { Failure } from '../app/types.js' */

/** Stands above the oldest loaded message while there are older ones. @param {{ failure: Failure | null | undefined, retry: () => void }} props */
export function OlderPages({ failure, retry }) {
  if (!failure) return html`<${MessagesSkeleton} rows=${3} label="Loading older messages" />`;
  return html`
    <div class="older-failed" role="alert">
      <span>Older messages could not be loaded. ${describe(failure).text}</span>
      <button class="button button--small" type="button" onClick=${retry}>Try again</button>
    </div>
  `;
}
