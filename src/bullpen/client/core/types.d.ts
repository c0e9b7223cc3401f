// The names the client uses for the API's types, and its own types.

import type { components } from './api-types.js';

type Schemas = components['schemas'];

export type User = Schemas['User'];
export type AgentCommand = Schemas['AgentCommand'];
export type UserGroup = Schemas['UserGroup'];
export type Channel = Schemas['Channel'];
export type Reaction = Schemas['Reaction'];
export type Message = Schemas['Message'];
/** Of a message. */
export type SentFile = Schemas['File'];
export type Pin = Schemas['Pin'];
export type LinkPreview = Schemas['LinkPreview'];
export type ScheduledPost = Schemas['ScheduledPost'];
export type SavedMark = Schemas['SavedMark'];
export type SavedMessage = Schemas['SavedMessage'];
export type ThreadReply = Schemas['ThreadReply'];
/** `homeId`: the channel to show where none is asked for. */
export type Session = Schemas['Session'] & {
  homeId?: string | null;
  /** The member that the browser's session is of; `userId` is the one that this window acts as. */
  ownId?: string;
  /** Nobody has chosen that member yet. */
  isGiven?: boolean;
  /** Null without sign-in. */
  role?: Role | null;
};
export type Run = Schemas['Run'];
export type ReadCursor = Schemas['ReadCursor'];
export type UnreadThread = Schemas['UnreadThread'];
export type ActivityPage = Schemas['ActivityPage'];
export type ActivityRow = Schemas['ActivityRow'];
export type ActivityFigures = Schemas['ActivityFigures'];
export type Pause = Schemas['Pause'];
export type ConversationQueue = Schemas['ConversationQueue'];
export type RunNotice = Schemas['Notice'];
export type StoppedRun = Schemas['StoppedRun'];
export type Agent = Schemas['Agent'];
export type Answering = Schemas['Answering'];
export type ModelCheck = Schemas['ModelCheck'];
export type Provider = Schemas['Provider'];
export type ProviderConnection = Schemas['ProviderConnection'];
export type ModelList = Schemas['ModelList'];
export type ModelTest = Schemas['ModelTest'];
export type Imported = Schemas['Imported'];
export type AgentPreview = Schemas['AgentPreview'];
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
export type RunAccount = Schemas['RunAccount'];
export type Why = Schemas['Why'];
export type MessageAccount = Schemas['MessageAccount'];
export type AnsweredMessage = Schemas['AnsweredMessage'];
export type OtherRun = Schemas['OtherRun'];
export type UsedMemory = Schemas['UsedMemory'];
export type UsedPassage = Schemas['UsedPassage'];
export type Thought = Schemas['Thought'];
export type ToolCall = Schemas['ToolCall'];
export type MessageVersion = Schemas['MessageVersion'];
export type MessageThoughts = Schemas['MessageThoughts'];
export type Origin = Schemas['Origin'];
export type GivenPrompt = Schemas['GivenPrompt'];
export type GivenSection = Schemas['GivenSection'];
export type Queue = Schemas['Queue'];
export type Prompt = Schemas['Prompt'];
export type Policy = Schemas['Policy'];
export type Experiment = Schemas['Experiment'];
export type Trial = Schemas['Trial'];
export type DryRun = Schemas['DryRun'];
export type Probe = Schemas['Probe'];
export type ReplyPolicy = Schemas['ReplyPolicy'];
export type ReachedAgent = Schemas['ReachedAgent'];
export type Decision = Schemas['Decision'];
export type RunStatus = Run['status'];
export type RunMessage = Schemas['RunMessage'];
export type RunStep = Schemas['RunStep'];
export type Trace = Schemas['Trace'];
export type NewChannel = Omit<Schemas['NewChannel'], 'topic' | 'memberIds'> & {
  topic?: string;
  memberIds?: string[];
};
export type SidebarCounts = Schemas['Sidebar'];
export type SidebarLayout = Schemas['SidebarLayout'];
export type NotificationSettings = Schemas['NotificationSettings'];
export type SidebarSection = Schemas['SidebarSection'];
export type ThreadFollow = Schemas['ThreadFollow'];
export type InboxUnread = Schemas['InboxUnread'];
export type InboxItem = Schemas['InboxItem'];
export type InboxPage = Schemas['InboxPage'];
export type InboxKind = InboxItem['kind'];
export type ChannelPreferences = Schemas['ChannelPreferences'];
export type Setup = Schemas['Setup'];
export type Me = Schemas['Me'];
export type Role = Person['role'];
export type LinkInfo = Schemas['LinkInfo'];
export type SignInSession = Schemas['SignInSession'];
export type ApiToken = Schemas['ApiToken'];
export type CreatedToken = Schemas['CreatedToken'];
export type NewToken = Schemas['NewToken'];
export type Scope = ApiToken['scopes'][number];
export type Person = Schemas['Person'];
export type Invitation = Schemas['Invitation'];
export type InvitationMade = Schemas['InvitationMade'];
export type PersonChange = Partial<Schemas['PersonChange']>;
export type AuditEntry = Omit<Schemas['AuditEntry'], 'details'> & { details: Record<string, unknown> };
export type AuditEntries = { entries: AuditEntry[]; nextCursor: number | null };
export type Usage = Schemas['Usage'];
export type UsageRow = Schemas['UsageRow'];
export type Workspace = Schemas['WorkspaceShown'];
export type SearchHit = Schemas['SearchHit'];
export type Moments = Schemas['Moments'];
export type PastMessage = Schemas['PastMessage'];
export type PastMessages = Schemas['PastMessages'];
export type PastMemory = Schemas['PastMemory'];
export type PastNote = Schemas['PastNote'];
export type PastQueue = Schemas['PastQueue'];
export type ErrorCode = Schemas['ErrorCode'];
export type UnreadCounts = Record<string, number>;

