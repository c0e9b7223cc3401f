// The names the client uses for the API's types, and the shapes it keeps of its own.

import type { components } from './api-types.js';

type Schemas = components['schemas'];

export type User = Schemas['User'];
export type Channel = Schemas['Channel'];
export type Reaction = Schemas['Reaction'];
export type Message = Schemas['Message'];
export type ThreadReply = Schemas['ThreadReply'];
export type Session = Schemas['Session'];
export type UnreadCounts = Record<string, number>;

/** What was loaded of a list that goes on further into the past. */
export interface Page<Item> {
  items: Item[];
  hasOlder: boolean;
}

export interface Thread {
  root: Message;
  replies: Page<ThreadReply>;
}

/** Why something could not be loaded; status 0 is no answer at all. */
export interface Failure {
  status: number;
  message: string;
}

/** A load under way is `null`, one that failed is its Failure; one that succeeded is not listed. */
export type Loads = Record<string, Failure | null>;

export interface State {
  session: Session | null;
  users: Record<string, User>;
  memberIds: string[];
  channels: Record<string, Channel> | null;
  unreads: UnreadCounts;
  messages: Record<string, Page<Message>>;
  threads: Record<string, Thread>;
  loads: Loads;
}

export type Event =
  | { type: 'session'; session: Session }
  | { type: 'users'; users: User[] }
  | { type: 'user'; user: User }
  | { type: 'channels'; channels: Channel[] }
  | { type: 'unreads'; unreads: UnreadCounts }
  | { type: 'messages'; channelId: string; page: Page<Message> }
  | { type: 'messages.older'; channelId: string; page: Page<Message> }
  | { type: 'thread'; root: Message; page: Page<ThreadReply> }
  | { type: 'thread.older'; messageId: string; page: Page<ThreadReply> }
  | { type: 'load.started'; load: string }
  | { type: 'load.ended'; load: string }
  | { type: 'load.failed'; load: string; failure: Failure }
  | { type: 'actor.changed'; userId: string };

export type Route =
  | { view: 'home' }
  | { view: 'unknown' }
  | { view: 'channel'; channelId: string; dm: boolean; threadId: string | null }
  | { view: 'agent'; agentId: string; tab: AgentTab }
  | { view: 'run'; runId: string }
  | { view: 'search' };

export type AgentTab = 'profile' | 'memory' | 'archive' | 'schedule' | 'runs';
