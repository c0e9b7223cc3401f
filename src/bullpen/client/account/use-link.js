import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { failureOf } from '../core/refusals.js';
import { forgetToken, takeToken } from './link-token.js';
import { inspectLink } from './requests.js';

/** @import { Failure, LinkInfo } from '../core/types.js' */

/**
 * The link that a page was opened with. It is `ended` if it was used, replaced, revoked or too old, and `missing` if the
 * page was opened without one.
 */
export function useLink() {
  const token = useRef(takeToken());
  const info = useSignal(/** @type {LinkInfo | null} */ (null));
  const failure = useSignal(/** @type {Failure | null} */ (null));
  const state = useSignal(token.current === '' ? 'missing' : 'loading');

  async function inspect() {
    failure.value = null;
    try {
      info.value = await inspectLink(token.current);
      state.value = 'ready';
    } catch (error) {
      failure.value = failureOf(error);
      state.value = failure.value.code === 'link_invalid' ? 'ended' : 'failed';
      if (state.value === 'ended') forgetToken();
    }
  }
  useEffect(() => {
    if (token.current !== '') inspect();
  }, []);

  return {
    token: token.current,
    info: info.value,
    failure: failure.value,
    state: /** @type {'missing' | 'loading' | 'ready' | 'ended' | 'failed'} */ (state.value),
    retry: inspect,
    /** Somebody else was faster. */
    end: () => {
      forgetToken();
      state.value = 'ended';
    },
  };
}