/** One page of a list, and what asks for the next. */
export interface Pages<Item, Cursor> {
  items: Item[];
  next: Cursor | null;
  /** Why a search found nothing, where that can be said. */
  notes?: string[];
}

/** What was loaded of a list that goes on further into the past, and perhaps towards the present. */
export interface Page<Item> {
  items: Item[];
  hasOlder: boolean;
  hasNewer?: boolean;
  /** Of a time that events do not reach back to: the next answer takes its place as a whole. */
  stale?: boolean;
}

export interface Thread {
  root: Message;
  replies: Page<ThreadReply>;
}

/** Why something could not be loaded; status 0 is no answer at all. */
export interface Failure {
  status: number;
  message: string;
  code?: ErrorCode | undefined;
  /** Seconds. */
  retryAfter?: number | undefined;
}

/** A load under way is `null`, one that failed is its Failure; one that succeeded is not listed. */
export type Loads = Record<string, Failure | null>;

export interface State {
  session: Session | null;
  users: Record<string, User>;
  memberIds: string[];
  /** What a message can mention as one, by the groups' ids. */
  userGroups: Record<string, UserGroup>;
  channels: Record<string, Channel> | null;
  unreads: UnreadCounts;
  /** The number of the newest event that the unread counts take account of. */
  counted: number | null;
  cursors: Record<string, ReadCursor>;
  /** Unread messages that mention the current user, by channel; counted with the threads. */
  mentions: Record<string, number>;
  /** Of the channels that the current user has starred or muted. */
  preferences: Record<string, ChannelPreferences>;
  /** Threads with unread replies that the current user follows, by their root. */
  unreadThreads: Record<string, UnreadThread>;
  /** How the current user has arranged the sidebar. */
  layout: SidebarLayout;
  notifications: NotificationSettings;
  /** What the current user has chosen for threads, by their root. */
  follows: Record<string, ThreadFollow>;
  /** What is unread in the inbox, apart from threads. */
  inbox: InboxUnread;
  /** The number of the newest event that they take account of. */
  threadsCounted: number | null;
  /** What the current user has saved and not done, by the messages' ids. */
  saved: Record<string, SavedMark>;
  /** What the current user sends later, by the messages' ids; null until it is loaded. */
  scheduled: Record<string, ScheduledPost> | null;
  messages: Record<string, Page<Message>>;
  threads: Record<string, Thread>;
  typing: Typing[];
  /** Where agents are paused, by the pauses' ids. */
  pauses: Record<string, Pause>;
  /** Every event after `after`, while a stream is open. */
  kept: { after: number; events: LogEvent[] } | null;
  loads: Loads;
}

