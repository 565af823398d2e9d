/*
 * Every program in every Markdown file compiles, and those that say so run.
 */
import { describe, expect, test, vi } from 'vitest';
import { documents } from './support/documents.ts';
import { faultOf, isCompiled, isRun } from './support/fences.ts';
import { type CodeBlock, codeBlocksOf } from './support/markdown.ts';
import { compile, runProgram, writeProject } from './support/programs.ts';

// Longer than programs are given.
vi.setConfig({ testTimeout: 60_000 });

// The reference shows the doc comments, whose examples are fragments that editors colour.
const written = documents.filter(({ path }) => !path.startsWith('docs/reference/'));
const blocks = written.flatMap(codeBlocksOf);
const project = writeProject(blocks);
const errors = await compile(project);
console.log(
  `In ${written.length} documents: ${blocks.filter(isCompiled).length} programs compiled, ${blocks.filter(isRun).length} run, of ${blocks.length} code blocks.`,
);

test.each(written.filter((document) => codeBlocksOf(document).length > 0))('the code blocks of $path', ({ path }) => {
  const faults = blocks.filter(({ document }) => document === path).map(faultOf);

  expect([...faults.filter(Boolean), ...errors.filter((error) => error.startsWith(`${path}:`))]).toEqual([]);
});

test.each(blocks.filter(isRun))('the program at $document:$line runs', async (block) => {
  expect(await runProgram(project, block)).toBeUndefined();
});

describe('a fault is found, with its line:', () => {
  test.each([
    ['json', '{"a": 1,}', 'not JSON: '],
    ['sh', 'curl "https://example.com', 'bash: line 1: unexpected EOF'],
    ['ts runs', '', '"runs" says nothing behind "ts".'],
    ['json run', '{}', '"run" says nothing behind "json".'],
    ['typescript', '', 'no block is in "typescript": see fences.ts.'],
  ])('%s', (info, text, problem) => {
    const [block] = codeBlocksOf({ path: 'docs/x.md', text: `# Title\n\n\`\`\`${info}\n${text}\n\`\`\`\n` });

    expect(faultOf(block as CodeBlock)).toContain(`docs/x.md:4: ${problem}`);
  });

  const text = `
\`\`\`ts [a tab]
import { anyCaller } from '@id-token-guard/core';

export const rule: string = anyCaller;
\`\`\`

- In an item:

  \`\`\`js run
  throw new Error('on purpose');
  \`\`\`

\`\`\`ts fragment
app.use(guard);
\`\`\`

\`\`\`ts run
import { expect, test } from 'vitest';

test('fails', () => expect(1).toBe(2));
\`\`\`
`;
  const faulty = codeBlocksOf({ path: 'docs/x.md', text });
  const faultyProject = writeProject(faulty);

  test('a type error, in blocks that are no fragments', async () => {
    expect(await compile(faultyProject)).toEqual([
      "docs/x.md:5: error TS2322: Type 'CallerRule' is not assignable to type 'string'.",
    ]);
  });

  test('a program that fails', async () => {
    const problems = await Promise.all(faulty.filter(isRun).map((block) => runProgram(faultyProject, block)));

    expect(problems).toEqual([
      expect.stringMatching(/^docs\/x\.md:11: does not run\. .*on purpose/s),
      expect.stringMatching(/^docs\/x\.md:19: does not run\. .*expected 1 to be 2/s),
    ]);
  });
});
