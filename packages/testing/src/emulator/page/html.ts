import {
  DEFAULT_AUDIENCE,
  DEFAULT_EMAILS,
  DEFAULT_URL,
  PAYLOADS,
  type SenderChoice,
  SENDERS,
  TAMPERINGS,
} from './browser/choices.ts';

/** The page. All that is put in here are constants of our own: what people type never comes this way. */
export function pageHtml(script: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local Google</title>
<link rel="icon" href="/page/icon.svg">
<link rel="stylesheet" href="/page/style.css">
<script type="module" src="${script}"></script>
</head>
<body>
<header>
<h1>Local Google</h1>
<p id="verdict" role="status"><span class="none">Reading the form…</span></p>
</header>
<noscript><p>This page needs JavaScript. The endpoints work without: see <a href="/oauth2/v3/certs">the keys</a>.</p></noscript>
<main>
<div class="forms">
<form id="request" autocomplete="off" novalidate aria-labelledby="request-title">
<h2 id="request-title">The request</h2>
${field('sender', 'Sender', `<select id="sender" name="sender" aria-describedby="sender-help sender-problem">${senders()}</select>`, ' ')}
${field('url', 'URL of your service', input('url', DEFAULT_URL, 'url'))}
${field('audience', 'Audience', input('audience', DEFAULT_AUDIENCE), 'Left empty, it is the URL.')}
${field('email', 'Identity', input('email', DEFAULT_EMAILS.account, 'email'), 'The e-mail of a service account.')}
${option('format', 'Format', `<select id="format" name="format" aria-describedby="format-help format-problem"><option value="standard">standard</option><option value="full">full</option></select>`, 'Only <code>full</code> tells the e-mail and the machine.')}
${box('licenses', 'Licenses of the machine')}
${box('includeEmail', 'Include the e-mail')}
${box('organizationNumberIncluded', 'Include the number of the organization')}
${option('hostedDomain', 'Workspace domain', input('hostedDomain', ''), 'Empty for a consumer account.')}
${option('nonce', 'Nonce', input('nonce', ''), 'What your page gave to the sign-in request.')}
${option('payload', 'Payload', `<select id="payload" name="payload" aria-describedby="payload-help payload-problem">${options(PAYLOADS)}</select>`, 'Wrapping changes the body and the headers, not the token.')}
<button type="submit">Make a new token</button>
<fieldset>
<legend>Spoil the token</legend>
<div class="buttons">
${Object.entries(TAMPERINGS)
  .map(([name, title]) => `<button type="button" data-tampering="${name}" aria-pressed="false">${title}</button>`)
  .join('\n')}
</div>
</fieldset>
</form>
<form id="service" autocomplete="off" novalidate aria-labelledby="service-title">
<h2 id="service-title">What your service accepts</h2>
<p class="help">It follows the request until you type here.</p>
${field('accepted-audience', 'Audience', input('accepted-audience', '', 'text', 'audience'), 'One, or several with spaces between them.')}
<div class="box"><input type="checkbox" id="below" name="below"><label for="below">Every URL at or below it <code>urlsUnder()</code></label></div>
${field('callers', 'Callers', input('callers', ''), 'E-mails, unique ids, Workspace domains, or <code>any</code>.')}
</form>
</div>
<div class="results">
<section aria-labelledby="checks-title">
<h2 id="checks-title">Checks</h2>
<ol id="checks"></ol>
</section>
<section aria-labelledby="claims-title">
<h2 id="claims-title">What the token says</h2>
<table id="claims" aria-labelledby="claims-title"><tbody></tbody></table>
</section>
${output('token', 'Token', 7)}
${output('curl', 'The request, for a shell', 10)}
</div>
</main>
<footer><p>Signed by the local Google on this machine, with <a href="/oauth2/v3/certs">keys of its own</a>. Nothing that it signs is worth anything elsewhere.</p></footer>
</body>
</html>
`;
}

function field(id: string, label: string, control: string, help = ''): string {
  const about = help === '' ? '' : `<p class="help" id="${id}-help">${help}</p>\n`;
  return `<div class="field"><label for="${id}">${label}</label>
${control}
${about}<p class="problem" id="${id}-problem" hidden></p></div>`;
}

function input(id: string, value: string, type = 'text', name = id): string {
  const described = `aria-describedby="${id}-help ${id}-problem"`;
  return `<input id="${id}" name="${name}" type="${type}" value="${value}" spellcheck="false" autocapitalize="off" ${described}>`;
}

function option(name: string, label: string, control: string, help: string): string {
  return `<div data-option="${name}" hidden>${field(name, label, control, help)}</div>`;
}

function box(name: string, label: string): string {
  return `<div data-option="${name}" class="box" hidden><input type="checkbox" id="${name}" name="${name}"><label for="${name}">${label}</label></div>`;
}

function output(id: string, title: string, rows: number): string {
  return `<section aria-labelledby="${id}-title">
<div class="title"><h2 id="${id}-title">${title}</h2><span id="${id}-copied" role="status"></span><button type="button" data-copy="${id}" aria-describedby="${id}-title">Copy</button></div>
<textarea id="${id}" rows="${rows}" readonly spellcheck="false" aria-labelledby="${id}-title"></textarea>
</section>`;
}

function senders(): string {
  const groups = Map.groupBy(Object.entries(SENDERS), ([, { group }]: [string, SenderChoice]) => group);
  return [...groups]
    .map(([group, members]) => {
      const titles = Object.fromEntries(members.map(([name, { title }]) => [name, title]));
      return `<optgroup label="${group}">${options(titles)}</optgroup>`;
    })
    .join('');
}

function options(titles: Readonly<Record<string, string>>): string {
  return Object.entries(titles)
    .map(([value, title]) => `<option value="${value}">${title}</option>`)
    .join('');
}