export interface Typing {
  agentId: string;
  channelId: string;
  parentMessageId: string | null;
}

/** A message of one's own that is not confirmed; `waiting` for a connection. */
export interface Pending extends Place {
  id: string;
  userId: string;
  text: string;
  /** Uploaded already. */
  files?: SentFile[];
  /** A reply that is also sent to the channel. */
  alsoInChannel?: boolean;
  timestamp: string;
  status: 'sending' | 'waiting' | 'failed';
  error: string;
}

/** What a reply changes about the message it hangs on. */
export type RootOfThread = Pick<
  Message,
  'id' | 'userId' | 'threadReplyCount' | 'threadParticipantIds' | 'lastReplyAt'
> & { mentionedIds?: string[] };

/** Where a message stands. */
export interface Place {
  channelId: string;
  parentMessageId: string | null;
}

/** What the stream sends; docs/events.md has the list. */
export type LogEvent = { id: number } & (
  | ({
      type: 'message.created';
      message: Message | ThreadReply;
      root?: RootOfThread;
      mentions?: string[];
    } & Place)
  | ({
      type: 'message.restored';
      message: Message | ThreadReply;
      root?: RootOfThread;
      mentions?: string[];
    } & Place)
  | ({ type: 'message.updated'; message: Message | ThreadReply } & Place)
  | ({
      type: 'message.deleted';
      messageId: string;
      userId: string;
      timestamp: string;
      isNotice?: boolean;
      alsoInChannel?: true;
      mentions?: string[];
      root?: RootOfThread;
    } & Place)
  | ({
      type: 'reaction.added' | 'reaction.removed';
      messageId: string;
      userId: string;
      emoji: string;
      reactions: Reaction[];
    } & Place)
  | { type: 'channel.created' | 'channel.updated'; channel: Channel }
  | { type: 'channel.deleted'; channel: Channel; userId?: string }
  | { type: 'member.added'; channelId: string; userId: string; channel: Channel }
  | { type: 'member.removed'; channelId: string; userId: string }
  | {
      type: 'cursor.moved';
      channelId: string;
      cursor: ReadCursor | null;
      unreadCount: number;
      mentionCount?: number;
      isMarkedUnread?: true;
    }
  | {
      type: 'thread.read';
      channelId: string;
      rootId: string;
      cursor: ReadCursor;
      unreadCount: number;
      isMarkedUnread?: true;
    }
  | {
      type: 'thread.followed';
      channelId: string;
      rootId: string;
      isFollowed: boolean;
      unread?: UnreadThread;
    }
  | { type: 'inbox.changed' }
  | { type: 'sidebar.changed'; layout: SidebarLayout }
  | { type: 'notifications.changed'; settings: NotificationSettings }
  | ({ type: 'preferences.changed'; channelId: string } & ChannelPreferences)
  | { type: 'saved.changed'; messageId: string; saved: SavedMark | null; isReminder?: true }
  | { type: 'scheduled.changed'; postId: string; post: ScheduledPost | null }
  | { type: 'user.changed'; user: User; isActive: boolean }
  | { type: 'user_group.changed'; group: UserGroup }
  | { type: 'user_group.deleted'; groupId: string }
  | { type: 'workspace.changed'; workspace: Session['workspace'] }
  | ({ type: 'agent.typing' | 'agent.done'; agentId: string } & Place)
  | { type: 'run.created' | 'run.changed'; run: Run }
  | { type: 'pause.added' | 'pause.removed'; pause: Pause }
  | { type: 'memory.changed'; agentId: string; label: string; channelId?: string }
  | { type: 'hello' | 'reset' }
);

