/*
 * What the fence of a code block may say. Programs are whole modules, and compile; `run` says that they also end by
 * themselves, and well; `fragment` that they are neither whole nor tried.
 */
import { spawnSync } from 'node:child_process';
import type { Problem } from './documents.ts';
import type { CodeBlock } from './markdown.ts';

const PROGRAMS = ['ts', 'js'];
const OTHERS = [
  '',
  'apache',
  'console',
  'diff',
  'dockerfile',
  'http',
  'ini',
  'json',
  'md',
  'mermaid',
  'nginx',
  'python',
  'sh',
  'text',
  'yaml',
];

export function isCompiled({ language, words }: CodeBlock): boolean {
  return PROGRAMS.includes(language) && !words.includes('fragment');
}

export function isRun({ language, words }: CodeBlock): boolean {
  return PROGRAMS.includes(language) && words.includes('run');
}

/** What is wrong with a block that the compiler does not see, or would not look for. */
export function faultOf(block: CodeBlock): Problem | undefined {
  const fault = faultOfFence(block) ?? faultOfJson(block) ?? faultOfShell(block);
  return fault === undefined ? undefined : `${block.document}:${block.line}: ${fault}`;
}

function faultOfFence({ language, words }: CodeBlock): string | undefined {
  if (![...PROGRAMS, ...OTHERS].includes(language)) {
    return `no block is in "${language}": see fences.ts.`;
  }
  const known = PROGRAMS.includes(language) ? ['run', 'fragment'] : [];
  return words.length > 1 || words.some((word) => !known.includes(word))
    ? `"${words.join(' ')}" says nothing behind "${language}".`
    : undefined;
}

function faultOfJson({ language, text }: CodeBlock): string | undefined {
  try {
    return language === 'json' ? void JSON.parse(text) : undefined;
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : error}`;
  }
}

/** Reads the script, and runs nothing. */
function faultOfShell({ language, text }: CodeBlock): string | undefined {
  const { stderr } = language === 'sh' ? spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }) : { stderr: '' };
  return stderr === '' ? undefined : stderr.trim();
}
