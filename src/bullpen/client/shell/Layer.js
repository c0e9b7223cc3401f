import { EmojiPicker } from '../composer/EmojiPicker.js';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { Reminders } from '../saved/Reminders.js';
import { forgetRemark, picking, question, remark } from '../ui/prompts.js';
import { Question } from '../ui/Question.js';
import { ConnectionBar } from './ConnectionBar.js';
import { DialogLayer } from './DialogLayer.js';
import { GreetingLayer } from './GreetingLayer.js';
import { TooltipLayer } from './TooltipLayer.js';

/** What stands above everything else. */
export function Layer() {
  return html`
    ${picking.value && html`<${EmojiPicker} key=${picking.value} ...${picking.value} />`}
    ${question.value && html`<${Question} ...${question.value} />`}
    <${GreetingLayer} />
    <${DialogLayer} />
    <${Reminders} />
    <${ConnectionBar} />
    <${TooltipLayer} />
    ${remark.value && html`<${Said} ...${remark.value} />`}
  `;
}

/** @param {import('../ui/prompts.js').Remark} props */
function Said({ text, undo }) {
  return html`
    <div class="remark">
      <p role="alert">${text}</p>
      ${
        undo &&
        html`<button class="remark__undo" type="button" onClick=${() => {
          forgetRemark();
          undo();
        }}>${t('Undo')}</button>`
      }
    </div>
  `;
}