/** What an agent is writing, from one offset on; without a part nothing of it has changed. Numbers are not its own. */
export type AnswerEvent =
  | { type: 'hello' }
  | ({ type: 'answer.ended'; runId: string; agentId: string } & Place)
  | ({
      type: 'answer.updated';
      runId: string;
      agentId: string;
      text?: AddedText;
      thinking?: AddedText;
      tool?: string | null;
    } & Place);

interface AddedText {
  offset: number;
  text: string;
}

export interface PartialAnswer extends Place {
  runId: string;
  agentId: string;
  text: string;
  thinking: string;
  tool: string | null;
}

/** Answers of the API carry the number of the event up to which they are complete. */
interface Answer {
  asOf?: number;
}

export type Event =
  | { type: 'session'; session: Session }
  | ({ type: 'users'; users: User[] } & Answer)
  | { type: 'user'; user: User }
  | { type: 'members'; channelId: string; memberIds: string[] }
  | ({ type: 'userGroups'; groups: UserGroup[] } & Answer)
  | ({ type: 'channels'; channels: Channel[] } & Answer)
  | ({ type: 'unreads'; unreads: UnreadCounts } & Answer)
  | ({ type: 'cursors'; cursors: Record<string, ReadCursor> } & Answer)
  | ({ type: 'pauses'; pauses: Pause[] } & Answer)
  | ({ type: 'sidebar' } & SidebarCounts & Answer)
  | ({ type: 'saved'; marks: SavedMark[] } & Answer)
  | { type: 'inbox'; inbox: InboxUnread }
  | ({ type: 'scheduled'; posts: ScheduledPost[] } & Answer)
  | { type: 'layout'; layout: SidebarLayout }
  | { type: 'notifications'; settings: NotificationSettings }
  | ({ type: 'messages'; channelId: string; page: Page<Message> } & Answer)
  | ({ type: 'messages.around'; channelId: string; page: Page<Message> } & Answer)
  | ({ type: 'messages.older'; channelId: string; page: Page<Message> } & Answer)
  | ({ type: 'messages.newer'; channelId: string; page: Page<Message> } & Answer)
  | ({ type: 'thread'; root: Message; page: Page<ThreadReply> } & Answer)
  | ({ type: 'thread.older'; messageId: string; page: Page<ThreadReply> } & Answer)
  | ({ type: 'message.sent'; message: Message | ThreadReply } & Place)
  | ({ type: 'message.edited'; messageId: string; text: string } & Place)
  | ({ type: 'message.gone'; messageId: string } & Place)
  | ({ type: 'reaction.toggled'; messageId: string; emoji: string; userId: string; on: boolean } & Place)
  | { type: 'stream.began'; after: number }
  | { type: 'stream.events'; events: LogEvent[] }
  | { type: 'stream.reset' }
  | ({ type: 'typing.ended' } & Typing)
  | { type: 'seen'; seen: Partial<State> }
  | { type: 'load.started'; load: string }
  | { type: 'load.ended'; load: string }
  | { type: 'load.failed'; load: string; failure: Failure }
  | { type: 'actor.changed'; session: Session };

export type Route =
  | { view: 'home' }
  | { view: 'unknown' }
  | { view: 'channel'; channelId: string; dm: boolean; threadId: string | null; messageId: string | null }
  | PageRoute;

/** A page beside the chat: its name in `routes.js`, and the parameters in its address. */
export interface PageRoute {
  view: 'page';
  page: string;
  params: Record<string, string>;
}

/** What `routes.js` says of a page. */
export interface PageEntry {
  path: string;
  /** Loads the page's component, which gets the parameters as `route`. */
  load: () => Promise<unknown>;
  title: (params: Params, known: { nameOf: (userId: string) => string; query: URLSearchParams }) => string;
  /** What the page asks for first, by the names under which it asks for it (`firstAnswer`): paths of the API. */
  prefetch?: (params: Params) => Record<string, string>;
}

type Params = Record<string, string | undefined>;

export type AgentTab = 'profile' | 'prompt' | 'memory' | 'archive' | 'schedule' | 'runs';
