// Answers of the API that the server has written into the page (`api/browser/first_view.py`), so that what the page shows
// first needs no further request. Each is taken once, and none after the page has begun: it would be old by then.

/** @type {Map<string, Response>} */
const answers = new Map();

/** @param {string | null} text the JSON in the page: bodies and headers by path */
export function openPageAnswers(text) {
  for (const [path, { headers, body }] of Object.entries(JSON.parse(text ?? '{}'))) {
    const response = new Response(null, { headers });
    answers.set(path, Object.assign(response, { json: async () => body }));
  }
}

/** @param {string} path */
export function takePageAnswer(path) {
  const answer = answers.get(path);
  answers.delete(path);
  return answer;
}

export function closePageAnswers() {
  answers.clear();
}
