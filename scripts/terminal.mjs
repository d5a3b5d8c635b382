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
 * Prints rows below their titles, in columns. The last column may be of any width: names in Chinese take two places a letter.
 *
 * @param titles the titles of the columns.
 * @param rows the cells of each row; numbers stand on the right.
 */
function table(titles, rows) {
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => String(row[column]).length)),
  );
  const line = (cells, style) => {
    const padded = cells.map((cell, column) => {
      if (column === titles.length - 1) {
        return String(cell);
      }
      const width = widths[column];
      return typeof cell === "number" ? String(cell).padStart(width) : String(cell).padEnd(width);
    });
    console.log(style(`  ${padded.join("  ")}`));
  };
  line(titles, dim);
  for (const row of rows) {
    line(row, (text) => text);
  }
}

/**
 * Shows what was found by tag, and which dialer got it.
 *
 * @param dialers the bots by dialer.
 */
export function showFound(dialers) {
  const rows = Object.entries(dialers).flatMap(([dialer, bots]) =>
    bots.map(({ id, name, calls }) => [dialer, id, calls, name]),
  );
  table(["dialer", "instance id", "calls at once", "name"], rows);
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
