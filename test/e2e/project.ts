import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../src/emulator/index.js";
import { type Ended, environment, root, run } from "../support/child.js";
import { engine } from "./engine.js";

/** A Pulumi project in a temporary folder, with a stack in a file backend of its own. */
export class Project {
  readonly #folder = mkdtempSync(join(tmpdir(), "outboundbot-e2e-"));
  readonly #directory = join(this.#folder, "project");
  readonly #env: NodeJS.ProcessEnv;

  /** @param example the name of a folder of examples/; a copy of it is the program. */
  constructor(example: string, emulator: Emulator, changes: Readonly<Record<string, string>> = {}) {
    const backend = join(this.#folder, "backend");
    mkdirSync(backend);
    const program = join("examples", example);
    cpSync(join(root, program), join(this.#directory, program), {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
    for (const file of ["Pulumi.yaml", "package.json"]) {
      cpSync(join(root, file), join(this.#directory, file));
    }
    symlinkSync(join(root, "node_modules"), join(this.#directory, "node_modules"), "junction");
    this.#env = environment({
      ...emulator.environment,
      PULUMI_HOME: join(this.#folder, "home"),
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...changes,
    });
  }

  /** Where a file of the project, or beside it, stands. */
  path(...parts: string[]): string {
    return join(this.#folder, ...parts);
  }

  /** Puts another program in the place of the example's. */
  program(text: string): void {
    writeFileSync(join(this.#directory, "examples", "lookup-by-tag", "index.ts"), text);
  }

  /** Runs the engine, whatever comes of it. */
  run(...args: string[]): Promise<Ended> {
    return run(engine ?? "pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.#directory,
      env: this.#env,
      timeout: 100_000,
    });
  }

  /** Runs the engine, which must succeed, and gives what it prints. */
  async succeed(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(...args);
    assert.equal(status, 0, `pulumi ${args.join(" ")}\n${stdout}\n${stderr}`);
    return stdout;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
