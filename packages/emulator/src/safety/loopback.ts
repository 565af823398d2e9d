import { isIPv4 } from 'node:net';

/** Whether a host, with or without port, as in a Host header or a URL, is this machine. Names other than localhost are not. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'));
}
