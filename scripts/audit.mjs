// Asks the registry for known holes in the runtime dependencies.
import { capture, Finding } from "./gate.mjs";
import { npm } from "./npm.mjs";
import { stop } from "./tools.mjs";

const timeLimit = 30_000;

/** @returns what the registry said, or that it said nothing. @throws the holes that it knows of, from moderate on. */
export async function audit() {
  const asked = ["audit", "--omit=dev", "--workspaces=false", "--json", "--loglevel=silent"];
  const limits = ["--fetch-retries=0", `--fetch-timeout=${timeLimit}`];
  const { text } = await capture(npm.command, [...npm.args, ...asked, ...limits]);
  if (stop.signal.aborted) {
    return undefined;
  }
  const answer = parse(text);
  const counts = answer?.metadata?.vulnerabilities;
  if (counts === undefined) {
    return `NOT CHECKED, the registry did not answer (${answer?.message ?? "no reason given"})`;
  }
  if (counts.moderate + counts.high + counts.critical > 0) {
    throw new Finding(text);
  }
  return counts.total === 0 ? "no known hole" : `${counts.total} of low severity`;
}

function parse(text) {
  try {
    return JSON.parse(text.slice(text.indexOf("{")));
  } catch {
    return undefined;
  }
}
