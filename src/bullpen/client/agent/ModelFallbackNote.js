import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { html } from '../core/html.js';
import { t } from '../core/language.js';
import { setupNote, standInNote } from '../settings/fallback-note.js';
import { checkModel } from '../settings/requests.js';
import { useLoaded } from '../ui/use-loaded.js';

// While somebody types, each key would be a request.
const REST = 300;

/**
 * What there is to say of a model, while it is chosen: that there can be none of this name, or that another
 * answers in its place, and why.
 * @param {{ modelId: string, strict?: boolean }} props strict: nothing may answer in its place
 */
export function ModelFallbackNote({ modelId, strict = false }) {
  const wanted = modelId.trim();
  const asked = useSignal(wanted);
  useEffect(() => {
    const timer = setTimeout(() => {
      asked.value = wanted;
    }, REST);
    return () => clearTimeout(timer);
  }, [wanted]);
  const { data } = useLoaded(`model:${asked.value}`, async () =>
    asked.value ? checkModel(asked.value) : undefined,
  );
  if (!data || data.modelId !== wanted) return null;
  const instead =
    strict && !data.isOwn && data.missing.length > 0 ? setupNote(data.missing) : standInNote(data);
  const note = [data.retired, data.problem, data.isRefused ? '' : instead].filter(Boolean).join(' ');
  return (
    note &&
    html`<p class=${data.isRefused ? 'stand-in field__error' : 'stand-in'} aria-live="polite">${note} <a class="plain-link" href="/settings">${t('All models')}</a></p>`
  );
}
