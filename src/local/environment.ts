/** Where programs, homes, libraries and fonts are, the language and the time zone, and the way out through a proxy. */
const NEEDED = [
  /^(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR)$/,
  /^(JAVA_HOME|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|FONTCONFIG_\w+|XDG_\w+|MALLOC_ARENA_MAX)$/,
  /^(https?|all|no)_proxy$/i,
  /^SSL_CERT_(FILE|DIR)$/,
];

/**
 * What of our environment another program gets: what it needs to run at all. Everything else, the providers' credentials
 * above all, stays with us: a broker, a database and a browser full of foreign pages have no use for them.
 */
export const bareEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => NEEDED.some((needed) => needed.test(name))));
