/*
 * A real browser: Debian's package "chromium", or the executable that CHROMIUM names.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Tests that need a browser are left out where there is none. Says so. */
export function isChromiumInstalled(tests: string): boolean {
  const isInstalled = existsSync(executablePath);
  if (!isInstalled) {
    console.log(`There is no Chromium at ${executablePath}: ${tests} are left out.`);
  }
  return isInstalled;
}

/** Asks nobody for updates or the like. */
export function launchChromium(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  return chromium.launch({
    executablePath,
    headless: true,
    args: [...args, '--disable-background-networking', '--disable-component-update'],
  });
}
