/**
 * Whoever trusts these keys trusts anybody: they have no place where real requests arrive.
 *
 * @throws Error where the environment looks like production
 */
export function refuseProduction(): void {
  const sign =
    process.env['K_SERVICE'] !== undefined
      ? 'K_SERVICE is set, as on Cloud Run'
      : process.env['NODE_ENV'] === 'production'
        ? 'NODE_ENV is "production"'
        : undefined;
  if (sign !== undefined) {
    throw new Error(
      `The fake Google does not start in production (${sign}): a service that trusts its keys would accept tokens made by anybody.`,
    );
  }
}
