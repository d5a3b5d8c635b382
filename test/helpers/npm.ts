/** A command of npm, through the Node that runs this where it can be: a bare name is a shell script on Windows. */
export function npm(...args: readonly string[]): [command: string, ...args: string[]] {
  const { npm_execpath: path } = process.env;
  return path !== undefined && /npm-cli\.c?js$/.test(path)
    ? [process.execPath, path, ...args]
    : ["npm", ...args];
}
