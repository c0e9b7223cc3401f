// The names the pages use for the API's types.

import type { components } from '../app/api-types.js';

export type { Failure, Page, Route } from '../app/types.js';

type Schemas = components['schemas'];

export type Agent = Schemas['Agent'];
export type AgentChange = Schemas['AgentChange'];

/** One page of a list, and what asks for the next. */
export interface Pages<Item, Cursor> {
  items: Item[];
  next: Cursor | null;
}
