// What the demo prints, whether a real engine runs it or Pulumi's mocks do: in colour only where the terminal takes it.
import { stdout } from "node:process";
import { styleText } from "node:util";

/** Whether the terminal takes colours: a pipe does not, and NO_COLOR or TERM=dumb says so too. */
export const colours = stdout.isTTY === true && stdout.hasColors();

const styled = (style) => (text) => (colours ? styleText(style, text) : text);
const bold = styled("bold");
const dim = styled("dim");
const green = styled("green");

/** Prints what happens next. */
export function heading(text) {
  console.log(`\n${bold(text)}`);
}

/** Prints a command that is run. */
export function command(text) {
  console.log(`${dim("$")} ${green(text)}`);
}

/**
 * Shows what was found by tag, and which dialer got it. The names stand last: in Chinese they take two places a letter.
 *
 * @param dialers the bots by dialer.
 */
export function showFound(dialers) {
  const found = Object.entries(dialers).flatMap(([dialer, bots]) =>
    bots.map(({ id, name, calls }) => [dialer, id, String(calls), name]),
  );
  const rows = [["dialer", "instance id", "calls at once", "name"], ...found];
  const [dialerWidth, idWidth, callsWidth] = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column].length)),
  );
  for (const [index, [dialer, id, calls, name]] of rows.entries()) {
    const line = `  ${dialer.padEnd(dialerWidth)}  ${id.padEnd(idWidth)}  ${calls.padStart(callsWidth)}  ${name}`;
    console.log(index === 0 ? dim(line) : line);
  }
}

/** Shows the same with an account of one's own. */
export function showNextSteps() {
  heading("With your own account, in a Pulumi project in TypeScript:");
  command("npm install pulumi-outboundbot");
  command("pulumi config set outboundbot:profile NAME   # a profile of the aliyun client, or:");
  command("export ALIBABA_CLOUD_ACCESS_KEY_ID=… ALIBABA_CLOUD_ACCESS_KEY_SECRET=…");
  console.log(`
  import { getInstancesOutput } from "pulumi-outboundbot";
  export const ids = getInstancesOutput({ tags: { env: "prod" } }).ids;
`);
  command("pulumi preview");
  console.log(`
Where ${bold("@pulumi/alicloud")} works already, no setting is needed. The key needs the RAM action outboundbot:ListInstances.
README.md has more programs, docs/settings.md every way to sign in.`);
}
