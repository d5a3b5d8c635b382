/** npm, through the Node that runs this where it can be: a bare name is a shell script on Windows. */
export const npm = /npm-cli\.c?js$/.test(process.env.npm_execpath ?? "")
  ? { command: process.execPath, args: [process.env.npm_execpath] }
  : { command: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
