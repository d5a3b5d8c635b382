// Reads the public types of this package for the plugin's schema.
import { join } from "node:path";
import ts from "typescript";

/** A type in the format of a Pulumi schema. */
export interface SchemaType {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: SchemaType;
  readonly additionalProperties?: SchemaType;
}

/** A property of a type. */
export interface Property extends SchemaType {
  readonly description: string;
}

/** The properties of an object in order of declaration, and the names of the required ones. */
export interface ObjectShape {
  readonly properties: Record<string, Property>;
  readonly required: string[];
}

/** The types that have a token in the schema. */
const tokens: Readonly<Record<string, string>> = Object.fromEntries(
  ["Instance", "Script", "ScriptNluProfile", "OutboundCallNumber"].map((name) => [
    name,
    `outboundbot:index:${name}`,
  ]),
);

/**
 * Schema integers have 32 bits in some languages, and times in milliseconds need more. A schema number is a double, which is
 * exact for them.
 */
const doubles: readonly string[] = ["creationTime", "createTime", "updateTime"];

export class TypeReader {
  readonly #checker: ts.TypeChecker;
  readonly #program: ts.Program;
  readonly #root: string;

  constructor(root: string) {
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    this.#root = root;
    this.#program = ts.createProgram([join(root, "src/index.ts")], options);
    this.#checker = this.#program.getTypeChecker();
  }

  /** Returns the properties of an interface or a class, including those inherited from this package. */
  shape(file: string, name: string): ObjectShape {
    const type = this.#checker.getDeclaredTypeOfSymbol(this.#exported(file, name));
    const members = type.getProperties().filter((member) => this.#isOurs(member));
    return {
      properties: Object.fromEntries(members.map((member) => [member.name, this.#property(member)])),
      required: members.filter((member) => !this.#isOptional(member)).map(({ name: member }) => member),
    };
  }

  /** Returns the paragraphs of the doc comment of a function, an interface or a class, without code. */
  description(file: string, name: string): string[] {
    return this.#documentation(this.#exported(file, name))
      .replaceAll(/```.*?```/gs, "")
      .split(/\n\s*\n/)
      .map((paragraph) => paragraph.trim().replaceAll(/\s*\n\s*/g, " "))
      .filter((paragraph) => paragraph !== "");
  }

  #isOurs(member: ts.Symbol): boolean {
    const files = member.declarations?.map((declaration) => declaration.getSourceFile()) ?? [];
    return !files.some((file) => this.#program.isSourceFileFromExternalLibrary(file));
  }

  #exported(file: string, name: string): ts.Symbol {
    const source = this.#program.getSourceFile(join(this.#root, file));
    const module = source === undefined ? undefined : this.#checker.getSymbolAtLocation(source);
    const found = module?.exports?.get(ts.escapeLeadingUnderscores(name));
    if (found === undefined) {
      throw new Error(`${file} exports no ${name}`);
    }
    return found;
  }

  #property(member: ts.Symbol): Property {
    const description = this.#documentation(member).replaceAll(/\s*\n\s*/g, " ");
    if (description === "") {
      throw new Error(`${member.name} has no doc comment`);
    }
    const type = this.#withoutUndefined(member);
    return { ...this.#schemaType(type, member.name), description };
  }

  #documentation(symbol: ts.Symbol): string {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)).trim();
  }

  /** Returns whether a member, or the value of its Output, can be absent. */
  #isOptional(member: ts.Symbol): boolean {
    return (member.flags & ts.SymbolFlags.Optional) !== 0 || this.#mayBeUndefined(this.#valueType(member));
  }

  #mayBeUndefined(type: ts.Type): boolean {
    return type.isUnion() && type.types.some(({ flags }) => (flags & ts.TypeFlags.Undefined) !== 0);
  }

  #withoutUndefined(member: ts.Symbol): ts.Type {
    return this.#checker.getNonNullableType(this.#valueType(member));
  }

  /** Returns the type of a member, or of the value of its Output. */
  #valueType(member: ts.Symbol): ts.Type {
    const type = this.#checker.getTypeOfSymbol(member);
    if (type.aliasSymbol?.name === "Output") {
      return type.aliasTypeArguments?.[0] ?? type;
    }
    // For a value without members to lift, the compiler keeps only a part of the alias.
    const parts = type.isIntersection() ? type.types : [type];
    const output = parts.filter(isReference).find(({ symbol }) => symbol?.name === "OutputInstance");
    return (output && this.#checker.getTypeArguments(output)[0]) ?? type;
  }

  #schemaType(type: ts.Type, name: string): SchemaType {
    const text = this.#checker.typeToString(type);
    const token = tokens[text];
    if (token !== undefined) {
      return { $ref: `#/types/${token}` };
    }
    if (text === "number") {
      return { type: doubles.includes(name) ? "number" : "integer" };
    }
    if (text === "string" || text === "boolean") {
      return { type: text };
    }
    if (type.isUnion() && type.types.every((part) => part.isStringLiteral())) {
      return { type: "string" };
    }
    if (this.#checker.isArrayType(type)) {
      const [element] = this.#checker.getTypeArguments(toReference(type));
      return { type: "array", items: this.#schemaType(required(element, text), name) };
    }
    const values = required(type.getStringIndexType(), text);
    return { type: "object", additionalProperties: this.#schemaType(values, name) };
  }
}

function toReference(type: ts.Type): ts.TypeReference {
  if (!isReference(type)) {
    throw new Error("not a reference to a type");
  }
  return type;
}

function isReference(type: ts.Type): type is ts.TypeReference {
  return "target" in type;
}

function required<T>(value: T | undefined, text: string): T {
  if (value === undefined) {
    throw new Error(`no schema type for ${text}`);
  }
  return value;
}
