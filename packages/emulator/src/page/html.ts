import { html } from 'hono/html';
import {
  DEFAULT_ACCOUNT,
  DEFAULT_AUDIENCE,
  DEFAULT_URL,
  PAYLOADS,
  SENDERS,
  type SenderChoice,
  TAMPERINGS,
} from './browser/choices.ts';
import { checkbox, choices, type Html, inputField, optional, selectField } from './fields.ts';

/** The page. Nothing that people type gets in here: it stays in the browser, as text. */
export function pageHtml(): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local Google</title>
<link rel="icon" href="/page/icon.svg">
<link rel="stylesheet" href="/page/style.css">
<script type="module" src="/page/script.js"></script>
</head>
<body>
<header>
<h1>Local Google</h1>
<p id="verdict" role="status">…</p>
</header>
<noscript><p>This page needs JavaScript. The endpoints work without it.</p></noscript>
<main>
${requestForm()}
<div class="results">
${serviceForm()}
<section aria-labelledby="checks-title">
<h2 id="checks-title">Checks</h2>
<ol id="checks"></ol>
</section>
<section aria-labelledby="claims-title">
<h2 id="claims-title">What the token says</h2>
<table aria-labelledby="claims-title"><tbody id="claims"></tbody></table>
</section>
${output('token', 'Token', 'Copy token', 'soft')}
${output('curl', 'The same request from a shell', 'Copy curl', 'off')}
</div>
</main>
<footer><p>Signed with <a href="/oauth2/v3/certs">keys</a> of the local Google, and worth nothing elsewhere.</p></footer>
</body>
</html>
`;
}

function requestForm(): Html {
  return html`<form id="request" autocomplete="off" novalidate aria-labelledby="request-title">
<h2 id="request-title">The request</h2>
${selectField({ id: 'sender', label: 'Sender', help: '…', options: senders() })}
${inputField({ id: 'url', label: 'URL of your service', value: DEFAULT_URL, type: 'url' })}
${inputField({ id: 'audience', label: 'Audience', value: DEFAULT_AUDIENCE, help: '…' })}
${inputField({ id: 'email', label: 'Identity', value: DEFAULT_ACCOUNT, type: 'email', help: '…' })}
${optional('format', selectField({ id: 'format', label: 'Format', options: choices({ standard: 'standard', full: 'full: tells e-mail and machine' }) }))}
${optional('licenses', checkbox({ id: 'licenses', label: 'Licenses of the machine' }))}
${optional('includeEmail', checkbox({ id: 'includeEmail', label: 'Include the e-mail' }))}
${optional('organizationNumberIncluded', checkbox({ id: 'organizationNumberIncluded', label: 'Include the number of the organization' }))}
${optional('hostedDomain', inputField({ id: 'hostedDomain', label: 'Workspace domain', help: 'Empty: a consumer account.' }))}
${optional('nonce', inputField({ id: 'nonce', label: 'Nonce', help: 'What your page gave to the sign-in request.' }))}
${optional('standalone', checkbox({ id: 'standalone', label: 'A standalone app, as they were before Workspace add-ons' }))}
${optional('payload', selectField({ id: 'payload', label: 'Payload', options: choices(PAYLOADS) }))}
<button type="submit">Make a new token</button>
<fieldset>
<legend>Spoil the token</legend>
${Object.entries(TAMPERINGS).map(
  ([name, title]) => html`<button type="button" data-tampering="${name}" aria-pressed="false">${title}</button>
`,
)}</fieldset>
</form>`;
}

function serviceForm(): Html {
  return html`<form id="service" autocomplete="off" novalidate aria-labelledby="service-title">
<h2 id="service-title">What your service accepts</h2>
<div class="beside">
<div class="audiences">
${inputField({ id: 'accepted-audience', name: 'audience', label: 'Accepted audience', help: 'One, or several with spaces between.' })}
${checkbox({ id: 'below', label: html`And every URL below: <code>urlsUnder()</code>` })}
</div>
${inputField({ id: 'callers', label: 'Allowed callers', help: html`E-mails, unique ids, Workspace domains, or <code>any</code>.` })}
</div>
<p class="help">Both follow the request until you type here.</p>
</form>`;
}

function output(id: string, title: string, copy: string, wrap: 'soft' | 'off'): Html {
  return html`<section aria-labelledby="${id}-title">
<div class="title"><h2 id="${id}-title">${title}</h2><span role="status" id="${id}-copied"></span><button type="button" data-copy="${id}">${copy}</button></div>
<textarea id="${id}" rows="6" wrap="${wrap}" readonly spellcheck="false" aria-labelledby="${id}-title"></textarea>
</section>`;
}

function senders(): Html[] {
  const groups = [...new Set(Object.values(SENDERS).map(({ group }) => group))];
  return groups.map((group) => html`<optgroup label="${group}">${choices(titlesIn(group))}</optgroup>`);
}

function titlesIn(group: SenderChoice['group']): Record<string, string> {
  const members = Object.entries(SENDERS).filter(([, sender]) => sender.group === group);
  return Object.fromEntries(members.map(([name, { title }]) => [name, title]));
}
