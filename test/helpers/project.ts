import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../src/emulator/index.js";
import { type Ended, environment, root, run } from "./child.js";
import { engine } from "./engine.js";

/** A Pulumi project in a temporary folder, with a stack in its own file backend. */
export class Project {
  readonly #folder = mkdtempSync(join(tmpdir(), "outboundbot-e2e-"));
  readonly #program: string;
  readonly #project: string;
  readonly #env: NodeJS.ProcessEnv;

  /** @param example the name of a folder in examples/, which is copied as the program. */
  constructor(
    example: string,
    emulator: Pick<Emulator, "environment">,
    changes: Readonly<Record<string, string>> = {},
  ) {
    const backend = join(this.#folder, "backend");
    mkdirSync(backend);
    const directory = join(this.#folder, "project");
    this.#program = join(directory, "examples", example);
    cpSync(join(root, "examples", example), this.#program, {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
    for (const file of ["Pulumi.yaml", "package.json"]) {
      cpSync(join(root, file), join(directory, file));
    }
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"), "junction");
    // An example without a Pulumi.yaml uses the one in the root folder.
    this.#project = existsSync(join(this.#program, "Pulumi.yaml")) ? this.#program : directory;
    this.#env = environment({
      ...emulator.environment,
      PULUMI_HOME: join(this.#folder, "home"),
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...changes,
    });
  }

  /** Returns the path of a file relative to the project. */
  path(...parts: string[]): string {
    return join(this.#folder, ...parts);
  }

  /** Replaces the program. */
  program(text: string): void {
    writeFileSync(join(this.#program, "index.ts"), text);
  }

  /** Runs the engine, and returns its outcome. */
  run(...args: string[]): Promise<Ended> {
    return run(engine ?? "pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.#project,
      env: this.#env,
      timeout: 100_000,
    });
  }

  /** Runs the engine, which must succeed, and returns its output. */
  async succeed(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(...args);
    assert.equal(status, 0, `pulumi ${args.join(" ")}\n${stdout}\n${stderr}`);
    return stdout;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
