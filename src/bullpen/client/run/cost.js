import { locale } from '../core/language.js';

/** @param {number} usd what is less than a cent is not said to be nothing */
export function costLabel(usd) {
  if (usd > 0 && usd < 0.01)
    return `$${usd.toLocaleString(locale, { minimumFractionDigits: 4, maximumFractionDigits: 4 })}`;
  return `$${usd.toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
