// Whether everybody signs in with an account (team mode), or everybody who opens the page acts as any member (demo mode). The
// server says it in the document, so that it is known before the first request.

export const isTeam = globalThis.document?.documentElement?.dataset.mode === 'team';
