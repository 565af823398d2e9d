/** The folder is not that of the lockfile of the workspace, which Next.js would find. */
const config = { turbopack: { root: import.meta.dirname } };

// biome-ignore lint/style/noDefaultExport: Next.js asks for it.
export default config;
