import { useSignal } from '@preact/signals';
import { h } from 'preact';
import { parts } from '../core/late-components.js';

/** @typedef {import('preact').ComponentChildren} Children */

/**
 * Code as it was typed, with its language; colors and Copy come with what is loaded later.
 * @param {{ text: string, language: string, children?: Children }} props children: the text as it is drawn without colors
 */
export function CodeBlock({ text, language, children }) {
  const colored = useSignal(/** @type {{ of: string, children: Children } | null} */ (null));
  const live = parts.value;
  const named = language !== '';
  return h(
    'div',
    { class: `code-block${named ? ' code-block--named' : ''}`, dir: 'ltr' },
    named && h('div', { class: 'code-block__language' }, language),
    drawnCode(colored.value?.of === text ? colored.value.children : children),
    live &&
      h(/** @type {import('preact').FunctionComponent<any>} */ (live.CodeTools), { text, language, colored }),
  );
}

/** @param {Children} children */
export function drawnCode(children) {
  return h('pre', { dir: 'ltr' }, h('code', null, children));
}
