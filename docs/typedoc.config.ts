/*
 * The API reference: what the packages export, from its doc comments, a page per import.
 */
import { globSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Application, Converter, ReflectionKind, type TypeDocOptions } from 'typedoc';
import { MarkdownPageEvent, type PluginOptions } from 'typedoc-plugin-markdown';

const PACKAGES = fileURLToPath(new URL('../packages', import.meta.url));

/** By file: what people import it as, such as `@id-token-guard/core/stores`. */
const specifiers: ReadonlyMap<string, string> = new Map(
  // In order: what adapters hand on of core has its place on the page of core, which comes first.
  globSync('*/package.json', { cwd: PACKAGES })
    .toSorted()
    .flatMap((path) => {
      const { name, exports } = JSON.parse(readFileSync(join(PACKAGES, path), 'utf8'));
      return Object.entries<string>(exports).map(([subpath, file]) => [
        join(PACKAGES, path, '..', file),
        posix.join(name, subpath),
      ]);
    }),
);

/** Pages are named after what people import, not after files. */
function nameModules(app: Application): void {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (reflection.kindOf(ReflectionKind.Module)) {
      const [declaration] = context.getSymbolFromReflection(reflection)?.declarations ?? [];
      reflection.name = specifiers.get(declaration?.getSourceFile().fileName ?? '') ?? reflection.name;
    }
  });
}

function sayWhoWrote(app: Application): void {
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    page.contents = `<!-- \`npm run docs:api\` writes this from the doc comments. -->\n\n${page.contents}`;
  });
}

const options: TypeDocOptions & PluginOptions = {
  plugin: ['typedoc-plugin-markdown', nameModules, sayWhoWrote],
  entryPoints: [...specifiers.keys()].map((file) =>
    relative(import.meta.dirname, file)
      .split(sep)
      .join('/'),
  ),
  tsconfig: 'tsconfig.json',
  // The compiler of the workspace is stricter, and newer.
  skipErrorChecking: true,
  router: 'module',
  out: 'reference',
  name: 'API reference',
  readme: 'none',
  disableSources: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  excludeScopesInPaths: true,
  excludeExternals: true,
  groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases'],
  // Links then lead to ids that are written out, not to what GitHub makes of headings.
  useHTMLAnchors: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  // All is readonly, and the doc comments tell defaults.
  tableColumnSettings: { hideModifiers: true, hideDefaults: true, hideInherited: true, hideOverrides: true },
};

export default options;
