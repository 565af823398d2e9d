// npm run audit: runs the audit that is given as arguments, and says so where the registry serves none.
import { spawnSync } from 'node:child_process';

const [program = '', ...args] = process.argv.slice(2);
const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
if (error !== undefined) {
  throw error;
}
process.stdout.write(stdout);
process.stderr.write(stderr);

// The registry answered with something else than an audit, or not at all. Not to be taken for an audit that found nothing.
const isUnserved = `${stdout}${stderr}`.includes('ERR_PNPM_AUDIT_BAD_RESPONSE');
if (isUnserved) {
  console.log('Nothing was checked: the registry cannot be reached, or serves no audits.');
}
process.exitCode = isUnserved ? 0 : (status ?? 1);
