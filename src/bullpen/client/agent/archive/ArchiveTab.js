import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { addressOfAgent, nameOfPassage } from '../../core/addresses.js';
import { html } from '../../core/html.js';
import { t } from '../../core/language.js';
import { query, replace } from '../../core/router.js';
import { Empty } from '../../ui/Empty.js';
import { useDraft } from '../../ui/form-drafts.js';
import { Icon } from '../../ui/Icon.js';
import { More } from '../../ui/More.js';
import { Failed } from '../../ui/Notice.js';
import { PageSkeleton } from '../../ui/Skeleton.js';
import { linkedName } from '../../ui/use-linked.js';
import { usePages } from '../../ui/use-loaded.js';
import { NewPassage } from './NewPassage.js';
import { Passage } from './Passage.js';
import { getPassages } from './requests.js';
import { tagsOf } from './tags.js';

/** @import { Agent, Passage as ArchivedPassage } from '../../core/types.js' */

const pause = 220;
const mostLookedThrough = 2000;

/** @param {{ agent: Agent }} props */
export function ArchiveTab({ agent }) {
  const q = query.value.get('q') ?? '';
  const tags = tagsOf(query.value.get('tags') ?? '');
  const passages = usePages(
    `archive:${agent.id}:${q}:${tags}`,
    (/** @type {string | undefined} */ cursor) => getPassages(agent.id, { q, tags: tags.join(',') }, cursor),
    { keep: true },
  );
  const [adding, setAdding] = useDraft(/** @type {string} */ (`new-passage:${agent.id}`));
  const { items } = passages;
  const searching = q !== '' || tags.length > 0;
  const linked = linkedName();
  const isAwaited =
    linked.startsWith(nameOfPassage('')) && !items?.some(({ id }) => nameOfPassage(id) === linked);

  // The passage that the address names may be on a later page.
  useEffect(() => {
    if (isAwaited && items && items.length < mostLookedThrough) passages.more();
  }, [isAwaited, items]);

  /** @param {string} nextQ @param {string[]} nextTags */
  function search(nextQ, nextTags) {
    const values = new URLSearchParams();
    if (nextQ) values.set('q', nextQ);
    if (nextTags.length > 0) values.set('tags', nextTags.join(','));
    replace(addressOfAgent(agent.id, 'archive') + (values.size > 0 ? `?${values}` : ''));
  }
  /** @param {string} tag */
  const toggleTag = (tag) =>
    search(q, tags.includes(tag) ? tags.filter((each) => each !== tag) : [...tags, tag]);
  /** @param {ArchivedPassage} passage */
  const removed = (passage) => passages.set((all) => all.filter((each) => each.id !== passage.id));

  return html`
    <div class="page__head">
      <p class="page__intro">${t('Long-term notes {name} can search.', { name: agent.displayName })}</p>
      ${
        !adding &&
        html`<button class="button button--small" type="button" onClick=${() => setAdding({ content: '', tags: '' })}>
          <${Icon} name="plus" size=${16} /> ${t('New passage')}
        </button>`
      }
    </div>
    ${Boolean(adding) && html`<${NewPassage} agent=${agent} added=${passages.reload} />`}
    <${SearchBox} q=${q} search=${(/** @type {string} */ text) => search(text, tags)} />
    ${
      tags.length > 0 &&
      html`<div class="chips" role="group" aria-label=${t('Filtered by tag')}>
        ${tags.map(
          (
            tag,
          ) => html`<button key=${tag} class="chip" type="button" aria-pressed="true" aria-label=${t('Remove filter: {tag}', { tag })} onClick=${() => toggleTag(tag)}>
            <${Icon} name="tag" size=${12} /> ${tag} <${Icon} name="x" size=${12} />
          </button>`,
        )}
      </div>`
    }
    <p class="visually-hidden" role="status">${searching && items && !passages.busy && foundLabel(items.length, passages.hasMore)}</p>
    ${list()}
  `;

  function list() {
    if (passages.failure) return html`<${Failed} failure=${passages.failure} retry=${passages.reload} />`;
    if (!items) return html`<${PageSkeleton} label=${t('Loading the archive')} />`;
    if (items.length === 0)
      return searching
        ? html`<${Empty} icon="search" title=${t('Nothing found')} text=${t('Try fewer words. Put quotes around an exact phrase, a minus before a word to exclude, or * after the start of a word.')} />`
        : !adding &&
            html`<${Empty} icon="library" title=${t('The archive is empty')} text=${t('Passages are notes too long for memory. The agent finds them by searching.')} />`;
    return html`
      <ul class="passages" aria-label=${t('Passages')} data-stale=${passages.busy ? true : undefined}>
        ${items.map((passage) => html`<${Passage} key=${passage.id} agent=${agent} passage=${passage} tags=${tags} toggleTag=${toggleTag} removed=${removed} />`)}
      </ul>
      <${More} pages=${passages} label=${t('Show more')} />
    `;
  }
}

/** @param {number} count @param {boolean} more */
function foundLabel(count, more) {
  if (count === 0) return t('Nothing found');
  return t('{count} found', { count: `${count}${more ? '+' : ''}` });
}

/** Searches once somebody stops typing. @param {{ q: string, search: (q: string) => void }} props */
function SearchBox({ q, search }) {
  const text = useSignal(q);
  const timer = useRef(0);

  useEffect(() => {
    if (text.peek().trim() !== q) text.value = q;
  }, [q]);
  useEffect(() => () => clearTimeout(timer.current), []);

  /** @param {string} value @param {number} after */
  function typed(value, after) {
    text.value = value;
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => search(value.trim()), after);
  }

  return html`
    <form class="search" role="search" onSubmit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      typed(text.value, 0);
    }}>
      <${Icon} name="search" size=${18} />
      <input class="input search__input" type="search" aria-label=${t('Search the archive')} placeholder=${t('Search the archive')}
        value=${text.value} dir="auto" autocomplete="off"
        onInput=${(/** @type {globalThis.Event} */ event) => typed(/** @type {HTMLInputElement} */ (event.target).value, pause)} />
    </form>
  `;
}
