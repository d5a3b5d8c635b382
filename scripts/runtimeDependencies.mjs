// What `npm install` of this package brings: read from package-lock.json, found as Node finds it.
import { existsSync, readFileSync } from "node:fs";
import { Finding } from "./gate.mjs";
import { root } from "./tools.mjs";

/** Licences that allow what this package's own does, and ask for no more than their notice. */
const allowed = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Python-2.0",
  "Unlicense",
]);

/** Packages whose statement is no name on the list, with what it stands for: read in the package by a person. */
const read = {
  "@darabonba/typescript": { states: "Apache License 2.0", is: "Apache-2.0" },
  "@logdna/tail-file": { states: "SEE LICENSE IN LICENSE", is: "MIT" },
  // A list of names, not a program: asks for its source to be named, as it is in its own package.
  "spdx-exceptions": { states: "CC-BY-3.0", is: "CC-BY-3.0" },
};

const lock = readJson(`${root}/package-lock.json`).packages;

/** The places in node_modules of all runtime dependencies, those of dependencies included. */
export function runtimeDependencies() {
  const found = new Set();
  const visit = (from) => {
    const { dependencies, optionalDependencies } = lock[from];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const place = placeOf(name, from);
      if (!found.has(place)) {
        found.add(place);
        visit(place);
      }
    }
  };
  visit("");
  return [...found].sort();
}

function placeOf(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const place = `${folder}${folder && "/"}node_modules/${name}`;
    if (place in lock) {
      return place;
    }
    if (folder === "") {
      throw new Finding(`package-lock.json lacks ${name}, which ${from || "this package"} needs.`);
    }
  }
}

/** @returns how many there are of each licence. @throws those that are not allowed. */
export function checkLicences() {
  const counts = {};
  const refused = [];
  for (const place of runtimeDependencies()) {
    const licence = licenceOf(place);
    const known = read[place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length)];
    const name = known?.states === licence ? known.is : licence;
    if (name !== known?.is && !isAllowed(name)) {
      refused.push(`${place}: ${name}`);
    }
    counts[name] = (counts[name] ?? 0) + 1;
  }
  if (refused.length > 0) {
    throw new Finding(`Not on the list in scripts/runtimeDependencies.mjs:\n${refused.join("\n")}`);
  }
  return Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([licence, count]) => `${licence} ${count}`)
    .join(", ");
}

function licenceOf(place) {
  const path = `${root}/${place}/package.json`;
  const { license, licenses } = existsSync(path) ? readJson(path) : lock[place];
  const stated = license ?? licenses;
  const names = [stated].flat().map((one) => (typeof one === "string" ? one : one?.type));
  return names.join(" OR ") || "none stated";
}

/** An SPDX expression of names, OR and AND without nested parentheses. */
function isAllowed(expression) {
  return expression
    .replaceAll(/[()]/g, "")
    .split(/ OR /i)
    .some((choice) => choice.split(/ AND /i).every((name) => allowed.has(name.trim())));
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
