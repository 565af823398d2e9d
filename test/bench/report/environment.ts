import { cpus, release, totalmem, type } from 'node:os';
import type { Environment } from '../measuring/results.ts';

export function environmentWith(versions: Environment['versions']): Environment {
  const processors = cpus();
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    openssl: process.versions.openssl,
    platform: `${type()} ${release().replace(/^(\d+\.\d+).*/, '$1')}, ${process.arch}`,
    processor: processors[0]?.model ?? 'unknown',
    processors: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    versions,
  };
}

/** The environment as sentences. */
export function describeEnvironment(environment: Environment): string {
  const { node, v8, openssl, platform, processor, processors, memoryGiB, versions } = environment;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Node.js ${node} (V8 ${v8}, OpenSSL ${openssl}) on ${platform}: ${processors} × ${processor}, ${memoryGiB} GiB.`,
    `Compared: ${packages.join(', ')}.`,
  ].join('\n\n');
}
