/** Where the guard is asked. */
export const DEFAULT_PORT = 8586;

/** Where operators look at a guard that is a proxy: all paths of its port are the app's. */
export const DEFAULT_MANAGEMENT_PORT = 8587;
