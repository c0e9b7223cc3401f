import { EmojiPicker } from '../composer/EmojiPicker.js';
import { html } from '../core/html.js';
import { picking, question, remark } from '../ui/prompts.js';
import { Question } from '../ui/Question.js';
import { ConnectionBar } from './ConnectionBar.js';
import { DialogLayer } from './DialogLayer.js';
import { TooltipLayer } from './TooltipLayer.js';

/** What stands above everything else. */
export function Layer() {
  return html`
    ${picking.value && html`<${EmojiPicker} key=${picking.value} ...${picking.value} />`}
    ${question.value && html`<${Question} ...${question.value} />`}
    <${DialogLayer} />
    <${ConnectionBar} />
    <${TooltipLayer} />
    ${remark.value && html`<p class="remark" role="alert">${remark.value}</p>`}
  `;
}
