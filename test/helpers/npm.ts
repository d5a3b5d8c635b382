/** Returns an npm command. Runs npm through the current Node if possible, because on Windows `npm` is a shell script. */
export function npm(...args: readonly string[]): [command: string, ...args: string[]] {
  const { npm_execpath: path } = process.env;
  return path !== undefined && /npm-cli\.c?js$/.test(path)
    ? [process.execPath, path, ...args]
    : ["npm", ...args];
}
