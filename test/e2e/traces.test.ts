import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../src/emulator/index.js";
import { createStack, needsEngine, whyPending } from "../helpers/engine.js";
import { createProject, hasHost } from "../helpers/languages.js";

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

/** Returns the spans in a trace file of the engine: a line of JSON for each batch. */
function spansIn(file: string): Span[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .flatMap((line) => JSON.parse(line).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans);
}

/** Returns the names of a span and its ancestors, the span's first. */
function ancestry(span: Span, spans: readonly Span[]): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [span.name, ...(parent === undefined ? [] : ancestry(parent, spans))];
}

const program = `
const { getInstances } = require("pulumi-outboundbot");
module.exports = getInstances({ tags: { env: "prod" } }).then(({ ids }) => ({ ids }));
`;

describe(`pulumi --otel-traces on a real engine${whyPending}`, function () {
  this.timeout(300_000);
  before(needsEngine);

  const folder = mkdtempSync(join(tmpdir(), "outboundbot-traces-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function assertTraced(file: string, source: string): void {
    const spans = spansIn(file);
    const lookups = spans
      .filter(({ name }) => name === "outboundbot.getInstances")
      .map((lookup) => ancestry(lookup, spans));
    assert.ok(
      lookups.length > 0 && lookups.every((above) => above.includes(source)),
      JSON.stringify(lookups),
    );
    assert.doesNotMatch(readFileSync(file, "utf8"), /emulator-access-key-secret/);
  }

  it("shows the lookups of a TypeScript or JavaScript program", async () => {
    await using emulator = await startEmulator({ count: 30 });
    await using stack = await createStack(program, emulator.environment);
    const file = join(folder, "program.json");
    const { ok, text } = await stack.run([
      "up",
      "--yes",
      "--skip-preview",
      "--otel-traces",
      `file://${file}`,
    ]);
    assert.ok(ok, text);
    assertTraced(file, "pulumi");
  });

  it("shows the lookups of the plugin below the engine's call", async function () {
    if (!hasHost("python")) {
      this.skip();
    }
    await using emulator = await startEmulator({ count: 30 });
    await using project = await createProject("python", emulator.environment);
    const file = join(folder, "plugin.json");
    for (const args of [
      ["package", "add", "./node_modules/pulumi-outboundbot/plugin"],
      ["stack", "init", "test"],
      ["preview", "--otel-traces", `file://${file}`],
    ]) {
      const { ok, text } = await project.run(args);
      assert.ok(ok, text);
    }
    assertTraced(file, "pulumirpc.ResourceProvider/Invoke");
  });

  it("shows what each lookup did at debug level", async () => {
    await using emulator = await startEmulator({ count: 30 });
    await using stack = await createStack(program, emulator.environment);
    const { text } = await stack.run(["preview", "--debug"]);
    assert.match(text, /OutboundBot: getInstances found \d+ instances in [\d.]+ s: 1 call, 0 throttled, /);
    const quiet = await stack.run(["preview"]);
    assert.doesNotMatch(quiet.text, /OutboundBot:/);
  });
});
