import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { html } from '../core/html.js';
import { locale, t } from '../core/language.js';
import { editing, shownAs } from '../core/late-components.js';
import { actorChanges } from '../core/loading.js';
import { isOfAgents, session, state, titleOf, viewedAs } from '../core/store/store.js';
import { isVisible } from '../core/visible.js';
import { TypingLine } from '../messages/TypingLine.js';
import { PauseBanners } from '../pauses/PauseBanner.js';
import { textOf } from '../scheduled/places.js';
import { ScheduledNote } from '../scheduled/ScheduledNote.js';
import { openDialog } from '../ui/dialog-state.js';
import { Icon } from '../ui/Icon.js';
import { openPicker, say } from '../ui/prompts.js';
import { AlsoInChannel } from './AlsoInChannel.js';
import { AttachButton, AttachmentBar } from './AttachmentBar.js';
import { useCompletion } from './Completion.js';
import { readCommand } from './commands.js';
import { arrived, lastOnItsWay } from './delivery.js';
import { draftOf, dropDraft, filesOfDraft, followDraft, isAlsoInChannel, setDraft } from './drafts.js';
import { useFocusOnOpening } from './focus-on-opening.js';
import { ends, toolOf } from './formatting.js';
import { InactiveNote } from './InactiveNote.js';
import { AgentsOnly, Join } from './Join.js';
import { LostEdits } from './KeptTexts.js';
import { lengthOf, longestMessage, tooLong } from './message-length.js';
import { askToNotify, canNotifyAll, isForMany } from './notified.js';
import { OutsiderNote, outsidersOf } from './Outsiders.js';
import { post } from './outbox.js';
import { ReachNote } from './ReachNote.js';
import { runCommand } from './run-command.js';
import { Toolbar } from './Toolbar.js';
import { put, selectionOf } from './textarea.js';
import { addFiles, uploadsIn } from './uploads.js';

/** @import { Channel } from '../core/types.js' */

const countFrom = longestMessage - 1_000;

/** @param {{ channel: Channel, rootId: string | null }} props */
export function Composer({ channel, rootId }) {
  useFocusOnOpening(rootId);
  const me = session.value?.userId ?? '';
  const place = useMemo(() => ({ channelId: channel.id, parentMessageId: rootId }), [channel.id, rootId]);
  if (isOfAgents(channel)) return html`<${AgentsOnly} />`;
  if (!channel.memberIds.includes(me)) return html`<${Join} channel=${channel} />`;
  return html`<${Box} key=${actorChanges.value} channel=${channel} place=${place} />`;
}

