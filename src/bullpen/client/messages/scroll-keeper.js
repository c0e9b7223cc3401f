// Keeps what is being read in place when something appears above or below: at the end the view stays at the end,
// elsewhere the first visible message stays at its height. The browser's own anchoring does not act at the very
// top, where older messages are loaded, and not in every browser.

/** @typedef {'end' | { id: string, offset: number }} Position */

const nearEnd = 40;

export class ScrollKeeper {
  /** @type {Position} */
  position = 'end';
  #scroller;
  #observer;
  #onScroll;
  #complete;
  #kept = '';

  /**
   * @param {HTMLElement} scroller
   * @param {HTMLElement} content
   * @param {(position: Position) => void} moved
   * @param {() => boolean} [complete] whether what is loaded goes on to the end
   */
  constructor(scroller, content, moved, complete = () => true) {
    this.#scroller = scroller;
    this.#complete = complete;
    this.#observer = new ResizeObserver(() => this.keep());
    this.#observer.observe(scroller);
    this.#observer.observe(content);
    this.#onScroll = () => {
      // Heights that changed since are not somebody's scrolling, even where the browser tells of that first.
      if (this.#heights() !== this.#kept) return this.keep();
      this.position = this.#read();
      moved(this.position);
    };
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
  }

  /** @param {Position} position */
  place(position) {
    this.position = position;
    this.keep();
  }

  keep() {
    const { position } = this;
    this.#kept = this.#heights();
    if (position === 'end') {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
      return;
    }
    const message = this.#messages().find((element) => element.dataset.messageId === position.id);
    if (message) this.#scroller.scrollTop += this.#offset(message) - position.offset;
  }

  #heights() {
    return `${this.#scroller.scrollHeight} ${this.#scroller.clientHeight}`;
  }

  stop() {
    this.#observer.disconnect();
    this.#scroller.removeEventListener('scroll', this.#onScroll);
  }

  /** @returns {Position} */
  #read() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    if (scrollHeight - scrollTop - clientHeight < nearEnd && this.#complete()) return 'end';
    const visible = this.#messages().find((element) => this.#offset(element) + element.offsetHeight > 0);
    return visible?.dataset.messageId
      ? { id: visible.dataset.messageId, offset: this.#offset(visible) }
      : 'end';
  }

  /** @param {HTMLElement} element */
  #offset(element) {
    return element.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
  }

  #messages() {
    return /** @type {HTMLElement[]} */ ([...this.#scroller.querySelectorAll('[data-message-id]')]);
  }
}
