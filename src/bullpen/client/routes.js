// The pages beside the chat. This table is the only place that knows which there are: the router, the title, the requests
// made ahead, the loader and the server (which address is a page) all read it. A new page is a folder and an entry here.

import { t } from './core/language.js';
import { isTeam } from './core/mode.js';

/** @import { PageEntry } from './core/types.js' */

const part = encodeURIComponent;

/** Before it is known who is signed in, nothing is requested that guests are refused. @param {Record<string, string>} wanted */
const unlessGuests = (wanted) => (isTeam ? /** @type {Record<string, string>} */ ({}) : wanted);

/** By name. A path's `:name` is a parameter, `(a|b)` behind it what it may be, `?` says that it may be left out. @type {Record<string, PageEntry>} */
export const pages = {
  agent: {
    path: '/a/:agentId/:tab(prompt|memory|archive|schedule|runs)?',
    load: () => import('./agent/AgentPage.js').then((module) => module.AgentPage),
    title: ({ agentId = '', tab }, { nameOf }) => (tab ? `${nameOf(agentId)}: ${tab}` : nameOf(agentId)),
    prefetch: ({ agentId = '' }) => unlessGuests({ [`agent:${agentId}`]: `/api/agents/${part(agentId)}` }),
  },
  person: {
    path: '/p/:personId',
    load: () => import('./agent/PersonPage.js').then((module) => module.PersonPage),
    title: ({ personId = '' }, { nameOf }) => nameOf(personId),
    prefetch: ({ personId = '' }) => ({ [`person:${personId}`]: `/api/people/${part(personId)}` }),
  },
  run: {
    path: '/r/:runId',
    load: () => import('./run/RunPage.js').then((module) => module.RunPage),
    title: () => t('Run'),
    prefetch: ({ runId = '' }) => unlessGuests({ [`run:${runId}`]: `/api/runs/${part(runId)}` }),
  },
  dryRun: {
    path: '/r/:runId/dry-run',
    load: () => import('./run/DryRunPage.js').then((module) => module.DryRunPage),
    title: () => t('Dry run'),
  },
  inbox: {
    path: '/inbox',
    load: () => import('./inbox/InboxPage.js').then((module) => module.InboxPage),
    title: () => t('Inbox'),
  },
  activity: {
    path: '/activity',
    load: () => import('./activity/ActivityPage.js').then((module) => module.ActivityPage),
    title: () => t('Activity'),
  },
  search: {
    path: '/search',
    load: () => import('./search/SearchPage.js').then((module) => module.SearchPage),
    title: (_params, { query }) => [t('Search'), query.get('q')].filter(Boolean).join(': '),
  },
  saved: {
    path: '/saved/:tab(done)?',
    load: () => import('./saved/SavedPage.js').then((module) => module.SavedPage),
    title: () => t('Saved'),
  },
  scheduled: {
    path: '/scheduled',
    load: () => import('./scheduled/ScheduledPage.js').then((module) => module.ScheduledPage),
    title: () => t('Scheduled'),
  },
  history: {
    path: '/history',
    load: () => import('./history/HistoryPage.js').then((module) => module.HistoryPage),
    title: () => t('Time machine'),
  },
  account: {
    path: '/account/:tab(security|devices|tokens|notifications)?',
    load: () => import('./account/AccountPage.js').then((module) => module.AccountPage),
    title: () => t('Your account'),
    prefetch: () => ({ me: '/api/me' }),
  },
  admin: {
    path: '/admin/:tab(agents|channels|tokens|usage|audit|workspace)?',
    load: () => import('./administration/AdminPage.js').then((module) => module.AdminPage),
    title: () => t('Administration'),
    prefetch: () => (isTeam ? { me: '/api/me' } : /** @type {Record<string, string>} */ ({})),
  },
  models: {
    path: '/models',
    load: () => import('./models/ModelsPage.js').then((module) => module.ModelsPage),
    title: () => t('Connect a model'),
  },
  settings: {
    path: '/settings',
    load: () => import('./settings/SettingsPage.js').then((module) => module.SettingsPage),
    title: () => t('Settings'),
  },
};
