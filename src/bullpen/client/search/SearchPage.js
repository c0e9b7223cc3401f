import { plural, t } from '../core/language.js';
import '../ui/page-icons.js';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { addressOfSearch } from '../core/addresses.js';
import { archived, loadArchived } from '../core/archived.js';
import { html } from '../core/html.js';
import { forget, remember, remembered } from '../core/recent-list.js';
import { go, query } from '../core/router.js';
import { channels, session } from '../core/store/store.js';
import { MenuButton } from '../shell/Header.js';
import { Empty } from '../ui/Empty.js';
import { Icon } from '../ui/Icon.js';
import { More } from '../ui/More.js';
import { Failed } from '../ui/Notice.js';
import { usePages } from '../ui/use-loaded.js';
import { SearchField } from './SearchField.js';
import { SearchHit } from './SearchHit.js';
import { searchMessages } from './search-messages.js';
import { operators } from './search-words.js';

/** @typedef {'relevance' | 'newest'} Sort */

const recent = 'searches';
const mostRecent = 8;

export function SearchPage() {
  const text = query.value.get('q')?.trim() ?? '';
  const sort = query.value.get('sort') === 'newest' ? 'newest' : 'relevance';
  const pages = usePages(`search:${sort}:${text}`, (/** @type {string | undefined} */ cursor) =>
    searchMessages(text, sort, cursor),
  );
  const refused = pages.failure?.status === 400 ? pages.failure.message : undefined;

  const unlisted = [...new Set(pages.items?.map(({ channelId }) => channelId))].filter(
    (id) => channels.value !== null && !channels.value[id],
  );
  useEffect(() => {
    for (const id of unlisted) if (archived.peek()[id] === undefined) loadArchived(id);
  }, [unlisted.join(' ')]);
  useEffect(() => {
    if (text !== '' && session.value) remember(recent, text, mostRecent);
  }, [text, session.value?.userId]);

  return html`
    <header class="header">
      <${MenuButton} />
      <h1 class="header__name" tabindex="-1"><${Icon} name="search" size=${18} strokeWidth=${2.4} /><span class="header__name-text">${t('Search')}</span></h1>
    </header>
    <div class="page__scroller">
      <div class="page__content">
        <${SearchField} text=${text} error=${refused} search=${(/** @type {string} */ next) => go(addressOfSearch(next, sort))} />
        ${text === '' ? html`<${Beginnings} />` : results()}
      </div>
    </div>
  `;

  function results() {
    if (refused) return null;
    if (pages.failure) return html`<${Failed} failure=${pages.failure} retry=${pages.reload} />`;
    return html`
      <div class="found__head">
        <p class="found__count" role="status">${pages.items ? countOf(pages) : html`<span class="visually-hidden">${t('Searching')}</span>`}</p>
        <nav class="found__orders" aria-label=${t('Order')}>
          <${OrderLink} text=${text} sort="relevance" now=${sort} name=${t('Most relevant')} />
          <${OrderLink} text=${text} sort="newest" now=${sort} name=${t('Newest')} />
        </nav>
      </div>
      ${pages.items ? hits(pages.items) : html`<${FoundSkeleton} />`}
      <${More} pages=${pages} label=${t('Show more')} />
    `;
  }

  /** @param {import('../core/types.js').SearchHit[]} found */
  function hits(found) {
    if (found.length === 0) {
      const why = pages.notes?.join(' ') || t('No messages match.');
      return html`<${Empty} icon="search" title=${t('No results')} text=${t('{why} Try fewer words or remove a filter.', { why })} />`;
    }
    return html`<ol class="found" aria-label=${t('Messages found')}>${found.map((hit) => html`<${SearchHit} key=${hit.message.id} hit=${hit} />`)}</ol>`;
  }
}

/** @param {{ items?: unknown[], hasMore: boolean }} pages */
function countOf({ items = [], hasMore }) {
  if (hasMore) return t('The first {count} messages', { count: items.length });
  return plural(items.length, '{count} message', '{count} messages');
}

/** @param {{ text: string, sort: Sort, now: Sort, name: string }} props */
function OrderLink({ text, sort, now, name }) {
  return html`<a class="chip" href=${addressOfSearch(text, sort)} aria-current=${sort === now ? 'true' : undefined}>${name}</a>`;
}

/** Before anything is searched for: what was, and how it is done. */
function Beginnings() {
  const emptied = useSignal(false);
  const searches = emptied.value || !session.value ? [] : remembered(recent);
  return html`
    ${
      searches.length > 0 &&
      html`<section class="search__section" aria-labelledby="search-recent">
        <div class="page__head">
          <h2 class="form__title" id="search-recent">${t('Recent searches')}</h2>
          <button
            class="button button--small button--quiet"
            type="button"
            onClick=${() => {
              forget(recent);
              emptied.value = true;
            }}
          >${t('Clear')}</button>
        </div>
        <ul class="search__recent">
          ${searches.map(
            (text) =>
              html`<li key=${text}><a class="search__again" href=${addressOfSearch(text)}><${Icon} name="rotate-ccw-clock" size=${16} /><span dir="auto">${text}</span></a></li>`,
          )}
        </ul>
      </section>`
    }
    <section class="search__section" aria-labelledby="search-help">
      <h2 class="form__title" id="search-help">${t('How to search')}</h2>
      <dl class="search__help">
        <div><dt><code>${t('word')}</code></dt><dd>${t('Matches all words, in any form')}</dd></div>
        <div><dt><code>${t('"a phrase"')}</code></dt><dd>${t('Matches an exact phrase')}</dd></div>
        <div><dt><code>${t('-word')}</code></dt><dd>${t('Excludes a word')}</dd></div>
        ${operators.map(({ name, detail }) => html`<div key=${name}><dt><code>${name}:</code></dt><dd>${detail}</dd></div>`)}
      </dl>
    </section>
  `;
}

function FoundSkeleton() {
  return html`
    <div class="skeletons found__waiting" aria-busy="true">
      ${[70, 52, 84, 61].map((width) => html`<span key=${width} class="skeleton" style=${{ width: `${width}%` }}></span>`)}
    </div>
  `;
}
