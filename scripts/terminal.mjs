// How the demo looks in a terminal: colour only where it is wanted, the same words without it.
import { stdout } from "node:process";

/** Whether the terminal takes colours: a pipe does not, and NO_COLOR or TERM=dumb says so too. */
export const colours = stdout.isTTY === true && stdout.hasColors();

const styled = (start, end) => (text) => (colours ? `\u001b[${start}m${text}\u001b[${end}m` : text);
export const bold = styled(1, 22);
const dim = styled(2, 22);
const green = styled(32, 39);

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
export function table(titles, rows) {
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
