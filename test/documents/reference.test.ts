import assert from "node:assert/strict";
import * as publicNames from "../../src/index.js";
import { commonArguments } from "../../src/lists/arguments.js";
import { instances } from "../../src/lists/instances.js";
import { outboundCallNumbers } from "../../src/lists/outboundCallNumbers.js";
import { scripts } from "../../src/lists/scripts.js";
import { argumentNames, notForStreams } from "../../src/lookup/checkArguments.js";
import schema from "../../src/plugin/schema.json";
import { readDocument } from "../helpers/markdown.js";

/** Returns the rows of the table under a heading, header first, as cells. */
function table(page: string, heading: string): string[][] {
  const [, section = ""] = readDocument(page).split(new RegExp(`^#+ ${heading}$`, "m"));
  const [part = ""] = section.split(/^#/m);
  const rows = part.split("\n").filter((line) => line.startsWith("|"));
  return rows
    .filter((row) => !row.startsWith("|---"))
    .map((row) =>
      row
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
}

/** Returns the names in code format in the first cells of a table, without the arguments of functions. */
function names(page: string, heading: string): string[] {
  return table(page, heading)
    .slice(1)
    .flatMap(([cell = ""]) => [...cell.matchAll(/`(?:new )?(\w+)[^`]*`/g)].map(([, name = ""]) => name));
}

const reference = "docs/reference.md";
const lists = [
  { heading: "Instances", list: instances, result: schema.functions["outboundbot:index:getInstances"] },
  { heading: "Scripts", list: scripts, result: schema.functions["outboundbot:index:getScripts"] },
  {
    heading: "Numbers",
    list: outboundCallNumbers,
    result: schema.functions["outboundbot:index:getOutboundCallNumbers"],
  },
] as const;

describe("docs/reference.md and README.md", () => {
  it("have every function", () => {
    const functions = Object.keys(publicNames).filter(
      (name) => /^[a-z]/.test(name) || name === "InstanceLookup",
    );
    for (const page of [reference, "README.md"]) {
      assert.deepEqual(names(page, "Functions").sort(), functions.sort(), page);
    }
  });
});

describe("docs/reference.md", () => {
  for (const { heading, list } of lists) {
    it(`has every argument of ${list.functions.all}`, () => {
      const own = Object.keys(list.checks).filter((name) => !Object.hasOwn(commonArguments, name));
      assert.deepEqual(names(reference, heading), own);
    });
  }

  it("has every shared argument, and the functions that don't accept it", () => {
    assert.deepEqual(names(reference, "All functions"), Object.keys(commonArguments));
    for (const [cell = "", , , exceptions = ""] of table(reference, "All functions").slice(1)) {
      const name = cell.replaceAll("`", "");
      assert.equal(exceptions, withoutArgument(name).join(", "), name);
    }
  });

  /** Returns the functions without an argument, as the table writes them. */
  function withoutArgument(name: string): string[] {
    const lookup = schema.resources["outboundbot:index:InstanceLookup"].inputProperties;
    return [
      ...(argumentNames(instances, "getInstance").includes(name) ? [] : ["`getInstance`"]),
      ...(argumentNames(scripts, "getScript").includes(name) ? [] : ["`getScript`"]),
      ...(argumentNames(instances, "listInstances", notForStreams).includes(name) ? [] : ["streams"]),
      ...(name === "ids" || Object.hasOwn(lookup, name) ? [] : ["`InstanceLookup`"]),
    ];
  }

  it("has every field of the lists", () => {
    const rows = table(reference, "Lists").slice(1);
    for (const [index, { list, result }] of lists.entries()) {
      const fields = rows
        .filter((row) => row[index + 1] !== "")
        .map(([cell = ""]) => cell.replaceAll("`", ""));
      const found = Object.keys(result.outputs.properties).filter(
        (name) => name === "ids" || !Object.hasOwn(list.checks, name),
      );
      assert.deepEqual(fields.sort(), found.sort(), list.functions.all);
    }
  });

  for (const [heading, type] of [
    ["Instance", schema.types["outboundbot:index:Instance"]],
    ["Script", schema.types["outboundbot:index:Script"]],
    ["Outbound call number", schema.types["outboundbot:index:OutboundCallNumber"]],
  ] as const) {
    it(`has every field of an item: ${heading}`, () => {
      const [, section = ""] = readDocument(reference).split(`\n### ${heading}\n`);
      const [fields = ""] = section.split(/^#/m);
      const found = [...fields.matchAll(/`([a-z]\w+)`/g)].map(([, name = ""]) => name);
      assert.deepEqual(found, Object.keys(type.properties));
    });
  }
});

describe("docs/errors.md", () => {
  it("has every class of error", () => {
    const classes = Object.keys(publicNames).filter((name) => name.endsWith("Error"));
    assert.deepEqual([...new Set(names("docs/errors.md", "Classes"))].sort(), classes.sort());
  });
});
