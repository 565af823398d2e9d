import { DEFAULT_MANAGEMENT_PORT } from '../ports.ts';
import { DEFAULT_CONFIG_FILE, type Layout } from './front-server.ts';

/** An image that starts the guard: without root, and with a health check. */
export function dockerfile({ guardPort, managementPort, args }: Layout): string {
  const isProxy = args.includes('--upstream') || args.some((word) => word.startsWith('--upstream='));
  const health = managementPort ?? (isProxy ? DEFAULT_MANAGEMENT_PORT : guardPort);
  const check = `fetch('http://127.0.0.1:${health}/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return `
FROM node:24-slim
RUN npm install --global --ignore-scripts --no-fund --no-audit @id-token-guard/cli && npm cache clean --force
USER node
EXPOSE ${guardPort}
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["node", "-e", ${JSON.stringify(check)}]
ENTRYPOINT ["id-token-guard", "serve", "--host", "0.0.0.0", "--port", "${guardPort}"]
CMD ${JSON.stringify(args.length === 0 ? ['--config', DEFAULT_CONFIG_FILE] : args)}
`;
}
