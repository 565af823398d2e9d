/*
 * Mermaid diagrams are drawn when the site is built, so that readers load no program to draw them.
 */
import { renderMermaidSVG } from 'beautiful-mermaid';
import type { MarkdownRenderer } from 'vitepress';

export function drawDiagrams(md: MarkdownRenderer): void {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    return token?.info.trim() === 'mermaid'
      ? `<figure class="diagram" v-pre>${draw(token.content)}</figure>\n`
      : (fence?.(tokens, index, options, env, self) ?? '');
  };
}

/** Without the styles, which name another host; theme/style.css has ours, for light and dark. */
function draw(source: string): string {
  return renderMermaidSVG(source.trim())
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/ style="[^"]*"/, '')
    .replaceAll(/\n\s*/g, ' ');
}