/** @param {{ channel: Channel, place: import('../core/types.js').Place }} props */
function Box({ channel, place }) {
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const text = useSignal(draftOf(place));
  const wrote = useSignal(false);
  const problem = useSignal('');
  const outsiders = useSignal(/** @type {string[]} */ ([]));
  const inThread = place.parentMessageId !== null;
  const completion = useCompletion(area, channel, {
    withCommands: true,
    withGroups: canNotifyAll(channel, place),
  });
  const running = useRef(false);
  const label = inThread ? t('Reply…') : t('Message {channel}', { channel: titleOf(channel) });
  const sender = viewedAs.value?.displayName;
  const dropping = useSignal(false);
  const files = filesOfDraft(place);
  const busy = uploadsIn(place);
  const empty = !isVisible(text.value) && files.length === 0;

  useLayoutEffect(() => {
    if (area.current) fit(area.current);
  }, [text.value]);
  useEffect(
    () =>
      followDraft(place, (value) => {
        if (value === text.peek()) return;
        text.value = value;
        problem.value = tooLong(value);
        completion.close();
      }),
    [],
  );

  /** @param {InputEvent} event */
  function onInput(event) {
    const value = area.current?.value ?? '';
    text.value = value;
    wrote.value = true;
    problem.value = tooLong(value);
    setDraft(place, value);
    completion.onInput(event);
  }

  /** @returns {void} */
  function submit() {
    const replacing = completion.settled();
    if (replacing) return void replacing.then(submit);
    const read = readCommand(text.peek().trim());
    if (read.kind !== 'text') return void run(read);
    completion.close();
    if (isForMany(read.text, channel, place)) return void sendIfSure(read.text);
    send(read.text);
    area.current?.focus();
  }

  /** What is written stays until one is sure. @param {string} value */
  async function sendIfSure(value) {
    const sure = await askToNotify(value, channel, place);
    area.current?.focus();
    if (sure && text.peek().trim() === value) send(value);
  }

  /** @param {string} value */
  function send(value) {
    const attached = filesOfDraft(place);
    if (!isVisible(value) && attached.length === 0) return;
    problem.value = tooLong(value) || waitingFor(uploadsIn(place));
    if (problem.peek() !== '') return;
    post(place, value, attached, isAlsoInChannel(place));
    outsiders.value = outsidersOf(value, channel);
    text.value = '';
    dropDraft(place);
  }

  /** What is written stays where it is not done. @param {Exclude<import('./commands.js').Read, { kind: 'text' }>} read */
  async function run(read) {
    if (running.current) return;
    running.current = true;
    completion.close();
    const typed = text.peek();
    const done = await runCommand(read, channel, place);
    running.current = false;
    problem.value = done.problem ?? '';
    if (done.post !== undefined) send(done.post);
    else if (done.problem === undefined && text.peek() === typed) {
      text.value = '';
      setDraft(place, '');
    }
    if (done.said) say(done.said);
  }

  /** @returns {void} */
  function sendLater() {
    const replacing = completion.settled();
    if (replacing) return void replacing.then(sendLater);
    const isText = readCommand(text.peek().trim()).kind === 'text';
    problem.value = isText
      ? tooLong(text.peek().trim()) || waitingFor(uploadsIn(place))
      : t('A command cannot be sent later. To post this text, begin it with two slashes.');
    if (problem.peek() === '') void chooseTime();
  }

  async function chooseTime() {
    const value = text.peek();
    if (isForMany(value, channel, place) && !(await askToNotify(value, channel, place))) return;
    openDialog('send-later', textOf(place));
  }

  /** @param {Iterable<File>} chosen */
  function attach(chosen) {
    problem.value = addFiles(place, chosen);
    area.current?.focus();
  }

  /** @param {ClipboardEvent} event */
  function onPaste(event) {
    const pasted = [...(event.clipboardData?.files ?? [])];
    // A table that was copied comes as text and as a picture of it: it is pasted as text.
    if (pasted.length === 0 || event.clipboardData?.types.includes('text/plain')) return;
    event.preventDefault();
    attach(pasted);
  }

  /** @param {DragEvent} event */
  function onDrag(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    dropping.value = event.type === 'dragover';
    if (event.type === 'drop') attach(event.dataTransfer.files);
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (completion.onKeyDown(event)) return;
    const element = /** @type {HTMLTextAreaElement} */ (event.currentTarget);
    const tool = toolOf(event);
    if (tool) {
      event.preventDefault();
      put(element, tool.use(selectionOf(element)));
    } else if (event.key === 'Enter' && ends(event, element)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && element.value === '') {
      const onItsWay = lastOnItsWay(place);
      const last = lastOfMine();
      if (onItsWay) editOnceSent(onItsWay);
      else if (last !== undefined) editing.value = shownAs(last, inThread);
      else return;
      event.preventDefault();
    }
  }

  /** The one that was just written, not the one before it. @param {string} id */
  async function editOnceSent(id) {
    await arrived(id);
    const element = area.current;
    if (lastOfMine() !== id || element?.value !== '' || document.activeElement !== element) return;
    editing.value = shownAs(id, inThread);
  }

  function lastOfMine() {
    const { messages, threads } = state.peek();
    const items = inThread
      ? threads[place.parentMessageId ?? '']?.replies.items
      : messages[place.channelId]?.items;
    const me = session.peek()?.userId;
    return /** @type {{ id: string, userId: string }[]} */ (items ?? []).findLast((one) => one.userId === me)
      ?.id;
  }

  /** @param {MouseEvent} event */
  async function addEmoji(event) {
    const emoji = await openPicker(/** @type {HTMLElement} */ (event.currentTarget));
    const element = area.current;
    if (!element) return;
    element.focus();
    if (emoji === null) return;
    const { text: before, start, end } = selectionOf(element);
    const caret = start + emoji.length;
    put(element, { text: before.slice(0, start) + emoji + before.slice(end), start: caret, end: caret });
  }

  const isCommand = readCommand(text.value.trim()).kind !== 'text';
  const length = lengthOf(text.value);
  return html`
    <form
      class="composer"
      aria-label=${label}
      onSubmit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        submit();
      }}
    >
      ${!inThread && html`<${PauseBanners} channel=${channel} />`}
      <${InactiveNote} channel=${channel} />
      <${OutsiderNote} channel=${channel} text=${text.value} sent=${outsiders.value} onAdd=${() => area.current?.focus()} />
      ${!inThread && html`<${LostEdits} channelId=${place.channelId} />`}
      <${ScheduledNote} place=${place} />
      <${TypingLine} place=${place} />
      <div
        class=${`composer__box${problem.value ? ' composer__box--wrong' : ''}${dropping.value ? ' composer__box--dropping' : ''}`}
        onDragOver=${onDrag}
        onDragLeave=${onDrag}
        onDrop=${onDrag}
      >
        ${completion.list}
        <${Toolbar} area=${area} />
        <textarea
          class="composer__area"
          rows="1"
          dir="auto"
          aria-label=${label}
          placeholder=${sender ? t('{label} as {sender}', { label, sender }) : label}
          aria-description=${sender && t('Sent as {sender}', { sender })}
          aria-invalid=${problem.value !== ''}
          aria-describedby=${problem.value ? `problem-${place.parentMessageId ?? place.channelId}` : undefined}
          ...${completion.aria}
          value=${text.value}
          onInput=${onInput}
          onPaste=${onPaste}
          onKeyDown=${onKeyDown}
          onKeyUp=${completion.look}
          onClick=${completion.look}
          onBlur=${completion.close}
          ref=${area}
        ></textarea>
        <${AttachmentBar} place=${place} onRemoved=${() => {
          problem.value = '';
          area.current?.focus();
        }} />
        <div class="composer__foot">
          <${AttachButton} onFiles=${attach} />
          <button class="composer__tool" type="button" aria-label=${t('Emoji')} aria-haspopup="dialog" data-tip=${t('Emoji')} onClick=${addEmoji}>
            <${Icon} name="face-slightly-smiling" size=${18} />
          </button>
          ${wrote.value && !isCommand && html`<${ReachNote} channel=${channel} place=${place} text=${text.value} />`}
          <span class="composer__count">${length > countFrom && t('{count} left', { count: (longestMessage - length).toLocaleString(locale) })}</span>
          <button class="composer__tool" type="button" aria-label=${t('Send later')} aria-haspopup="dialog" data-tip=${t('Send later')} disabled=${empty} onClick=${sendLater}>
            <${Icon} name="clock" size=${18} />
          </button>
          <button class="composer__send" type="submit" aria-label=${t('Send')} data-tip=${t('Send')} data-tip-more=${t('Enter')} disabled=${empty || busy.some((one) => one.problem === '')}>
            <${Icon} name="send-horizontal" size=${18} />
          </button>
        </div>
      </div>
      ${inThread && html`<${AlsoInChannel} channel=${channel} place=${place} />`}
      ${
        problem.value &&
        html`<p class="composer__problem" role="alert" id=${`problem-${place.parentMessageId ?? place.channelId}`}>${problem.value}</p>`
      }
    </form>
  `;
}

/** @param {import('./uploads.js').Upload[]} uploads */
function waitingFor(uploads) {
  if (uploads.length === 0) return '';
  const failed = uploads.find((one) => one.problem !== '');
  if (!failed) return t('Some files are still being uploaded. Send the message once they are.');
  return t('{name} was not uploaded. Try again, or remove it.', { name: failed.file.name });
}

/** As high as its text, up to the limit that its style sets. @param {HTMLTextAreaElement} area */
export function fit(area) {
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight}px`;
}
