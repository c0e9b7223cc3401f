// Roles as people read them, and which of them somebody may give.
import { t } from '../core/language.js';

/** @import { Role } from '../core/types.js' */

/** @type {{ role: Role, name: string, detail: string }[]} */
export const roles = [
  { role: 'owner', name: t('Owner'), detail: t('Everything, owners and admins included') },
  { role: 'admin', name: t('Admin'), detail: t('People, agents, channels, budgets, audit log') },
  { role: 'member', name: t('Member'), detail: t('Public channels, own channels, direct messages') },
  { role: 'guest', name: t('Guest'), detail: t('Only the channels they are invited to') },
];

/** @param {Role} role */
export const roleName = (role) => roles.find((each) => each.role === role)?.name ?? role;

/** Owners give every role; admins those below their own. @param {Role | undefined} mine */
export const rolesToGive = (mine) =>
  mine === 'admin' ? roles.filter(({ role }) => role === 'member' || role === 'guest') : roles;

/** @param {Role | undefined} mine @param {Role} theirs */
export const mayManage = (mine, theirs) => rolesToGive(mine).some(({ role }) => role === theirs);
