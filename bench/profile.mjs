// Measures the CPU time of a lookup by kind of work.
import { Session } from "node:inspector/promises";

/** The kinds of work, by the innermost matching function on the stack. */
const kinds = [
  ["garbage collection", ({ functionName }) => functionName === "(garbage collector)"],
  ["JSON parsing", ({ functionName }) => functionName === "parseJson"],
  ["UTF-8 decoding", ({ functionName }) => functionName === "takeText"],
  ["the search for secrets", ({ functionName }) => functionName === "containsSecret"],
  ["reading the fields of the instances", ({ functionName }) => functionName === "readPage"],
  ["signing", ({ functionName, url }) => functionName === "#sign" || url.includes("/@alicloud/")],
  [
    "HTTP in Node.js",
    ({ url }) => /^node:(_http|http|net|internal\/(js_)?stream|internal\/streams)/.test(url),
  ],
];

/** Returns the share of each kind of work in the CPU time of `run`, largest first. */
export async function profiled(run) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.start");
  await run();
  const { profile } = await session.post("Profiler.stop");
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  const kindOf = (id) => {
    for (let at = id; at !== undefined; at = parents.get(at)) {
      const frame = nodes.get(at).callFrame;
      const kind = kinds.find(([, matches]) => matches(frame));
      if (kind !== undefined) {
        return kind[0];
      }
    }
    return "everything else";
  };
  const microseconds = new Map();
  profile.samples.forEach((id, index) => {
    if (!["(idle)", "(program)"].includes(nodes.get(id).callFrame.functionName)) {
      const kind = kindOf(id);
      microseconds.set(kind, (microseconds.get(kind) ?? 0) + profile.timeDeltas[index]);
    }
  });
  const total = [...microseconds.values()].reduce((sum, part) => sum + part, 0);
  return [...microseconds]
    .map(([kind, part]) => ({ kind, share: part / total }))
    .sort((one, other) => other.share - one.share);
}
