// Sends a file. XMLHttpRequest, because `fetch` does not say how much of a body has been sent.

import { ApiError, actorHeader, answerIn } from './http.js';
import { t } from './language.js';

/**
 * @param {string} method @param {string} path @param {File} file
 * @param {{ progressed: (share: number) => void, signal: AbortSignal }} options share: from 0 to 1
 * @returns {Promise<any>} the answer; null where it was canceled
 */
export function upload(method, path, file, { progressed, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    for (const [name, value] of Object.entries(actorHeader())) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      progressed(total ? loaded / total : 0),
    );
    request.addEventListener('load', () => {
      const { status, statusText, responseText } = request;
      const retryAfter = request.getResponseHeader('Retry-After');
      const headers = retryAfter ? { 'Retry-After': retryAfter } : undefined;
      const response = new Response(responseText, { status, statusText, ...(headers ? { headers } : {}) });
      answerIn(response).then(resolve, reject);
    });
    request.addEventListener('error', () => reject(new ApiError(0, t('No answer'))));
    request.addEventListener('abort', () => resolve(null));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
