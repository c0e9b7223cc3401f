// A real OpenID provider for the tests: `node oidc_provider.mjs <client id> <client secret> <redirect URI>`.
//
// It prints its issuer once it listens, and signs in whoever is asked for, without a page. What it is asked to do wrong is
// named at POST /wrong (the body), and holds from then on: issuer, audience, nonce, key, expired, unsigned, metadata, userinfo.
// POST /account sets who signs in, as JSON of claims.

import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, decodeJwt } from 'jose';
import { Provider } from 'oidc-provider';

const [clientId, clientSecret, redirectUri] = process.argv.slice(2);
let wrong = '';
let account = { sub: 'dana', email: 'dana@example.org', email_verified: true, name: 'Dana Flour' };

const ours = await generateKeyPair('RS256', { extractable: true });
const foreign = await generateKeyPair('RS256', { extractable: true });
const key = { ...(await exportJWK(ours.privateKey)), kid: 'ours', use: 'sig', alg: 'RS256' };

const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
  ],
  jwks: { keys: [key] },
  cookies: { keys: ['tests'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...account, sub }) }),
});

provider.use(async (ctx, next) => {
  if (ctx.method === 'POST' && (ctx.path === '/wrong' || ctx.path === '/account')) {
    const parts = [];
    for await (const part of ctx.req) parts.push(part);
    const body = Buffer.concat(parts).toString();
    if (ctx.path === '/wrong') wrong = body;
    else account = JSON.parse(body);
    ctx.status = 204;
    return;
  }
  if (ctx.path.startsWith('/interaction/')) {
    await interact(ctx);
    return;
  }
  await next();
  if (ctx.path === '/token' && ctx.body?.id_token) ctx.body = { ...ctx.body, id_token: await tampered(ctx.body.id_token) };
  if (ctx.path === '/me' && wrong === 'userinfo') ctx.body = { ...ctx.body, sub: 'another' };
  if (ctx.path.endsWith('/openid-configuration') && wrong === 'metadata') {
    ctx.body = { ...ctx.body, issuer: 'https://elsewhere.example' };
  }
});

async function interact(ctx) {
  const { prompt, params } = await provider.interactionDetails(ctx.req, ctx.res);
  let result = { login: { accountId: account.sub } };
  if (wrong === 'declined') result = { error: 'access_denied', error_description: 'No.' };
  else if (prompt.name === 'consent') {
    const grant = new provider.Grant({ accountId: account.sub, clientId: params.client_id });
    grant.addOIDCScope('openid email profile');
    result = { consent: { grantId: await grant.save() } };
  }
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
  ctx.respond = false;
}

async function tampered(token) {
  const claims = decodeJwt(token);
  if (wrong === 'issuer') claims.iss = 'https://elsewhere.example';
  if (wrong === 'audience') claims.aud = 'another-client';
  if (wrong === 'nonce') claims.nonce = 'another';
  if (wrong === 'expired') claims.exp = Math.floor(Date.now() / 1000) - 3600;
  if (wrong === 'unsigned') return new UnsecuredJWT(claims).encode();
  const signing = wrong === 'key' ? foreign.privateKey : ours.privateKey;
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'ours' }).sign(signing);
}

server.on('request', provider.callback());
console.log(issuer);
