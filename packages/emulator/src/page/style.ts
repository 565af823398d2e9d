export const PAGE_ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="5" cy="8" r="3.5" fill="none" stroke="#2b6cb0" stroke-width="2"/><path d="M8.5 8H15M12 8v3M15 8v2" stroke="#2b6cb0" stroke-width="2" fill="none"/></svg>
`;

export const PAGE_CSS = `:root {
  color-scheme: light dark;
  --page: light-dark(#f4f5f7, #16181c);
  --panel: light-dark(#ffffff, #1f2227);
  --field: light-dark(#ffffff, #16181c);
  --text: light-dark(#1b1f24, #e6e8eb);
  --quiet: light-dark(#57606a, #a2abb6);
  --line: light-dark(#d5dae0, #363b43);
  --edge: light-dark(#7d8590, #7d8590);
  --accent: light-dark(#0b57b5, #7db4ff);
  --on-accent: light-dark(#ffffff, #10141a);
  --pass: light-dark(#116329, #6fdd8b);
  --pass-back: light-dark(#dcf5e3, #16341f);
  --fail: light-dark(#a40e26, #ff9b9b);
  --fail-back: light-dark(#ffe9e7, #45191b);
  --skip: light-dark(#57606a, #a2abb6);
  --skip-back: light-dark(#eaeef2, #2b3038);
  font: 1rem/1.45 system-ui, sans-serif;
  scroll-padding-top: 8rem;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--text); overflow-wrap: anywhere; }
header, main, footer, noscript { max-width: 80rem; margin: 0 auto; padding: 0.75rem 1rem; display: block; }
header {
  position: sticky; top: 0; z-index: 1; background: var(--page); border-bottom: 1px solid var(--line);
  display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: center;
}
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: 1rem; margin: 0; }
p { margin: 0; }
a { color: var(--accent); }
code, textarea { font-family: ui-monospace, monospace; font-size: 0.875rem; }

main { display: grid; gap: 1rem; align-items: start; }
.results { display: grid; gap: 1rem; min-width: 0; }
@media (min-width: 60rem) {
  main { grid-template-columns: 27rem minmax(0, 1fr); }
  .beside { grid-template-columns: 5fr 6fr; gap: 1rem; }
}
form, section { background: var(--panel); border: 1px solid var(--line); border-radius: 0.5rem; padding: 1rem; min-width: 0; }
form, .beside, .audiences { display: grid; gap: 0.75rem; align-content: start; min-width: 0; }
.field { display: grid; gap: 0.25rem; align-content: start; }
label { font-weight: 600; }
.box { display: grid; grid-template-columns: auto 1fr; gap: 0.5rem; align-items: baseline; }
.box label { font-weight: 400; }
.help { color: var(--quiet); font-size: 0.875rem; }
.problem { color: var(--fail); font-size: 0.875rem; }
input:not([type=checkbox]), select, textarea {
  width: 100%; padding: 0.5rem; color: var(--text); background: var(--field);
  border: 1px solid var(--edge); border-radius: 0.25rem;
}
input:not([type=checkbox]), select { font: inherit; }
input[type=checkbox] { width: 1.125rem; height: 1.125rem; accent-color: var(--accent); align-self: center; }
input[aria-invalid=true] { border: 2px solid var(--fail); }
textarea { display: block; resize: vertical; }
button {
  font: inherit; padding: 0.4rem 0.75rem; color: var(--accent); background: var(--field);
  border: 1px solid var(--accent); border-radius: 0.25rem; cursor: pointer; justify-self: start;
}
button[aria-pressed=true] { color: var(--on-accent); background: var(--accent); }
button[aria-pressed=true]::before { content: '✓ '; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
section:has(:is(ol, tbody):empty) { display: none; }
fieldset { border: 0; border-top: 1px solid var(--line); margin: 0; padding: 0.75rem 0 0; display: flex; flex-wrap: wrap; gap: 0.5rem; min-width: 0; }
legend { font-weight: 600; padding: 0 0.5rem 0 0; }

#verdict { flex: 1 1 20rem; padding: 0.35rem 0.75rem; border-radius: 0.25rem; border-left: 0.375rem solid currentcolor; background: var(--skip-back); color: var(--skip); }
#verdict.accepted { background: var(--pass-back); color: var(--pass); }
#verdict.refused { background: var(--fail-back); color: var(--fail); }

#checks { list-style: none; margin: 0.5rem 0 0; padding: 0; }
#checks li { display: grid; grid-template-columns: 4rem minmax(0, 1fr); gap: 0.25rem 0.75rem; padding: 0.4rem 0; border-top: 1px solid var(--line); }
#checks li:first-child { border-top: 0; }
.result { justify-self: start; min-width: 3.5rem; text-align: center; font-weight: 600; border: 1px solid currentcolor; border-radius: 0.25rem; font-size: 0.875rem; align-self: start; }
.passed .result { color: var(--pass); background: var(--pass-back); }
.failed .result { color: var(--fail); background: var(--fail-back); }
.not_checked .result { color: var(--skip); background: var(--skip-back); }
.hint { grid-column: 2; font-size: 0.9375rem; }
.failed .hint { border-left: 3px solid var(--fail); padding-left: 0.75rem; }
.not_checked .hint { color: var(--quiet); }
.failed code { color: var(--fail); }

table { width: 100%; border-collapse: collapse; margin-top: 0.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0; border-top: 1px solid var(--line); }
tr:first-child > * { border-top: 0; }
th { font-weight: 600; font-size: 0.9375rem; width: 18rem; }
.words { display: block; color: var(--quiet); font-size: 0.875rem; }
.title { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin-bottom: 0.5rem; }
.title h2 { flex: 1; }
.title span { color: var(--pass); font-size: 0.875rem; }
footer { color: var(--quiet); font-size: 0.875rem; }
@media (max-width: 40rem) {
  th, td { display: block; width: auto; padding-bottom: 0; }
  td { border-top: 0; padding: 0 0 0.3rem; }
  .hint { grid-column: 1 / -1; }
}
`;
