// The output of the demo, with a real engine or Pulumi's mocks. Uses color only if the terminal supports it.
import { stdout } from "node:process";
import { styleText } from "node:util";

/** Whether the terminal supports color. A pipe doesn't, and NO_COLOR or TERM=dumb turn it off. */
export const colours = stdout.isTTY === true && stdout.hasColors();

const styled = (style) => (text) => (colours ? styleText(style, text) : text);
const bold = styled("bold");
const dim = styled("dim");
const green = styled("green");

/** Prints the next step. */
export function heading(text) {
  console.log(`\n${bold(text)}`);
}

/** Prints a command. */
export function command(text) {
  console.log(`${dim("$")} ${green(text)}`);
}

/**
 * Prints the instances found by tag, and their dialer. The names come last, because Chinese characters are two columns wide.
 *
 * @param dialers the bots by dialer.
 */
export function showFound(dialers) {
  const found = Object.entries(dialers).flatMap(([dialer, bots]) =>
    bots.map(({ id, name, calls }) => [dialer, id, String(calls), name]),
  );
  const rows = [["dialer", "instance ID", "max calls", "name"], ...found];
  const [dialerWidth, idWidth, callsWidth] = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column].length)),
  );
  for (const [index, [dialer, id, calls, name]] of rows.entries()) {
    const line = `  ${dialer.padEnd(dialerWidth)}  ${id.padEnd(idWidth)}  ${calls.padStart(callsWidth)}  ${name}`;
    console.log(index === 0 ? dim(line) : line);
  }
}

/** Prints how to do the same with a real account. */
export function showNextSteps() {
  heading("To use your own account, in a TypeScript project:");
  command("npm install CLONE/pulumi-outboundbot-0.1.0.tgz   # npm pack in the clone creates this file");
  command("pulumi config set outboundbot:profile NAME   # a profile of the Alibaba Cloud CLI, or:");
  command("export ALIBABA_CLOUD_ACCESS_KEY_ID=… ALIBABA_CLOUD_ACCESS_KEY_SECRET=…");
  console.log(`
  import { getInstancesOutput } from "pulumi-outboundbot";
  export const ids = getInstancesOutput({ tags: { env: "prod" } }).ids;
`);
  command("pulumi preview");
  console.log(`
If you already use ${bold("@pulumi/alicloud")}, its credentials work here. They need permission for outboundbot:ListInstances.
For more programs, see README.md. For every way to sign in, see docs/settings.md.`);
}
