import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The layout of a program's dependencies, by package manager. */
export type Layout = "npm" | "pnpm" | "linked";

/** A Pulumi project in a temporary folder with the built package and the SDK installed. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
}

const root = resolve(__dirname, "../..");

/**
 * Installs the package into a new project. `npm` copies it into `node_modules`, `pnpm` links it from a store in which only direct
 * dependencies are visible, and `linked` is `npm link`.
 */
export async function installProject(layout: Layout, files: Record<string, string> = {}): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "outboundbot-project-"));
  const modules = join(folder, "node_modules");
  await mkdir(modules);
  const store = join(modules, ".pnpm/pulumi-outboundbot@0.1.0/node_modules");
  if (layout === "npm") {
    await copyPackage(join(modules, "pulumi-outboundbot"));
    await linkDependencies(modules);
  } else if (layout === "pnpm") {
    await copyPackage(join(store, "pulumi-outboundbot"));
    await linkDependencies(store);
    await symlink(join(store, "pulumi-outboundbot"), join(modules, "pulumi-outboundbot"));
    await symlink(join(root, "node_modules/@pulumi"), join(modules, "@pulumi"));
  } else {
    await symlink(root, join(modules, "pulumi-outboundbot"));
    await symlink(join(root, "node_modules/@pulumi"), join(modules, "@pulumi"));
  }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

async function copyPackage(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await cp(join(root, "package.json"), join(target, "package.json"));
  // `npm test` has built it.
  await cp(join(root, "dist"), join(target, "dist"), { recursive: true });
}

async function linkDependencies(modules: string): Promise<void> {
  for (const entry of await readdir(join(root, "node_modules"), { withFileTypes: true })) {
    // A link here is a workspace of this repository.
    if (entry.isDirectory()) {
      await symlink(join(root, "node_modules", entry.name), join(modules, entry.name)).catch(() => {});
    }
  }
}
