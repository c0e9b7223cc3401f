// What a browser calls itself, in words that its owner recognizes.
import { t } from '../core/language.js';

/** The first that matches; many browsers also name the one they are made from. @type {[RegExp, string][]} */
const browsers = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

/** @type {[RegExp, string][]} */
const systems = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** @param {string | null | undefined} userAgent @returns {string} */
export function deviceName(userAgent) {
  const text = userAgent ?? '';
  const browser = browsers.find(([pattern]) => pattern.test(text))?.[1];
  const system = systems.find(([pattern]) => pattern.test(text))?.[1];
  if (browser && system) return t('{browser} on {system}', { browser, system });
  if (browser ?? system) return /** @type {string} */ (browser ?? system);
  const program = /^[\w.-]+(?=\/)/.exec(text)?.[0];
  return program ?? t('Unknown device');
}
