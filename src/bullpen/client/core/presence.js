import { t } from './language.js';

/** Beside a name, for those who hear it. @type {Record<string, string>} */
export const presenceNotes = { active: t('active'), away: t('away'), offline: t('offline') };
