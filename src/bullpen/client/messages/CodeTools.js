import { useEffect, useRef } from 'preact/hooks';
import { copyText } from '../core/clipboard.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Icon } from '../ui/Icon.js';
import { say } from '../ui/prompts.js';
import { isColorable, loadColors } from './code-colors.js';

/**
 * Copies the code; and colors it once it is on screen.
 * @param {{ text: string, language: string, colored: import('@preact/signals').Signal<{ of: string, children: import('preact').ComponentChildren } | null> }} props
 */
export function CodeTools({ text, language, colored }) {
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));

  useEffect(() => {
    const block = button.current?.parentElement;
    if (!block || !isColorable(text, language)) return;
    let current = true;
    const observer = new IntersectionObserver(async ([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      // Without the library, the code stays as it is.
      const colors = await loadColors().catch(() => null);
      const children = colors?.(text, language);
      if (current && children) colored.value = { of: text, children };
    });
    observer.observe(block);
    return () => {
      current = false;
      observer.disconnect();
    };
  }, [text, language]);

  async function copy() {
    say((await copyText(text)) ? t('Code copied') : t('Couldn’t copy. Select the code and copy it.'));
  }

  return html`<button class="code-block__copy" type="button" aria-label=${t('Copy code')} data-tip=${t('Copy')} tabindex="-1" data-roving onClick=${copy} ref=${button}><${Icon} name="copy" size=${14} /> ${t('Copy')}</button>`;
}
