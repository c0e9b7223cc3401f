// The names the pages use for the API's types.

import type { components } from '../app/api-types.js';

export type { Failure, Page, Route } from '../app/types.js';

type Schemas = components['schemas'];

export type Agent = Schemas['Agent'];
export type Answering = Schemas['Answering'];
export type ModelCheck = Schemas['ModelCheck'];
export type Provider = Schemas['Provider'];
export type Providers = Schemas['Providers'];
export type AgentChange = Schemas['AgentChange'];
export type Budget = Schemas['Budget'];
export type BudgetChange = Schemas['BudgetChange'];
export type MemoryBlock = Schemas['MemoryBlock'];
export type MemoryVersion = Schemas['BlockVersion'];
export type PrivateNote = Schemas['PrivateNote'];
export type Passage = Schemas['ArchivalPassage'];
export type ScheduledMessage = Schemas['ScheduledMessage'];
export type NewScheduled = Schemas['NewScheduledMessage'];
export type RecurringMessage = Schemas['RecurringMessage'];
export type NewRecurring = Schemas['NewRecurringMessage'];
export type Run = Schemas['Run'];
export type RunAccount = Schemas['RunAccount'];
export type Queue = Schemas['Queue'];
export type Prompt = Schemas['Prompt'];
export type Policy = Schemas['Policy'];
export type RunStatus = Run['status'];
export type RunMessage = Schemas['RunMessage'];
export type RunStep = Schemas['RunStep'];
export type Trace = Schemas['Trace'];
export type NewChannel = Omit<Schemas['NewChannel'], 'topic' | 'memberIds'> & {
  topic?: string;
  memberIds?: string[];
};
export type SearchHit = Schemas['SearchHit'];

/** One page of a list, and what asks for the next. */
export interface Pages<Item, Cursor> {
  items: Item[];
  next: Cursor | null;
}
